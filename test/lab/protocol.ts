/** What the test asks of the agent in the guest; one JSON text a line each way, answers carry the question's number. */
export type Question =
  | { readonly ask: 'now' }
  /** Runs a shell line to its end. */
  | { readonly ask: 'run'; readonly host: string; readonly line: string }
  /** Starts a program that goes on; its output goes to /run/log/NAME. */
  | {
      readonly ask: 'start';
      readonly name: string;
      readonly host: string;
      readonly argv: readonly [string, ...string[]];
    }
  | { readonly ask: 'signal'; readonly name: string; readonly signal: 'SIGTERM' | 'SIGHUP' | 'SIGKILL' | 'SIGINT' }
  /** How the program of that name ended; null = it still runs. */
  | { readonly ask: 'ended'; readonly name: string }
  /** The host's table of IPVS. */
  | { readonly ask: 'table'; readonly host: string }
  /** Reads the host's table again and again, and keeps every one that differs from the one before. */
  | { readonly ask: 'watch'; readonly host: string }
  | { readonly ask: 'unwatch'; readonly host: string }
  /** Kills the program (SIGKILL) `delay` milliseconds after the next change of the host's table, or after ten seconds. */
  | { readonly ask: 'ambush'; readonly host: string; readonly name: string; readonly delay: number }
  /** Kills the programs (SIGKILL), then reads the host's table every `every` milliseconds until that many destinations lost their weight. */
  | {
      readonly ask: 'fall';
      readonly host: string;
      readonly names: readonly string[];
      readonly count: number;
      readonly every: number;
    }
  | { readonly ask: 'read'; readonly path: string }
  | { readonly ask: 'write'; readonly path: string; readonly text: string }
  | { readonly ask: 'leave' };

export interface Answers {
  readonly now: { readonly at: number };
  readonly run: { readonly code: number | null; readonly output: string; readonly errors: string };
  readonly start: { readonly pid: number };
  readonly signal: { readonly at: number };
  readonly ended: { readonly end: Ending | null };
  readonly table: Sample;
  readonly watch: { readonly at: number };
  readonly unwatch: { readonly reads: number; readonly samples: readonly Sample[] };
  readonly ambush: { readonly at: number; readonly changed: boolean };
  /** When each destination was first seen with weight 0, in milliseconds from just before the kill; the first one first. */
  readonly fall: { readonly at: number; readonly uptime: number; readonly took: readonly number[] };
  /** Empty text when there is no such file. */
  readonly read: { readonly text: string };
  readonly write: { readonly at: number };
  readonly leave: { readonly at: number };
}

/** Guest's wall clock, milliseconds since 1970. */
export interface Ending {
  readonly at: number;
  readonly code: number | null;
  readonly signal: string | null;
}

/** Services by `TCP 10.9.0.100:80`, `FWM 7`; their destinations' weights by `10.9.0.4:80`. */
export interface Sample {
  readonly at: number;
  readonly services: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
