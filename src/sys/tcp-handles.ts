import type { Buffer } from 'node:buffer';
import type { Connection, ConnectionHandler, ConnectOptions, SocketFault } from '../model/ports.ts';
import {
  createHandle,
  endOfFile,
  faultOf,
  findTcpBindings,
  type HandleOwner,
  readCount,
  startConnecting,
  startReading,
  type TcpBindings,
  type TcpHandle,
  writeTo,
} from './node-handles.ts';

/** Connects without TLS, now or later; tells the same as a net.Socket would (test/unit/sys/plain-sockets.test.ts). */
export type ConnectPlain = (to: ConnectOptions, handler: ConnectionHandler) => Connection;

/**
 * null: this Node has no such handles, or not as we know them. What is read goes into `buffer`, of all connections: a handler
 * is done with the bytes before the next read. Interface, mark and local port are not for these handles.
 */
export function findTcpHandles(buffer: Buffer): ConnectPlain | null {
  const bindings = findTcpBindings();
  return bindings && ((to, handler) => new HandleConnection(bindings, buffer, to, handler));
}

class HandleConnection implements Connection, HandleOwner {
  readonly #bindings: TcpBindings;
  readonly #handler: ConnectionHandler;
  readonly #preamble: Uint8Array | undefined;
  readonly #handle: TcpHandle;
  readonly #buffer: Buffer;
  #open = true;

  constructor(bindings: TcpBindings, buffer: Buffer, to: ConnectOptions, handler: ConnectionHandler) {
    this.#bindings = bindings;
    this.#handler = handler;
    this.#preamble = to.preamble;
    this.#buffer = buffer;
    this.#handle = createHandle(bindings);
    const status = startConnecting(bindings, this.#handle, this, to);
    // A system call that failed is told as everything else is: later.
    if (status !== 0) queueMicrotask(() => this.fail(status));
  }

  write(bytes: string | Uint8Array): void {
    if (this.#open) writeTo(this.#bindings, this.#handle, this, bytes);
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
    const started = startReading(this.#handle, this, this.#buffer);
    if (started !== 0) this.fail(started);
  }

  fail(status: number): void {
    this.#end(faultOf(status));
  }

  read(): void {
    const count = readCount(this.#bindings);
    if (!this.#open || count === 0) return;
    if (count > 0) this.#handler.data(this.#buffer.subarray(0, count));
    else if (count !== endOfFile) this.fail(count);
    else {
      this.#handler.ended();
      // As net.Socket does without allowHalfOpen: nothing more comes, and nothing more is to be said.
      this.#end(null);
    }
  }

  #end(fault: SocketFault | null): void {
    if (!this.#open) return;
    this.#open = false;
    // The descriptor is released within this call.
    this.#handle.close();
    this.#handler.closed(fault);
  }
}
