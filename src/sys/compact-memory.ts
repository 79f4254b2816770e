import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { releaseProgramPages } from './program-pages.ts';

/**
 * Gives back what a start or a reload has left half empty: collects the garbage of this thread and moves what lives together. It
 * holds the loop for 0.1 to 0.2 s where ten thousand servers are checked. From then on the heap may grow by a tenth; while the
 * agent starts it grows by leaps, for it would be looked through twenty times.
 */
export function compactMemory(): void {
  setFlagsFromString('--heap-growing-percent=10');
  const collect = findCollector();
  if (collect !== null) {
    setFlagsFromString('--compact-on-every-full-gc');
    collect();
    setFlagsFromString('--no-compact-on-every-full-gc');
  }
  releaseProgramPages();
}

/** A context that is made while V8 has this flag has the function; null: not in this version. */
function findCollector(): (() => void) | null {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  return typeof found === 'function' ? (found as () => void) : null;
}
