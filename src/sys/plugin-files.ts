import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The modules of plug-ins, as they lie on the disk. */
export const pluginFiles = {
  absolute: (path: string): string => resolve(path),
  stampOf(path: string): string | null {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : null;
  },
  load(path: string, attempt: number): Promise<Readonly<Record<string, unknown>>> {
    const url = pathToFileURL(path);
    // Node keeps a module that failed; under another name it is another one.
    if (attempt > 0) url.searchParams.set('attempt', String(attempt));
    return import(url.href);
  },
} as const;
