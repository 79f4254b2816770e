import { Buffer } from 'node:buffer';
import process from 'node:process';
import type { ServiceManager } from '../model/ports.ts';
import { loadKoffi } from './foreign.ts';

interface Libc {
  socket(family: number, type: number, protocol: number): number;
  sendto(
    descriptor: number,
    bytes: Uint8Array,
    size: number,
    flags: number,
    address: Uint8Array,
    addressSize: number,
  ): number;
}

// Linux, <bits/socket.h>, <bits/socket_type.h>, <sys/un.h>.
const unix = 1;
const datagram = 2;
const closeOnExec = 0x80000;
const nonBlocking = 0x800;
const noSignal = 0x4000;
const longestPath = 107;

/** A program that systemd does not run, or one that cannot speak to it. */
export const noServiceManager: ServiceManager = { watchdog: null, tell: () => {} };

/**
 * The service manager that started this process, by sd_notify(3): `NOTIFY_SOCKET` names its datagram socket, and
 * `WATCHDOG_USEC` (for the process `WATCHDOG_PID`) how long it bears silence. Node has no such sockets, so libc is called.
 */
export function findServiceManager(environment: NodeJS.ProcessEnv): ServiceManager {
  const path = environment['NOTIFY_SOCKET'] ?? '';
  const address = addressOf(path);
  const libc = address === null ? null : loadLibc();
  const descriptor = libc?.socket(unix, datagram | closeOnExec | nonBlocking, 0) ?? -1;
  if (address === null || libc === null || descriptor < 0) return noServiceManager;
  return {
    watchdog: watchdogOf(environment),
    tell(...lines) {
      const bytes = Buffer.from(lines.join('\n'));
      // Nobody waits for an answer, and there is none: a manager that is busy or gone must not hold up the checks.
      libc.sendto(descriptor, bytes, bytes.length, noSignal, address, address.length);
    },
  };
}

/** struct sockaddr_un; a leading `@` stands for the abstract name space. null: none that can be used. */
function addressOf(path: string): Buffer | null {
  const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : path);
  if (!/^[@/]/.test(path) || name.length > longestPath) return null;
  return Buffer.concat([
    Buffer.from(new Uint16Array([unix]).buffer),
    name,
    Buffer.from(path.startsWith('@') ? '' : '\0'),
  ]);
}

function watchdogOf({ WATCHDOG_USEC: span, WATCHDOG_PID: pid }: NodeJS.ProcessEnv): number | null {
  const isForUs = pid === undefined || pid === String(process.pid);
  const milliseconds = Number(span ?? 0) / 1000;
  return isForUs && milliseconds > 0 ? milliseconds : null;
}

function loadLibc(): Libc | null {
  const koffi = process.platform === 'linux' ? loadKoffi() : null;
  if (koffi === null) return null;
  const library = koffi.load(null);
  return {
    socket: library.func('int socket(int, int, int)'),
    sendto: library.func('long sendto(int, const void *, size_t, int, const void *, unsigned int)'),
  };
}
