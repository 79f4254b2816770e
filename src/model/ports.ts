import type { Secret } from './secret.ts';
import type { ScriptUser } from './server.ts';
import type { Cancel, EpochMs, Ms } from './time.ts';

/** Where packets go to, and from where. */
interface Route {
  readonly address: string;
  readonly port: number;
  readonly localAddress?: string;
  readonly localPort?: number;
  /** Interface to leave through (SO_BINDTODEVICE). */
  readonly interface?: string;
  /** Mark on the packets (SO_MARK). */
  readonly mark?: number;
}
export interface ConnectOptions extends Route {
  /** Goes out before all else, before a TLS handshake too: the header of the PROXY protocol. */
  readonly preamble?: Uint8Array;
}
export interface TlsOptions {
  /** Name for SNI; null sends none. */
  readonly serverName: string | null;
  /** To agree on with the server (ALPN). */
  readonly protocols?: readonly string[];
  /** Shown to a server that asks for it. */
  readonly identity?: TlsIdentity;
  /** Left out = whatever certificate the server shows is taken. */
  readonly verify?: TlsVerification;
  /**
   * `true`: who has passed lends later connections its TLS session, and most of them may be held to TLS 1.2; it is for whoever
   * makes a check once more when it failed over a connection that was `shortened`. Else each handshake is a full one.
   */
  readonly reuseSession?: boolean;
}
/** Files of a client certificate; they are read anew when they change. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
  /** Of the key. */
  readonly password?: Secret;
}
export interface TlsVerification {
  /** Name or address for which the server's certificate must be. */
  readonly name: string;
  /** File of the authorities; left out = those that this host and Node trust. */
  readonly ca?: string;
}
/** The certificate that a server has shown. */
export interface PeerCertificate {
  readonly subject: string;
  readonly validTo: EpochMs;
}

/** Why a connection came to nothing; the checker turns it into a reason. */
export interface SocketFault {
  readonly code: string;
  readonly message: string;
  /** An answer of the network to the attempt to connect; without it the system call itself failed. */
  readonly remote?: true;
  /** The peer's certificate does not pass `TlsVerification`. */
  readonly certificate?: true;
}

/** What a connection tells its owner. After `closed` nothing more comes. */
export interface ConnectionHandler {
  /** TLS only: the TCP connection stands and the handshake begins. */
  connected?(): void;
  /** Connected, and for TLS the handshake is done. */
  opened(connection: Connection): void;
  /** The bytes may be overwritten after this returns: copy or hash at once. */
  data(bytes: Uint8Array): void;
  /** The peer has ended its side. */
  ended(): void;
  /** Descriptor released; `fault` when it was not by `close()` or the peer's orderly end. */
  closed(fault: SocketFault | null): void;
}
/** What a connection was good for, in the end. Left out = `aborted`: the owner no longer wanted it. */
export type ConnectionOutcome = 'passed' | 'failed' | 'aborted';
export interface Connection {
  /** Text goes out as UTF-8. */
  write(bytes: string | Uint8Array): void;
  /** Begins a TLS handshake on the open connection; `opened` follows once more when it is done. */
  startTls(tls: TlsOptions): void;
  /**
   * Its handshake was not that of a client who comes for the first time: with a session, or held to TLS 1.2. A failure after
   * TCP's handshake may come of that, and is no verdict; the connection after one that `failed` is not shortened. `untried`: nobody
   * knows whether the server can do with that, and does not hang.
   */
  readonly shortened?: boolean | 'untried';
  /** null without TLS, or before its handshake is done. Of a `shortened` one what the server showed before. */
  certificate(): PeerCertificate | null;
  /**
   * Releases the descriptor at once; `closed(null)` follows, perhaps before this returns. After `passed` the next connection
   * may resume the TLS session; after all else, an end that came by itself too, it makes a full handshake.
   */
  close(outcome?: ConnectionOutcome): void;
}

/** TCP and TLS client sockets. */
export interface Sockets {
  /**
   * `tls`: to begin with; null: none yet, `never`: none, and no `startTls` either. The handler is told nothing before this
   * has returned.
   */
  connect(to: ConnectOptions, tls: TlsOptions | 'never' | null, handler: ConnectionHandler): Connection;
}

/** What our own sockets do not say for themselves: other methods, headers and bodies, and HTTP/2. */
export interface HttpRequest {
  readonly protocol: '1.1' | '2';
  readonly secure: boolean;
  readonly method: string;
  readonly path: string;
  /** `Host` among them. */
  readonly headers: readonly HttpHeader[];
  /** One character for each byte. */
  readonly body: string | null;
}
export interface HttpHeader {
  readonly name: string;
  readonly value: string | Secret;
}
/** By name in lower case. */
export type HttpHeaders = ReadonlyMap<string, readonly string[]>;
/** What a client tells of the answer. After `complete` or `failed` nothing more comes. */
export interface HttpHandler {
  response(status: number, headers: HttpHeaders): void;
  /** Of the body, without the framing of chunks. */
  data(bytes: Uint8Array): void;
  complete(): void;
  /** What came is no answer, or not all of one. */
  failed(detail: string): void;
}
/** One request under way; its owner passes on what happens on the connection. */
export interface HttpSession {
  receive(bytes: Uint8Array): void;
  /** Nothing more comes from the server. */
  end(): void;
  /** The handler is told no more. */
  abort(): void;
}

/** Speaks HTTP over an open connection, which stays with whoever opened it. */
export interface HttpClient {
  request(connection: Connection, request: HttpRequest, handler: HttpHandler): HttpSession;
}

/** JSON for a server that is told something. */
export interface PostRequest {
  /** `http` or `https`; an `https` server's certificate is always verified. */
  readonly url: string;
  readonly headers: readonly HttpHeader[];
  readonly body: string;
}
export type PostOutcome =
  /** `text`: the beginning of the body, as much as came. */
  | { readonly kind: 'answered'; readonly status: number; readonly headers: HttpHeaders; readonly text: string }
  | { readonly kind: 'failed'; readonly detail: string };

/** One POST over a fresh connection, which is released when it resolves; it never rejects, and follows no redirect. */
export type Post = (request: PostRequest, signal: AbortSignal) => Promise<PostOutcome>;

export interface DatagramOptions extends Route {
  /** `icmp`: echo requests, ICMPv6 for an IPv6 address; the kernel fills in identifier and checksum, `port` has no meaning. */
  readonly protocol: 'udp' | 'icmp';
}
/** What a datagram socket tells its owner. After `closed` nothing more comes. */
export interface DatagramHandler {
  opened(socket: DatagramSocket): void;
  message(bytes: Uint8Array): void;
  /** Descriptor released; `fault` when it was not by `close()`. What ICMP says is `remote`. */
  closed(fault: SocketFault | null): void;
}
export interface DatagramSocket {
  send(bytes: Uint8Array): void;
  /** Releases the descriptor at once; `closed(null)` follows. */
  close(): void;
}

/** Datagram sockets that hear one peer only, and what ICMP has to say of it. */
export interface Datagrams {
  open(to: DatagramOptions, handler: DatagramHandler): DatagramSocket;
}

/** A regular expression of PCRE2; the options are keepalived's words for `regex_options`. */
export interface PatternSpec {
  readonly pattern: string;
  readonly options: readonly string[];
}
export type PatternOutcome =
  /** Bytes from `start` to before `end`; `groups` from the first on, null = not part of the match. */
  | {
      readonly kind: 'match';
      readonly start: number;
      readonly end: number;
      readonly groups: readonly (string | null)[];
    }
  | { readonly kind: 'none' }
  /** The search was given up: it took too long, or the subject is not what the options say. */
  | { readonly kind: 'failed'; readonly detail: string };
export interface Pattern {
  /**
   * Searches from byte `from` on; what stands before it is seen by look-behinds. Of an `open` subject more may come:
   * its end is not the end of a line, so that `$` does not match there.
   */
  search(subject: Uint8Array, from?: number, end?: 'closed' | 'open'): PatternOutcome;
}

/** Compiles patterns; equal ones share their compiled form. */
export interface Patterns {
  compile(
    spec: PatternSpec,
  ): { readonly ok: true; readonly pattern: Pattern } | { readonly ok: false; readonly detail: string };
}

/** Files that checks look at. */
export interface CheckFiles {
  /**
   * The first `limit` bytes; null: there is no such file. Rejects when it cannot be read, and with EBUSY while somebody
   * writes to a file that is watched, or has an empty one open for writing: half a number is another number.
   */
  read(path: string, limit: number): Promise<Uint8Array | null>;
  /**
   * Calls `changed` after the file was written and closed, replaced, moved or removed; neither it nor its directory
   * need be there. It is listened to from the next `read` on, and each `read` looks for its directory anew.
   */
  watch(path: string, changed: () => void): Cancel;
}

export interface CommandRequest {
  readonly argv: readonly [string, ...string[]];
  readonly user?: ScriptUser;
  /** Added to the agent's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** TERM to the process group after this, KILL `killAfter` later. */
  readonly timeout: Ms;
  readonly killAfter: Ms;
  /** Keep up to this many bytes of stdout and stderr together; 0 sends both to /dev/null. */
  readonly keepOutput: number;
}
export type CommandOutcome =
  | { readonly kind: 'exited'; readonly code: number; readonly output: string }
  | { readonly kind: 'signalled'; readonly signal: string; readonly output: string }
  | { readonly kind: 'timed-out'; readonly output: string }
  /** It could not be started: missing, not executable, no such user, no permission. */
  | { readonly kind: 'not-started'; readonly detail: string }
  | { readonly kind: 'aborted' };

/** Runs commands without a shell reading them, outside the main loop's process. */
export interface CommandRunner {
  run(request: CommandRequest, signal: AbortSignal): Promise<CommandOutcome>;
}
/** Who waits for the end of one command. */
export interface CommandReceiver {
  /** Once, and not before whoever began the command is told so. */
  ended(outcome: CommandOutcome): void;
}
/** One command that waits or runs. */
export interface RunningCommand {
  /** Ends it; it is `aborted` at once. */
  abort(): void;
}
/** The same without a promise and a signal for each command. */
export interface CommandStarter extends CommandRunner {
  begin(request: CommandRequest, receiver: CommandReceiver): RunningCommand;
}

/** Structured log; the message is a whole sentence. */
export interface Log {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

/** Runs a program to its end without a shell; for ipvsadm, not for checks. Rejects only when it cannot be started. */
export type Execute = (
  file: string,
  args: readonly string[],
  input?: string,
) => Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;

/**
 * Puts the bytes that `edit` makes of a file's in their place, all of them at once or none. Mode and owner stay, and so
 * does a symbolic link to the file. `detail`: what is in the way.
 */
export type EditFile = (
  path: string,
  edit: (bytes: Uint8Array) => Uint8Array,
) => { readonly ok: true } | { readonly ok: false; readonly detail: string };

/**
 * Writes a text file, with the directories above it. Whoever reads it meanwhile sees the old text or the new one, never a
 * part. `detail`: what is in the way.
 */
export type WriteFile = (
  path: string,
  text: string,
) => { readonly ok: true } | { readonly ok: false; readonly detail: string };

/** Small files of one directory that another program watches. All reject when the disk does. */
export interface ValueFiles {
  /** Makes the directory, and sees to it that it can be written to. */
  open(): Promise<void>;
  /** null = there is none. */
  read(name: string): Promise<string | null>;
  /** Whoever watches sees the old text or the new one, and nothing else. */
  write(name: string, text: string): Promise<void>;
}

/** Random number from 0 to below 1. */
export type Random = () => number;

/** Runs `run` at each time of a cron expression (seconds field allowed). */
export type Calendar = (expression: string, run: () => void) => () => void;

/** The numeric addresses that this host has now. */
export type LocalAddresses = () => ReadonlySet<string>;

/** An address of this host; `prefix` is the length of its subnet's. */
export interface HostAddress {
  readonly interface: string;
  readonly address: string;
  readonly prefix: number;
}

/** Who started the agent as a service, and is told how it fares (systemd, sd_notify(3)). */
export interface ServiceManager {
  /** It ends a service from which it has not heard `WATCHDOG=1` for so long; null: it does not look. */
  readonly watchdog: Ms | null;
  /** Lines `NAME=value`; never throws and never waits. */
  tell(...lines: readonly string[]): void;
}
