import type { StagePlan } from '../stage/plan.ts';
import type { ContestantName } from '../work.ts';

/** Of the command line. */
export interface BenchOptions {
  readonly rounds: number;
  /** Of each window. */
  readonly seconds: number;
  /** Seconds at full rate before a window. */
  readonly warm: number;
}

/** What a part may use. */
export interface Bench {
  readonly options: BenchOptions;
  readonly tools: StagePlan['tools'];
  /** Temporary, and removed at the end. */
  readonly directory: string;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** Is the contestant installed? */
  has(contestant: ContestantName): boolean;
  /** A line for whoever waits. */
  progress(line: string): void;
}
