import { createRequire } from 'node:module';
import type koffi from 'koffi';

type Koffi = typeof koffi;

let loaded: Koffi | null | undefined;

/** koffi, loaded when it is first wanted: most configurations need nothing of it. null: it does not run here. */
export function loadKoffi(): Koffi | null {
  if (loaded !== undefined) return loaded;
  try {
    loaded = createRequire(import.meta.url)('koffi') as Koffi;
  } catch {
    loaded = null;
  }
  return loaded;
}
