// Node's own TCP handles, below net.Socket: undocumented, so all that touches them is in this file, and nothing depends on
// it. See docs/adr/0006-tcp-handles-below-net.md.
import type { Buffer } from 'node:buffer';
import { isIPv6 } from 'node:net';
import process from 'node:process';
import type { Connection, ConnectionHandler, ConnectOptions, SocketFault } from '../model/ports.ts';
import { hostOf } from './native-route.ts';
import { systemErrors } from './system-error.ts';

/** Connects without TLS, now or later; tells the same as a net.Socket would (test/unit/sys/plain-sockets.test.ts). */
export type ConnectPlain = (to: ConnectOptions, handler: ConnectionHandler) => Connection;

/** Node: src/tcp_wrap.cc and src/stream_base.cc. Numbers are 0 or a negative errno. */
interface TcpHandle {
  owner: HandleConnection | null;
  onread: (this: TcpHandle) => void;
  bind(address: string, port: number): number;
  bind6(address: string, port: number, flags: number): number;
  connect(request: ConnectRequest, address: string, port: number): number;
  connect6(request: ConnectRequest, address: string, port: number): number;
  useUserBuffer(buffer: Buffer): void;
  readStart(): number;
  writeUtf8String(request: object, text: string): number;
  writeBuffer(request: object, bytes: Uint8Array): number;
  close(): void;
}
interface ConnectRequest {
  owner: HandleConnection | null;
  oncomplete: (this: ConnectRequest, status: number) => void;
}
interface WriteRequest {
  owner: HandleConnection;
  oncomplete: (this: WriteRequest, status: number) => void;
}
interface Bindings {
  readonly TCP: new (kind: number) => TcpHandle;
  readonly TCPConnectWrap: new () => ConnectRequest;
  readonly WriteWrap: new () => WriteRequest;
  /** What a callback does not get as an argument: how many bytes were read, or a negative errno. */
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
}

const endOfFile = -4095;
const socketKind = 0;

/**
 * null: this Node has no such handles, or not as we know them. What is read goes into `buffer`, of all connections: a handler
 * is done with the bytes before the next read. Interface, mark and local port are not for these handles.
 */
export function findTcpHandles(buffer: Buffer): ConnectPlain | null {
  const bindings = readBindings();
  return bindings && ((to, handler) => new HandleConnection(bindings, buffer, to, handler));
}

function readBindings(): Bindings | null {
  try {
    const { binding } = process as unknown as { binding(name: string): Partial<Record<string, unknown>> };
    const { TCP, TCPConnectWrap } = binding.call(process, 'tcp_wrap');
    const { WriteWrap, streamBaseState, kReadBytesOrError } = binding.call(process, 'stream_wrap');
    const found = { TCP, TCPConnectWrap, WriteWrap, streamBaseState, kReadBytesOrError } as Bindings;
    return isComplete(found) ? found : null;
  } catch {
    return null;
  }
}

const methods = [
  'bind',
  'bind6',
  'connect',
  'connect6',
  'useUserBuffer',
  'readStart',
  'writeUtf8String',
  'writeBuffer',
];

function isComplete({ TCP, TCPConnectWrap, WriteWrap, streamBaseState, kReadBytesOrError }: Bindings): boolean {
  if (typeof TCPConnectWrap !== 'function' || typeof WriteWrap !== 'function') return false;
  if (!(streamBaseState instanceof Int32Array) || typeof kReadBytesOrError !== 'number') return false;
  const handle = new TCP(socketKind);
  const known = methods.every(name => typeof (handle as unknown as Record<string, unknown>)[name] === 'function');
  handle.close();
  return known;
}

class HandleConnection implements Connection {
  readonly #bindings: Bindings;
  readonly #handler: ConnectionHandler;
  readonly #preamble: Uint8Array | undefined;
  readonly #handle: TcpHandle;
  readonly #buffer: Buffer;
  #open = true;

  constructor(bindings: Bindings, buffer: Buffer, to: ConnectOptions, handler: ConnectionHandler) {
    this.#bindings = bindings;
    this.#handler = handler;
    this.#preamble = to.preamble;
    this.#buffer = buffer;
    this.#handle = new bindings.TCP(socketKind);
    const status = this.#connect(to);
    // A system call that failed is told as everything else is: later.
    if (status !== 0) queueMicrotask(() => this.fail(status));
  }

  write(bytes: string | Uint8Array): void {
    if (!this.#open) return;
    const request = new this.#bindings.WriteWrap();
    request.owner = this;
    // Told only of what the kernel did not take at once.
    request.oncomplete = onWritten;
    const handle = this.#handle;
    const status =
      typeof bytes === 'string' ? handle.writeUtf8String(request, bytes) : handle.writeBuffer(request, bytes);
    if (status !== 0) queueMicrotask(() => this.fail(status));
  }

  startTls(): void {
    throw new Error('a connection that never goes over to TLS was asked to');
  }

  certificate(): null {
    return null;
  }

  close(): void {
    this.#end(null);
  }

  /** The handshake is over. */
  completed(status: number): void {
    if (!this.#open) return;
    if (status !== 0) {
      this.#end({ ...faultOf(status), remote: true });
      return;
    }
    if (this.#preamble) this.write(this.#preamble);
    this.#handler.opened(this);
    // Who had enough at that has closed it.
    if (!this.#open) return;
    const handle = this.#handle;
    handle.owner = this;
    handle.onread = onRead;
    handle.useUserBuffer(this.#buffer);
    const started = handle.readStart();
    if (started !== 0) this.fail(started);
  }

  fail(status: number): void {
    this.#end(faultOf(status));
  }

  /** Bytes have come into the shared buffer, or an error. */
  read(): void {
    const { streamBaseState, kReadBytesOrError } = this.#bindings;
    const count = streamBaseState[kReadBytesOrError] ?? 0;
    if (!this.#open || count === 0) return;
    if (count > 0) this.#handler.data(this.#buffer.subarray(0, count));
    else if (count !== endOfFile) this.fail(count);
    else {
      this.#handler.ended();
      // As net.Socket does without allowHalfOpen: nothing more comes, and nothing more is to be said.
      this.#end(null);
    }
  }

  #connect(to: ConnectOptions): number {
    const { localAddress, port } = to;
    const handle = this.#handle;
    const isSix = isIPv6(to.address);
    if (localAddress !== undefined) {
      const status = isSix ? handle.bind6(localAddress, 0, 0) : handle.bind(localAddress, 0);
      if (status !== 0) return status;
    }
    const request = new this.#bindings.TCPConnectWrap();
    request.owner = this;
    request.oncomplete = onComplete;
    return isSix ? handle.connect6(request, hostOf(to), port) : handle.connect(request, to.address, port);
  }

  #end(fault: SocketFault | null): void {
    if (!this.#open) return;
    this.#open = false;
    // The descriptor is released within this call.
    this.#handle.close();
    this.#handler.closed(fault);
  }
}

function onComplete(this: ConnectRequest, status: number): void {
  const { owner } = this;
  this.owner = null;
  owner?.completed(status);
}

function onRead(this: TcpHandle): void {
  this.owner?.read();
}

function onWritten(this: WriteRequest, status: number): void {
  if (status !== 0) this.owner.fail(status);
}

function faultOf(status: number): SocketFault {
  const [code, message] = systemErrors.get(status) ?? [`E${-status}`, `error ${-status}`];
  return { code, message };
}
