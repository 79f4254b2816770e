import type { ContestantName, Work } from '../work.ts';

/** One contestant, started once, alone in a network and process namespace with its targets. */
export interface StagePlan {
  readonly contestant: ContestantName;
  readonly work: Work;
  /** Where it may write; exists, and is its own. */
  readonly directory: string;
  /** The compiled C files. */
  readonly tools: { readonly shim: string; readonly countedTrue: string; readonly webServer: string };
  readonly task: Task;
  /** checkalived only: how its event loop is watched, which costs it something; null: not at all. */
  readonly inside: Inside | null;
}

/** What is looked at; `warm` are seconds at full rate beforehand. */
export type Task =
  | { readonly kind: 'windows'; readonly warm: number; readonly windows: number; readonly seconds: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'scrapes'; readonly warm: number; readonly scrapes: number }
  | { readonly kind: 'store'; readonly seconds: number }
  | { readonly kind: 'soak'; readonly seconds: number };

export interface Inside {
  /** The monitor looks this often, in milliseconds. */
  readonly resolution: number;
  /** Collect garbage before the size of the heap is told. */
  readonly collect: boolean;
  /** A directory to which a CPU profile of each window goes. */
  readonly profile: string | null;
}

/** What a watched agent tells of the time since it was last asked. */
export interface InsideReport {
  readonly loopLag: Quantiles;
  readonly heapBytes: number;
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
  /** Segments that TCP sent once more: on loopback only where the machine is too busy. */
  readonly retransmitted: number;
  /** How much later than delay_loop after the last one a check arrived; null where the work has no samples. */
  readonly lateness: Quantiles | null;
  /** Of the event loop, as seen inside; null but for checkalived with `inside`. */
  readonly loopLag: Quantiles | null;
}

export interface WindowsResult {
  readonly windows: readonly Window[];
  /** Seconds from the start of the process until the targets saw the rate that was asked for; null: they never did. */
  readonly settledAfter: number | null;
}

export interface StartResult {
  /** Seconds from the start of the process until the targets had seen as many checks as there are. */
  readonly allProbed: number;
  /** Seconds until the agent said that every check has a verdict; null for others. */
  readonly ready: number | null;
}

export interface ScrapesResult {
  /** Longest block of the event loop while nobody scraped, and during each scrape, in milliseconds. */
  readonly quiet: readonly number[];
  readonly scraping: readonly number[];
  /** Of the last one. */
  readonly bytes: number;
  /** HTTP status of the last one. */
  readonly status: number;
}

export interface StoreResult {
  /** From the start to the end. */
  readonly probes: number;
  /** Runs in the database after the agent was stopped. */
  readonly kept: number;
  /** Of the database, within so many seconds. */
  readonly grownBytes: number;
  readonly seconds: number;
}

export interface SoakResult {
  readonly probes: number;
  readonly reloads: number;
  readonly flaps: number;
  readonly seconds: number;
  readonly samples: readonly SoakSample[];
}

export interface SoakSample {
  /** Since the first sample. */
  readonly seconds: number;
  readonly residentBytes: number;
  /** After a garbage collection. */
  readonly heapBytes: number;
  /** Open descriptors. */
  readonly descriptors: number;
}
