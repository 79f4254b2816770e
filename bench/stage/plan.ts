import type { ContestantName, Work } from '../work.ts';

/** One contestant, started once, alone in a network and process namespace with its targets. */
export interface StagePlan {
  readonly contestant: ContestantName;
  readonly work: Work;
  /** Where it may write; exists, and is its own. */
  readonly directory: string;
  /** The compiled C files. */
  readonly tools: { readonly shim: string; readonly countedTrue: string };
  /** Seconds at full rate before the first window. */
  readonly warm: number;
  readonly windows: number;
  /** Seconds of each window. */
  readonly seconds: number;
  /** checkalived only: also look at its event loop from inside, which costs it something. */
  readonly inside: boolean;
  /** checkalived only: a directory to which a CPU profile of each window goes. */
  readonly profile: string | null;
}

/** Quantiles in milliseconds. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

export interface Window {
  readonly seconds: number;
  /** Connections or requests that the targets saw, or runs of the command. */
  readonly probes: number;
  readonly cpuSeconds: number;
  /** Of all its processes, at the end. */
  readonly residentBytes: number;
  /** Share of the window that other machines took from the worse of the two cores, 0 to 1. */
  readonly stolen: number;
  /** Share of the contestant's core that was busy with anything else. */
  readonly foreign: number;
  /** How much later than delay_loop after the last one a check arrived; null where the work has no samples. */
  readonly lateness: Quantiles | null;
  /** Of the event loop, as seen inside; null but for checkalived with `inside`. */
  readonly loopLag: Quantiles | null;
}

export interface StageResult {
  readonly windows: readonly Window[];
  /** Seconds from the start of the process until the targets saw the rate that was asked for; null: they never did. */
  readonly settledAfter: number | null;
}
