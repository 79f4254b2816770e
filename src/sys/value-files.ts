import { readFile } from 'node:fs';
import { access, constants, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ValueFiles } from '../model/ports.ts';

/** A quarter of the cost of the one in fs/promises: each audit reads all files of a large configuration. */
const readWhole = promisify(readFile);

/**
 * Files of a directory on the disk. What is being written is in a directory of its own, so that who watches (inotify)
 * is woken once for each new value: keepalived's queue of events is finite, and what it misses it never reads.
 */
export function createValueFiles(directory: string): ValueFiles {
  const unfinished = join(directory, '.new');
  const make = async (): Promise<void> => {
    await mkdir(unfinished, { recursive: true, mode: 0o755 });
    await access(directory, constants.W_OK);
    await access(unfinished, constants.W_OK);
  };
  const write = async (name: string, text: string): Promise<void> => {
    const file = await open(join(unfinished, name), 'w', 0o644);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(join(unfinished, name), join(directory, name));
  };
  return {
    open: make,
    read: name => readWhole(join(directory, name), 'utf8').catch(nullIfMissing),
    async write(name, text) {
      try {
        await write(name, text);
      } catch (fault) {
        if (!isMissing(fault)) throw fault;
        // Somebody has removed the directory: keepalived watches the new one from its next start on.
        await make();
        await write(name, text);
      }
    },
  };
}

function nullIfMissing(fault: unknown): null {
  if (isMissing(fault)) return null;
  throw fault;
}

function isMissing(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && fault.code === 'ENOENT';
}
