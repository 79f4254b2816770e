// The objects under net.Socket and TLSSocket: undocumented, so what is known of them is in this file, and only
// tcp-handles.ts and tls-handles.ts use it. See docs/adr/0006-tcp-handles-below-net.md.
import type { Buffer } from 'node:buffer';
import process from 'node:process';
import type { ConnectOptions, SocketFault } from '../model/ports.ts';
import { hostOf } from './native-route.ts';
import { systemErrors } from './system-error.ts';

/** What bytes go through. Node: src/stream_base.cc. Numbers are 0 or a negative errno. */
export interface StreamHandle {
  owner: HandleOwner | null;
  onread: (this: StreamHandle) => void;
  useUserBuffer(buffer: Buffer): void;
  readStart(): number;
  writeUtf8String(request: object, text: string): number;
  writeBuffer(request: object, bytes: Uint8Array): number;
}
/** Node: src/tcp_wrap.cc. */
export interface TcpHandle extends StreamHandle {
  bind(address: string, port: number): number;
  bind6(address: string, port: number, flags: number): number;
  connect(request: ConnectRequest, address: string, port: number): number;
  connect6(request: ConnectRequest, address: string, port: number): number;
  close(released?: (this: TcpHandle) => void): void;
}
interface ConnectRequest {
  owner: HandleOwner | null;
  oncomplete: (this: ConnectRequest, status: number) => void;
}
interface WriteRequest {
  owner: HandleOwner;
  oncomplete: (this: WriteRequest, status: number) => void;
}
export interface TcpBindings {
  readonly TCP: new (kind: number) => TcpHandle;
  readonly TCPConnectWrap: new () => ConnectRequest;
  readonly WriteWrap: new () => WriteRequest;
  /** What a callback does not get as an argument: how many bytes were read, or a negative errno. */
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
}
/** Whom the handles call. */
export interface HandleOwner {
  /** The attempt to connect is over. */
  completed(status: number): void;
  /** Bytes have come into the shared buffer, or an error: `readCount`. */
  read(): void;
  /** What was written is on its way; not told of what was taken at once. */
  written?(): void;
  fail(status: number): void;
}

export const endOfFile = -4095;
const socketKind = 0;
const tcpMethods = [
  'bind',
  'bind6',
  'connect',
  'connect6',
  'useUserBuffer',
  'readStart',
  'writeUtf8String',
  'writeBuffer',
];

/** null: this Node has no such handles, or not as we know them. */
export function findTcpBindings(): TcpBindings | null {
  try {
    const { TCP, TCPConnectWrap } = readBinding('tcp_wrap');
    const { WriteWrap, streamBaseState, kReadBytesOrError } = readBinding('stream_wrap');
    const found = { TCP, TCPConnectWrap, WriteWrap, streamBaseState, kReadBytesOrError } as TcpBindings;
    return isComplete(found) ? found : null;
  } catch {
    return null;
  }
}

export function readBinding(name: string): Partial<Record<string, unknown>> {
  const { binding } = process as unknown as { binding(name: string): Partial<Record<string, unknown>> };
  return binding.call(process, name);
}

export function hasMethods(handle: object, names: readonly string[]): boolean {
  return names.every(name => typeof (handle as Record<string, unknown>)[name] === 'function');
}

function isComplete({ TCP, TCPConnectWrap, WriteWrap, streamBaseState, kReadBytesOrError }: TcpBindings): boolean {
  if (typeof TCPConnectWrap !== 'function' || typeof WriteWrap !== 'function') return false;
  if (!(streamBaseState instanceof Int32Array) || typeof kReadBytesOrError !== 'number') return false;
  const handle = new TCP(socketKind);
  const known = hasMethods(handle, tcpMethods);
  handle.close();
  return known;
}

export function createHandle({ TCP }: TcpBindings): TcpHandle {
  return new TCP(socketKind);
}

/** `owner.completed` follows, unless the status is not 0. Interface, mark and local port are not for these handles. */
export function startConnecting(
  { TCPConnectWrap }: TcpBindings,
  handle: TcpHandle,
  owner: HandleOwner,
  to: ConnectOptions,
): number {
  const { localAddress, port } = to;
  // It is an address, never a name; net.isIPv6 is a pattern that takes a microsecond.
  const isSix = to.address.includes(':');
  if (localAddress !== undefined) {
    const status = isSix ? handle.bind6(localAddress, 0, 0) : handle.bind(localAddress, 0);
    if (status !== 0) return status;
  }
  const request = new TCPConnectWrap();
  request.owner = owner;
  request.oncomplete = onComplete;
  return isSix ? handle.connect6(request, hostOf(to), port) : handle.connect(request, to.address, port);
}

/** What comes goes into `buffer`, and `owner.read` is told. */
export function startReading(handle: StreamHandle, owner: HandleOwner, buffer: Buffer): number {
  handle.owner = owner;
  handle.onread = onRead;
  handle.useUserBuffer(buffer);
  return handle.readStart();
}

/** How many bytes `owner.read` is told of, or a negative errno. */
export function readCount({ streamBaseState, kReadBytesOrError }: TcpBindings): number {
  return streamBaseState[kReadBytesOrError] ?? 0;
}

export function writeTo(
  { WriteWrap }: TcpBindings,
  handle: StreamHandle,
  owner: HandleOwner,
  bytes: string | Uint8Array,
): void {
  const request = new WriteWrap();
  request.owner = owner;
  request.oncomplete = onWritten;
  const status =
    typeof bytes === 'string' ? handle.writeUtf8String(request, bytes) : handle.writeBuffer(request, bytes);
  if (status !== 0) queueMicrotask(() => owner.fail(status));
}

function onComplete(this: ConnectRequest, status: number): void {
  const { owner } = this;
  this.owner = null;
  owner?.completed(status);
}

function onRead(this: StreamHandle): void {
  this.owner?.read();
}

function onWritten(this: WriteRequest, status: number): void {
  if (status !== 0) this.owner.fail(status);
  else this.owner.written?.();
}

export function faultOf(status: number): SocketFault {
  const [code, message] = systemErrors.get(status) ?? [`E${-status}`, `error ${-status}`];
  return { code, message };
}
