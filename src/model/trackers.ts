import type { Script, ScriptUser } from './server.ts';
import type { Span } from './span.ts';
import type { Ms } from './time.ts';

/** What an instance or a sync group depends on. */
export interface Tracking {
  readonly interfaces: readonly Tracked[];
  readonly scripts: readonly Tracked[];
  readonly files: readonly Tracked[];
  readonly processes: readonly Tracked[];
  readonly bfd: readonly Tracked[];
}
export interface Tracked {
  readonly name: string;
  /** null = the tracker's own. */
  readonly weight: number | null;
  readonly reverse: boolean | null;
  readonly span: Span;
}

export interface VrrpScript {
  readonly name: string;
  readonly script: Script;
  readonly user: ScriptUser | null;
  readonly interval: Ms;
  readonly timeout: Ms;
  readonly weight: TrackerWeight;
  readonly rise: number;
  readonly fall: number;
  readonly initFail: boolean;
  readonly span: Span;
}

/** A file whose number changes a priority or a real server's weight. */
export interface TrackFile {
  readonly name: string;
  readonly path: string;
  readonly weight: TrackerWeight;
  /** What keepalived writes into the file at the start; null = nothing. */
  readonly init: { readonly value: number; readonly overwrite: boolean } | null;
  readonly span: Span;
}

export interface TrackProcess {
  readonly name: string;
  readonly process: string;
  readonly arguments: readonly string[];
  readonly match: 'exact' | 'initial' | 'partial' | null;
  readonly weight: TrackerWeight;
  readonly quorum: number;
  /** null = no limit. */
  readonly quorumMax: number | null;
  readonly forkDelay: Ms;
  readonly terminateDelay: Ms;
  readonly fullCommand: boolean;
  readonly span: Span;
}

export interface TrackerWeight {
  readonly weight: number;
  readonly reverse: boolean;
}

export interface BfdInstance {
  readonly name: string;
  readonly neighbor: string;
  readonly source: string | null;
  readonly minRx: Ms;
  readonly minTx: Ms;
  readonly idleTx: Ms;
  readonly multiplier: number;
  readonly ttl: number;
  readonly maxHops: number;
  readonly passive: boolean;
  readonly multihop: boolean;
  readonly weight: TrackerWeight;
  /** Who is told of its state. */
  readonly tells: readonly ('vrrp' | 'checker')[];
  readonly span: Span;
}
