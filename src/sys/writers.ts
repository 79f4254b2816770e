import { constants } from 'node:os';
import process from 'node:process';
import { loadKoffi } from './foreign.ts';

// Linux, <fcntl.h>.
const setSignal = 10;
const setLease = 1024;
const readLease = 0;
const noLease = 2;

/**
 * Whether somebody has this file open for writing; it must be open for reading only. False too where it cannot be told:
 * the file is another user's and we lack CAP_LEASE, it is none of a disk, or this is no Linux. The kernel gives a lease
 * for reading only while nobody writes. Whoever wants to write meanwhile waits until it is given back, in the next call.
 */
export function isOpenForWriting(descriptor: number): boolean {
  const koffi = process.platform === 'linux' ? loadKoffi() : null;
  if (koffi === null) return false;
  control ??= koffi.load(null).func('int fcntl(int, int, ...)') as Control;
  // The holder of a lease hears of such a writer, by SIGIO unless told otherwise, which would end the process.
  if (control(descriptor, setSignal, 'int', constants.signals.SIGURG) < 0) return false;
  if (control(descriptor, setLease, 'int', readLease) < 0) return koffi.errno() === constants.errno.EAGAIN;
  control(descriptor, setLease, 'int', noLease);
  return false;
}

type Control = (descriptor: number, command: number, type: 'int', value: number) => number;
let control: Control | null = null;
