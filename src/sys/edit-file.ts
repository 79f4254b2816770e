import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { EditFile } from '../model/ports.ts';
import { newId } from './host.ts';
import { describeSystemError } from './system-error.ts';

/** The new bytes are on the disk, under another name, before they take the place of the old ones. */
export const editFile: EditFile = (path, edit) => {
  try {
    const target = realpathSync(path);
    const { bytes, stat } = readWithStat(target);
    const edited = edit(bytes);
    const temporary = join(dirname(target), `.checkalived-${newId()}`);
    try {
      writeAs(temporary, edited, stat);
      renameSync(temporary, target);
    } catch (fault) {
      rmSync(temporary, { force: true });
      throw fault;
    }
    syncDirectory(dirname(target));
    return { ok: true };
  } catch (fault) {
    return { ok: false, detail: describeSystemError(fault) };
  }
};

function readWithStat(target: string): { readonly bytes: Uint8Array; readonly stat: Stats } {
  const descriptor = openSync(target, 'r');
  try {
    return { bytes: readFileSync(descriptor), stat: fstatSync(descriptor) };
  } finally {
    closeSync(descriptor);
  }
}

/** Nobody else may read it before it has its owner: there may be secrets in it. */
function writeAs(path: string, bytes: Uint8Array, { uid, gid, mode }: Stats): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(descriptor, bytes);
    const own = fstatSync(descriptor);
    if (own.uid !== uid || own.gid !== gid) fchownSync(descriptor, uid, gid);
    fchmodSync(descriptor, mode & 0o7777);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
