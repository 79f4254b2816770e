import { watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { CheckFiles } from '../model/ports.ts';

/** The disk, seen through inotify. */
export const checkFiles: CheckFiles = {
  async read(path, limit) {
    let file: FileHandle | null = null;
    try {
      file = await open(path);
      const { buffer, bytesRead } = await file.read(new Uint8Array(limit), 0, limit, 0);
      return buffer.subarray(0, bytesRead);
    } catch (fault) {
      if (fault instanceof Error && 'code' in fault && (fault.code === 'ENOENT' || fault.code === 'ENOTDIR'))
        return null;
      throw fault;
    } finally {
      await file?.close();
    }
  },
  watch(path, changed) {
    const name = basename(path);
    try {
      // The directory, as keepalived does (track_file.c): the file may be replaced, and need not be there yet.
      const watcher = watch(dirname(path), { persistent: false }, (_, which) => {
        if (which === null || which === name) changed();
      });
      watcher.on('error', () => watcher.close());
      return () => watcher.close();
    } catch {
      // No such directory: the check's schedule finds the file when it comes.
      return () => {};
    }
  },
};
