import * as assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';

/** What the process holds open: each descriptor by its number and by what it leads to. */
export type Descriptors = ReadonlySet<string>;

export function listDescriptors(): Descriptors {
  return new Set(
    readdirSync('/proc/self/fd').flatMap(descriptor => {
      try {
        return [`${descriptor} -> ${readlinkSync(`/proc/self/fd/${descriptor}`)}`];
      } catch {
        // That of this very directory, or one that another thread has just closed.
        return [];
      }
    }),
  );
}

/**
 * Fails if something is open that was not before. What was closed meanwhile is no fault, nor does it make up for what
 * was left: a loader of TypeScript writes its cache in other threads, whenever it likes. So a file of a disk may be the
 * loader's, and is given time to go, `patience` in real milliseconds; a socket, a pipe and the like are nobody's but the
 * check's.
 */
export async function assertNoDescriptorLeft(before: Descriptors, patience = 5_000): Promise<void> {
  const end = performance.now() + patience;
  for (;;) {
    const left = [...listDescriptors()].filter(each => !before.has(each));
    const wait = left.length > 0 && left.every(each => each.includes(' -> /')) && performance.now() < end;
    if (!wait) return assert.ok(left.length === 0, `a descriptor is left: ${left.join(', ')}`);
    await new Promise(resolve => setTimeout(resolve, 1));
  }
}
