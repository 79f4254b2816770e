import { readFileSync, readlinkSync } from 'node:fs';
import process from 'node:process';
import { loadKoffi } from './foreign.ts';

// Linux, <asm-generic/mman-common.h>
const doNotNeed = 4;

/**
 * Takes the pages of Node's own file out of this process: of 48 MiB most were wanted by the start alone. They stay in the
 * kernel's cache of files, as for any program, and what is still used comes back from there by itself, a few
 * microseconds each 64 KiB. Only what was never written to is let go, for the file has the same.
 */
export function releaseProgramPages(): void {
  const koffi = process.platform === 'linux' ? loadKoffi() : null;
  if (koffi === null) return;
  const advise = koffi.load(null).func('int madvise(uintptr_t, size_t, int)') as (
    start: bigint,
    length: bigint,
    advice: number,
  ) => number;
  for (const { start, end } of readUnchanged()) advise(start, end - start, doNotNeed);
}

/** None where the kernel does not say: it counts no pages, or a profile of AppArmor or SELinux denies it. */
function readUnchanged(): Range[] {
  try {
    return findUnchanged(readFileSync('/proc/self/smaps', 'latin1'), readlinkSync('/proc/self/exe'));
  } catch {
    return [];
  }
}

interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

/** Counted apart: what was changed and is out in swap is neither anonymous nor dirty. */
const changes = ['Anonymous', 'Private_Dirty', 'Swap'].map(name => new RegExp(`^${name}: +0 kB$`, 'm'));

/** Where that file is mapped, cannot be written to, and has no page that this process has changed. */
export function findUnchanged(smaps: string, file: string): Range[] {
  const found: Range[] = [];
  for (const mapping of smaps.split(/^(?=[\da-f]+-[\da-f]+ )/m)) {
    const [, start, end, mode, path] = /^([\da-f]+)-([\da-f]+) (\S+) \S+ \S+ \S+ *(.*)/.exec(mapping) ?? [];
    const isUnchanged = changes.every(none => none.test(mapping));
    if (path === file && mode?.[1] === '-' && isUnchanged)
      found.push({ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) });
  }
  return found;
}
