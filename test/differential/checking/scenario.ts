/** What happens when, in seconds after the first check; the first entry holds from before the start. */
export type Timeline<What> = readonly (readonly [at: number, what: What])[];

/** What a scripted real server does with whoever comes. */
export type Behaviour =
  /** Nothing listens there. */
  | { readonly kind: 'refused' }
  /** Nobody has the address: packets vanish. */
  | { readonly kind: 'gone' }
  /** No route leads to it, which is known before a packet is sent. */
  | { readonly kind: 'unreachable' }
  /** Takes the connection and says nothing. */
  | { readonly kind: 'mute'; readonly tls?: true }
  /** After so many milliseconds. */
  | { readonly kind: 'reset'; readonly pause?: number; readonly tls?: true }
  | Answering
  | DatagramBehaviour
  | IcmpBehaviour;

/** Nobody has the address, and yet packets to it are answered so. */
export interface IcmpBehaviour {
  readonly kind: 'icmp';
  /** Pings alone: a reply, or one with another payload or sequence number; any packet: no such host or port, or a filter. */
  readonly says: 'echo' | 'payload' | 'sequence' | 'host' | 'port' | 'filtered';
  /** Milliseconds before it. */
  readonly pause?: number;
}

/** The same over UDP. */
export type DatagramBehaviour = Datagrams | NameServing;

export interface Datagrams {
  readonly kind: 'datagrams';
  /** What goes back for each datagram, in as many of them; none: silence. */
  readonly replies: readonly string[];
  /** Milliseconds before it. */
  readonly pause?: number;
}

/** Answers questions of DNS. */
export interface NameServing {
  readonly kind: 'names';
  /** Code of each answer; 0 if left out. */
  readonly rcode?: number;
  /** Codes for some questions, by their name and the number of the type: `www.example.net 1`; the root is `.`. */
  readonly codes?: Readonly<Record<string, number>>;
  /** What goes before the answer. */
  readonly first?: readonly ('other id' | 'query' | 'scrap' | 'header alone' | 'truncated')[];
  /** Whether there is an answer; true if left out. */
  readonly answers?: boolean;
  /** Milliseconds before all of it. */
  readonly pause?: number;
}

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
  /** With `drip`: the pieces end behind these texts instead, in this order. */
  readonly behind?: readonly string[];
  /** What becomes of the connection after the last reply; `close` if left out. */
  readonly end?: 'open' | 'reset';
  /** Replies to requests whose first line has this text, in place of `replies`. */
  readonly special?: Readonly<Record<string, readonly string[]>>;
  readonly tls?: true;
}

export type FileText = string | { readonly moved: string } | null;

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
 * `{rs1}` to `{rs7}`, `{sorry}` and `{sorry2}`, that of the virtual server as `{vs}`, `{script:NAME}`, `{file:NAME}`,
 * `{vs.address}`, `{rs1.address}` ..., and as `{number}` what a fwmark and the names of groups and files, as `group-{number}`, must have.
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
  /** Files of track_file by name: their text, put there by a rename where it is `moved`, or null while there is none. */
  readonly files?: Readonly<Record<string, Timeline<FileText>>>;
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
