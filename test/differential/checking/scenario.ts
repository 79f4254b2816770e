/** What happens when, in seconds after the first check; the first entry holds from before the start. */
export type Timeline<What> = readonly (readonly [at: number, what: What])[];

/** What a scripted real server does with whoever comes. */
export type Behaviour =
  /** Nothing listens there. */
  | { readonly kind: 'refused' }
  /** Nobody has the address: packets vanish. */
  | { readonly kind: 'gone' }
  /** Takes the connection and says nothing. */
  | { readonly kind: 'mute'; readonly tls?: true }
  /** After so many milliseconds. */
  | { readonly kind: 'reset'; readonly pause?: number; readonly tls?: true }
  | Answering;

/** Says `replies` one by one, each after another `until` has come. */
export interface Answering {
  readonly kind: 'answer';
  readonly replies: readonly string[];
  readonly until: string;
  /** The first reply goes out before anything has come. */
  readonly greets?: true;
  /** Milliseconds before each reply. */
  readonly pause?: number;
  /** Each reply comes in four pieces, so many milliseconds apart. */
  readonly drip?: number;
  /** What becomes of the connection after the last reply; `close` if left out. */
  readonly end?: 'open' | 'reset';
  /** Replies to requests whose first line has this text, in place of `replies`. */
  readonly special?: Readonly<Record<string, readonly string[]>>;
  readonly tls?: true;
}

/** A difference that docs/differences.md tells, as this scenario shows it. Lines are `CHANNEL TEXT`. */
export interface Expected {
  /** Of documented.ts. */
  readonly id: string;
  /** What only keepalived does. */
  readonly keepalived?: readonly string[];
  /** What only checkalived does. */
  readonly checkalived?: readonly string[];
  /** What keepalived does later by more than the tolerance. */
  readonly later?: readonly string[];
  /** What keepalived does sooner by more than the tolerance. */
  readonly sooner?: readonly string[];
}

/**
 * One virtual server with its real servers, and what becomes of them. In `config` stand the names of real servers as
 * `{rs1}` to `{rs7}`, `{sorry}` and `{sorry2}`, that of the virtual server as `{vs}`, `{script:NAME}`,
 * `{vs.address}`, `{rs1.address}` ..., and as `{number}` what a fwmark and the name `group-{number}` of a group must be.
 */
export interface Scenario {
  readonly name: string;
  readonly config: string;
  /** After the reload of the batch; left out: the same. Empty: the virtual server is gone. */
  readonly reload?: string;
  /** By `rs1` ...; who is not here refuses connections. */
  readonly servers?: Readonly<Record<string, Timeline<Behaviour>>>;
  /** Commands of MISC_CHECK by name: a line of shell, or null while the file is not there. */
  readonly scripts?: Readonly<Record<string, Timeline<string | null>>>;
  /** Connections to the real servers are compared too. */
  readonly watchChecks?: true;
  readonly differs?: readonly Expected[];
}

/** Scenarios that are counted together. */
export interface Theme {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}

/** Scenarios that one run of each program plays at the same time. */
export interface Batch {
  readonly scenarios: readonly Scenario[];
  /** More lines for global_defs. */
  readonly globals?: string;
  /** Our first_verdict; `at_once`, which is keepalived's way, if left out. */
  readonly verdict?: 'retry';
  /** Seconds after the first check at which the second configuration is there and SIGHUP is sent. */
  readonly reloadAt?: number;
  /** Seconds after the first check at which SIGTERM is sent. */
  readonly stopAt: number;
}
