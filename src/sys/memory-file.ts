import process from 'node:process';
import { loadKoffi } from './foreign.ts';

type Create = (name: string, flags: number) => number;

// Linux, <sys/mman.h>
const closeOnExec = 1;
let create: Create | null | undefined;

/** The descriptor of a new file that is in no directory and in no file system but memory; null: not to be had. */
export function createMemoryFile(): number | null {
  if (create === undefined) create = loadCreate();
  const descriptor = create?.('checkalived', closeOnExec) ?? -1;
  return descriptor >= 0 ? descriptor : null;
}

function loadCreate(): Create | null {
  const koffi = process.platform === 'linux' ? loadKoffi() : null;
  if (koffi === null) return null;
  try {
    return koffi.load(null).func('int memfd_create(const char *, unsigned int)');
  } catch {
    // A C library from before 2018.
    return null;
  }
}
