import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WriteFile } from '../model/ports.ts';
import { newId } from './host.ts';
import { describeSystemError } from './system-error.ts';

/** The text is on the disk, under another name, before it takes its place. */
export const writeFile: WriteFile = (path, text) => {
  try {
    makeDirectory(dirname(path));
    replace(path, text, join(dirname(path), `.checkalived-${newId()}`));
    return { ok: true };
  } catch (fault) {
    return { ok: false, detail: describeSystemError(fault) };
  }
};

/** With those above it. Node's own, `recursive`, never ends where the kernel takes no directories, as in /proc. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path);
}

function replace(path: string, text: string, temporary: string): void {
  try {
    writeFileSync(temporary, text, { flush: true });
    renameSync(temporary, path);
  } catch (fault) {
    rmSync(temporary, { force: true });
    throw fault;
  }
}
