import type { Plain } from './plain.ts';

/** Something that must hold of a dashboard. */
export interface Rule {
  readonly name: string;
  /** Faults, in words; none if it holds. */
  readonly find: (dashboard: Plain, all: readonly Plain[]) => readonly string[];
  /** Damages a dashboard so that it does not. */
  readonly damage: (dashboard: Plain) => void;
}
