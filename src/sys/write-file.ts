import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WriteFile } from '../model/ports.ts';
import { newId } from './host.ts';
import { describeSystemError } from './system-error.ts';

/** The text is on the disk, under another name, before it takes its place. */
export const writeFile: WriteFile = (path, text) => {
  const temporary = join(dirname(path), `.checkalived-${newId()}`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, text, { flush: true });
    renameSync(temporary, path);
    return { ok: true };
  } catch (fault) {
    rmSync(temporary, { force: true });
    return { ok: false, detail: describeSystemError(fault) };
  }
};
