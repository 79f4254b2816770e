import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { SocketFault } from '../model/ports.ts';
import { loadKoffi } from './foreign.ts';
import { systemErrors } from './system-error.ts';

export interface NativeSocketOptions {
  readonly kind: 'stream' | 'datagram' | 'icmp';
  readonly family: 'inet' | 'inet6';
  readonly interface?: string;
  readonly mark?: number;
  /** Where packets come from; port 0 = any. */
  readonly local?: { readonly address: string; readonly port: number };
  /** Errors that ICMP reports, unreachable hosts too, come as errors of the socket (IP_RECVERR). */
  readonly receiveErrors: boolean;
}
export type NativeSocket =
  | { readonly ok: true; readonly descriptor: number }
  | { readonly ok: false; readonly fault: SocketFault };

// Linux, <asm-generic/socket.h>, <bits/socket_type.h>, <linux/in.h>, <linux/in6.h>.
const families = { inet: 2, inet6: 10 };
const types = { stream: 1, datagram: 2, icmp: 2 };
const closeOnExec = 0x80000;
const nonBlocking = 0x800;
const icmpProtocols = { inet: 1, inet6: 58 };
const socketLevel = 1;
const bindToDevice = 25;
const markOption = 36;
const receiveErrorsOptions = { inet: { level: 0, name: 11 }, inet6: { level: 41, name: 25 } };

/**
 * Opens a socket with what Node's own cannot have: an interface, a mark, ICMP. Whoever gets the descriptor gives it to
 * a socket of Node, which closes it.
 */
export function openNativeSocket(options: NativeSocketOptions): NativeSocket {
  const libc = loadLibc();
  if (libc === null) {
    return {
      ok: false,
      fault: { code: 'ENOSYS', message: 'bind_if, fwmark, UDP and ICMP need Linux and the package koffi' },
    };
  }
  let descriptor = createSocket(libc, options);
  // Without this right not even root may open one; keepalived check_ping.c:set_ping_group_range widens it the same way.
  if (descriptor < 0 && options.kind === 'icmp' && admitToPing()) descriptor = createSocket(libc, options);
  if (descriptor < 0) return failure(libc, 'socket');
  for (const { what, level, name, value } of optionsOf(options)) {
    if (libc.setsockopt(descriptor, level, name, value, value.length) === 0) continue;
    const fault = failure(libc, what);
    libc.close(descriptor);
    return fault;
  }
  if (options.local !== undefined) {
    const address = socketAddress(libc, options.family, options.local);
    if (address === null || libc.bind(descriptor, address, address.length) !== 0) {
      const fault = failure(libc, 'bindto');
      libc.close(descriptor);
      return fault;
    }
  }
  return { ok: true, descriptor };
}

interface Libc {
  socket(family: number, type: number, protocol: number): number;
  setsockopt(descriptor: number, level: number, name: number, value: Uint8Array, length: number): number;
  bind(descriptor: number, address: Uint8Array, length: number): number;
  inet_pton(family: number, text: string, bytes: Uint8Array): number;
  close(descriptor: number): number;
  /** Of the last call that failed. */
  errno(): number;
}

let loaded: Libc | null = null;

function loadLibc(): Libc | null {
  if (process.platform !== 'linux') return null;
  const koffi = loadKoffi();
  if (koffi === null) return null;
  if (loaded === null) {
    const library = koffi.load(null);
    loaded = {
      socket: library.func('int socket(int, int, int)'),
      setsockopt: library.func('int setsockopt(int, int, int, const void *, unsigned int)'),
      bind: library.func('int bind(int, const void *, unsigned int)'),
      inet_pton: library.func('int inet_pton(int, const char *, _Out_ uint8_t *)'),
      close: library.func('int close(int)'),
      errno: () => koffi.errno(),
    };
  }
  return loaded;
}

function createSocket(libc: Libc, { kind, family }: NativeSocketOptions): number {
  const protocol = kind === 'icmp' ? icmpProtocols[family] : 0;
  return libc.socket(families[family], types[kind] | closeOnExec | nonBlocking, protocol);
}

interface SocketOption {
  readonly what: string;
  readonly level: number;
  readonly name: number;
  readonly value: Buffer;
}

function optionsOf({ family, interface: device, mark, receiveErrors }: NativeSocketOptions): SocketOption[] {
  const options: SocketOption[] = [];
  if (device !== undefined) {
    options.push({ what: 'bind_if', level: socketLevel, name: bindToDevice, value: Buffer.from(`${device}\0`) });
  }
  if (mark !== undefined) options.push({ what: 'fwmark', level: socketLevel, name: markOption, value: word(mark) });
  if (receiveErrors) options.push({ what: 'socket', ...receiveErrorsOptions[family], value: word(1) });
  return options;
}

/** struct sockaddr_in or sockaddr_in6, <netinet/in.h>. */
function socketAddress(
  libc: Libc,
  family: NativeSocketOptions['family'],
  { address, port }: NonNullable<NativeSocketOptions['local']>,
): Buffer | null {
  const bytes = Buffer.alloc(family === 'inet' ? 16 : 28);
  half(families[family]).copy(bytes);
  bytes.writeUInt16BE(port, 2);
  const place = bytes.subarray(family === 'inet' ? 4 : 8);
  return libc.inet_pton(families[family], address, place) === 1 ? bytes : null;
}

function half(value: number): Buffer {
  return Buffer.from(new Uint16Array([value]).buffer);
}

function word(value: number): Buffer {
  return Buffer.from(new Uint32Array([value]).buffer);
}

function failure(libc: Libc, what: string): NativeSocket {
  const number = libc.errno();
  const [code, text] = systemErrors.get(-number) ?? [`E${number}`, `error ${number}`];
  const message = what === 'socket' ? text : `${what}: ${text}`;
  return {
    ok: false,
    fault: { code, message: number === constants.errno.EPERM ? `${message} (needs CAP_NET_ADMIN)` : message },
  };
}

const pingGroups = '/proc/sys/net/ipv4/ping_group_range';

/** Lets this process's group send echo requests; false: it may already, or it is not ours to say. */
function admitToPing(): boolean {
  try {
    const group = process.getegid?.() ?? 0;
    const [from = 1, to = 0] = readFileSync(pingGroups, 'utf8').trim().split(/\s+/).map(Number);
    if (from <= group && group <= to) return false;
    const isEmpty = from > to;
    writeFileSync(pingGroups, isEmpty ? `${group} ${group}` : `${Math.min(from, group)} ${Math.max(to, group)}`);
    return true;
  } catch {
    return false;
  }
}
