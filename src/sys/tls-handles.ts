import type { Buffer } from 'node:buffer';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import type {
  Connection,
  ConnectionHandler,
  ConnectionOutcome,
  ConnectOptions,
  PeerCertificate,
  SocketFault,
  TlsOptions,
} from '../model/ports.ts';
import {
  createHandle,
  endOfFile,
  faultOf,
  findTcpBindings,
  type HandleOwner,
  hasMethods,
  readBinding,
  readCount,
  type StreamHandle,
  startConnecting,
  startReading,
  type TcpBindings,
  type TcpHandle,
  writeTo,
} from './node-handles.ts';
import { type PeerSubject, toPeerCertificate } from './peer-certificate.ts';
import type { Resumption, SecuredLayer } from './resumption.ts';
import { unwrapSession } from './session-bytes.ts';
import { describeSystemError } from './system-error.ts';

/** Connects and shakes hands; tells the same as a TLSSocket would (test/unit/sys/tls-sockets.test.ts). */
export type ConnectSecure = (
  to: ConnectOptions,
  tls: TlsOptions,
  context: SecureContext,
  resumption: Resumption | null,
  handler: ConnectionHandler,
) => Connection;

/** Node: src/crypto/crypto_tls.cc. */
interface TlsHandle extends StreamHandle {
  owner: TlsHandleConnection | null;
  onhandshakedone: (this: TlsHandle) => void;
  onerror: (this: TlsHandle, error: NodeJS.ErrnoException) => void;
  onnewsession: (this: TlsHandle, id: Buffer, session: Buffer) => void;
  setVerifyMode(request: boolean, reject: boolean): void;
  setSession(bytes: Uint8Array): void;
  setServername(name: string): void;
  enableSessionCallbacks(): void;
  start(): void;
  isSessionReused(): boolean;
  getProtocol(): string;
  getSession(): Buffer | undefined;
  getPeerCertificate(): PeerSubject | undefined;
  destroySSL(): void;
}
interface TlsBindings extends TcpBindings {
  wrap(handle: TcpHandle, context: unknown, isServer: boolean, hasActiveWrite: boolean): TlsHandle;
}

const closedInHandshake: SocketFault = {
  code: 'ECONNRESET',
  // What a TLSSocket says.
  message: 'Client network socket disconnected before secure TLS connection was established',
};
const tlsMethods = [
  ...['useUserBuffer', 'readStart', 'writeUtf8String', 'writeBuffer', 'setVerifyMode', 'setSession', 'setServername'],
  ...['enableSessionCallbacks', 'start', 'isSessionReused', 'getProtocol', 'getSession', 'getPeerCertificate'],
  'destroySSL',
];

/**
 * null: this Node has no such handles, or not as we know them. Neither preamble, interface, mark and local port nor ALPN and
 * verification are for these handles. `buffer` is that of all connections.
 */
export function findTlsHandles(buffer: Buffer): ConnectSecure | null {
  const bindings = findTlsBindings();
  return bindings && ((...which) => new TlsHandleConnection(bindings, buffer, ...which));
}

function findTlsBindings(): TlsBindings | null {
  const below = findTcpBindings();
  if (below === null) return null;
  try {
    const { wrap, TLSWrap } = readBinding('tls_wrap');
    const { prototype } = TLSWrap as { readonly prototype: object };
    if (typeof wrap !== 'function' || !hasMethods(prototype, tlsMethods)) return null;
    return { ...below, wrap: wrap as TlsBindings['wrap'] };
  } catch {
    return null;
  }
}

class TlsHandleConnection implements Connection, HandleOwner, SecuredLayer {
  readonly #bindings: TlsBindings;
  readonly #buffer: Buffer;
  readonly #tls: TlsOptions;
  readonly #context: SecureContext;
  readonly #resumption: Resumption | null;
  readonly #handler: ConnectionHandler;
  readonly #handle: TcpHandle;
  #layer: TlsHandle | null = null;
  #certificate: PeerCertificate | null = null;
  #takeSession: ((bytes: Buffer) => void) | null = null;
  /** What waits for the write before it: the layer takes one at a time, and else ends the process. */
  #unwritten: (string | Uint8Array)[] = [];
  #writing = false;
  #open = true;
  #secured = false;
  #fault: SocketFault | null = null;
  #outcome: ConnectionOutcome = 'failed';

  constructor(
    bindings: TlsBindings,
    buffer: Buffer,
    ...[to, tls, context, resumption, handler]: Parameters<ConnectSecure>
  ) {
    this.#bindings = bindings;
    this.#buffer = buffer;
    this.#tls = tls;
    this.#context = context;
    this.#resumption = resumption;
    this.#handler = handler;
    this.#handle = createHandle(bindings);
    const status = startConnecting(bindings, this.#handle, this, to);
    // A system call that failed is told as everything else is: later.
    if (status !== 0) queueMicrotask(() => this.fail(status));
  }

  write(bytes: string | Uint8Array): void {
    if (!this.#open || this.#layer === null || bytes.length === 0) return;
    if (this.#writing) this.#unwritten.push(bytes);
    else {
      this.#writing = true;
      writeTo(this.#bindings, this.#layer, this, bytes);
    }
  }

  written(): void {
    this.#writing = false;
    const next = this.#unwritten.shift();
    if (next !== undefined) this.write(next);
  }

  startTls(): void {
    throw new Error('a connection that speaks TLS was asked to go over to it');
  }

  get shortened(): boolean | 'untried' {
    return this.#resumption?.shortened ?? false;
  }

  certificate(): PeerCertificate | null {
    return this.#certificate ?? (this.#open && this.#secured ? this.#readCertificate() : null);
  }

  close(outcome: ConnectionOutcome = 'aborted'): void {
    this.#outcome = outcome;
    this.#end(null);
  }

  completed(status: number): void {
    if (!this.#open) return;
    if (status !== 0) {
      this.#end({ ...faultOf(status), remote: true });
      return;
    }
    this.#resumption?.begin();
    this.#handler.connected?.();
    if (this.#open) this.#shakeHands();
  }

  /** In the midst of the handshake's last step: OpenSSL is not to be ended before this returns. */
  secured(): void {
    // An older TLS may shake hands once more.
    if (!this.#open || this.#secured) return;
    this.#secured = true;
    this.#certificate = this.#resumption?.secured(this, () => this.#readCertificate()) ?? null;
    this.#handler.opened(this);
  }

  /** OpenSSL gives up. After the handshake that is a fault, but what still comes counts. */
  broken(error: NodeJS.ErrnoException): void {
    if (!this.#open) return;
    this.#fault ??= { code: error.code ?? 'UNKNOWN', message: describeSystemError(error) };
    if (!this.#secured) this.#end(this.#fault);
  }

  fail(status: number): void {
    this.#end(this.#fault ?? faultOf(status));
  }

  read(): void {
    const count = readCount(this.#bindings);
    if (!this.#open || count === 0) return;
    if (count > 0) this.#handler.data(this.#buffer.subarray(0, count));
    else if (count !== endOfFile) this.fail(count);
    else {
      this.#handler.ended();
      this.#end(this.#secured ? this.#fault : closedInHandshake);
    }
  }

  /** The descriptor is closed: nothing of OpenSSL runs any more. */
  released(): void {
    this.#layer?.destroySSL();
    this.#layer = null;
  }

  newSession(bytes: Buffer): void {
    this.#takeSession?.(bytes);
    this.#takeSession = null;
  }

  isSessionReused(): boolean {
    return this.#layer?.isSessionReused() ?? false;
  }

  getProtocol(): string | null {
    return this.#layer?.getProtocol() ?? null;
  }

  getSession(): Buffer | undefined {
    return this.#layer?.getSession();
  }

  onceSession(take: (bytes: Buffer) => void): void {
    this.#takeSession = take;
    this.#layer?.enableSessionCallbacks();
  }

  #shakeHands(): void {
    const { serverName } = this.#tls;
    const { context, session } = this.#resumption ?? { context: this.#context, session: null };
    const handle = this.#handle;
    const layer = this.#bindings.wrap(handle, context.context, false, false);
    this.#layer = layer;
    layer.onhandshakedone = onHandshakeDone;
    layer.onerror = onError;
    layer.onnewsession = onNewSession;
    // To be shown one, and to take whatever is shown.
    layer.setVerifyMode(true, false);
    if (session !== null) layer.setSession(unwrapSession(session));
    // An address is no server name (RFC 6066 section 3).
    if (serverName !== null && isIP(serverName) === 0) layer.setServername(serverName);
    handle.owner = this;
    const started = startReading(layer, this, this.#buffer);
    if (started !== 0) this.fail(started);
    else layer.start();
  }

  #readCertificate(): PeerCertificate | null {
    return toPeerCertificate(this.#layer?.getPeerCertificate());
  }

  #end(fault: SocketFault | null): void {
    if (!this.#open) return;
    this.#open = false;
    // The descriptor is released within this call.
    this.#handle.owner = this;
    this.#handle.close(onReleased);
    this.#resumption?.ended(this.#outcome);
    this.#handler.closed(fault);
  }
}

function onHandshakeDone(this: TlsHandle): void {
  this.owner?.secured();
}

function onError(this: TlsHandle, error: NodeJS.ErrnoException): void {
  this.owner?.broken(error);
}

function onNewSession(this: TlsHandle, _: Buffer, session: Buffer): void {
  this.owner?.newSession(session);
}

function onReleased(this: TcpHandle): void {
  (this.owner as TlsHandleConnection | null)?.released();
}
