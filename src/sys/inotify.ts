import { Buffer } from 'node:buffer';
import { closeSync, readSync } from 'node:fs';
import process from 'node:process';
import type { LibraryHandle } from 'koffi';
import { loadKoffi } from './foreign.ts';

export interface InotifyEvent {
  /** Number of the watch; -1 in `overflow`. */
  readonly watch: number;
  /** Of the file in the directory; empty where the directory itself is meant. */
  readonly name: string;
  /**
   * `writing`: bytes were changed, and whoever did it has not closed the file yet; `changed`: written and closed, moved
   * or removed; `lost`: the directory is not where it was; `overflow`: events were lost.
   */
  readonly kind: 'writing' | 'changed' | 'lost' | 'overflow';
}

/** The kernel's notes of changes in directories. */
export interface Inotify {
  /** The watch on a directory, the same one for the same directory; null: there is no such directory. */
  add(directory: string): number | null;
  remove(watch: number): void;
  /** Takes what has happened by now. */
  read(): readonly InotifyEvent[];
  close(): void;
}

interface Libc {
  init(flags: number): number;
  addWatch(descriptor: number, directory: string, mask: number): number;
  removeWatch(descriptor: number, watch: number): number;
  control(descriptor: number, command: number, value: number): number;
}

// Linux, <sys/inotify.h>, <fcntl.h>.
const closeOnExec = 0x80000;
const nonBlocking = 0x800;
const signalOnEvent = 0x2000;
const setFlags = 4;
const setOwner = 8;
const setSignal = 10;
const signal = { name: 'SIGURG', number: 23 } as const;
const modified = 0x2;
const closedOrMoved = 0x8 | 0x40 | 0x80 | 0x200;
const selfGone = 0x400 | 0x800;
const overflow = 0x4000;
const unmountedOrRemoved = 0x2000 | 0x8000;
const directoriesOnly = 0x1000000;
const isDirectory = 0x40000000;
const headLength = 16;

let libc: Libc | null | undefined;

/**
 * Calls `ready` whenever there is something to read. null: not on this system. Node's own `fs.watch` does not tell when
 * a writer has closed a file, and half a number is another number. Its loop cannot wait for our descriptor either, so
 * the kernel sends a signal; SIGURG harms nobody who does not listen to it.
 */
export function openInotify(ready: () => void): Inotify | null {
  libc ??= loadLibc();
  const calls = libc;
  const descriptor = calls?.init(closeOnExec | nonBlocking) ?? -1;
  if (calls === null || descriptor < 0) return null;
  process.on(signal.name, ready);
  calls.control(descriptor, setOwner, process.pid);
  calls.control(descriptor, setSignal, signal.number);
  calls.control(descriptor, setFlags, nonBlocking | signalOnEvent);
  const buffer = Buffer.allocUnsafeSlow(4096);
  return {
    add(directory) {
      const mask = modified | closedOrMoved | selfGone | directoriesOnly;
      const watch = calls.addWatch(descriptor, directory, mask);
      return watch < 0 ? null : watch;
    },
    remove: watch => void calls.removeWatch(descriptor, watch),
    read() {
      const events: InotifyEvent[] = [];
      for (;;) {
        const length = readSome(descriptor, buffer);
        if (length === 0) return events;
        parseEvents(buffer.subarray(0, length), events);
      }
    },
    close() {
      closeSync(descriptor);
      process.off(signal.name, ready);
    },
  };
}

function loadLibc(): Libc | null {
  const koffi = process.platform === 'linux' ? loadKoffi() : null;
  if (koffi === null) return null;
  const library: LibraryHandle = koffi.load(null);
  const control = library.func('int fcntl(int, int, ...)');
  return {
    init: library.func('int inotify_init1(int)'),
    addWatch: library.func('int inotify_add_watch(int, const char *, uint32_t)'),
    removeWatch: library.func('int inotify_rm_watch(int, int)'),
    control: (descriptor, command, value) => control(descriptor, command, 'int', value),
  };
}

/** 0 = nothing is there now. */
function readSome(descriptor: number, buffer: Buffer): number {
  try {
    return readSync(descriptor, buffer);
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'EAGAIN') return 0;
    throw fault;
  }
}

/** struct inotify_event: watch, mask, cookie, length of the name, name with its padding. */
function parseEvents(bytes: Buffer, events: InotifyEvent[]): void {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  for (let at = 0; at < bytes.length; ) {
    const mask = words.getUint32(at + 4, littleEndian);
    const length = words.getUint32(at + 12, littleEndian);
    const [name = ''] = bytes.toString('utf8', at + headLength, at + headLength + length).split('\0', 1);
    const kind = kindOf(mask);
    if (kind !== null) events.push({ watch: words.getInt32(at, littleEndian), name, kind });
    at += headLength + length;
  }
}

function kindOf(mask: number): InotifyEvent['kind'] | null {
  if (mask & overflow) return 'overflow';
  if (mask & (selfGone | unmountedOrRemoved)) return 'lost';
  // keepalived trackers/track_file.c:process_inotify.
  if (mask & isDirectory) return null;
  return mask & closedOrMoved ? 'changed' : 'writing';
}
