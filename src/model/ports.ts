import type { ScriptUser } from './server.ts';
import type { Ms } from './time.ts';

/** Where to connect to, and from where. */
export interface ConnectOptions {
  readonly address: string;
  readonly port: number;
  readonly localAddress?: string;
  readonly localPort?: number;
}
export interface TlsOptions {
  /** Name for SNI; null sends none. */
  readonly serverName: string | null;
}

/** Why a connection came to nothing; the checker turns it into a reason. */
export interface SocketFault {
  readonly code: string;
  readonly message: string;
  /** An answer of the network to the attempt to connect; without it the system call itself failed. */
  readonly remote?: true;
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
export interface Connection {
  write(text: string): void;
  /** Releases the descriptor at once; `closed(null)` follows. */
  close(): void;
}

/** TCP and TLS client sockets. */
export interface Sockets {
  connect(to: ConnectOptions, tls: TlsOptions | null, handler: ConnectionHandler): Connection;
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

/** Random number in 0..1, for warmup and jitter. */
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
