export type Side = 'keepalived' | 'checkalived';

/** What a run of one program has left; times are milliseconds of the monotonic clock. */
export interface Records {
  /** When the first check was due. */
  readonly begin: number;
  /** When SIGTERM was sent. */
  readonly stop: number;
  /** Lines of the shim's log, as they are. */
  readonly table: readonly string[];
  readonly notes: readonly Note[];
  readonly lines: readonly Line[];
  readonly mails: readonly Mail[];
  readonly connections: readonly Connection[];
  /** The program's own log, for whoever looks for a cause. */
  readonly log: string;
  /** How the program ended: its exit code, or the signal. */
  readonly end: string;
}

/** A notify script's call. */
interface Note {
  readonly at: number;
  readonly scenario: number;
  readonly words: readonly string[];
}
interface Line {
  readonly at: number;
  readonly text: string;
}
interface Mail {
  readonly at: number;
  readonly subject: string;
  readonly body: string;
}
interface Connection {
  readonly at: number;
  readonly scenario: number;
  readonly server: string;
}
