import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CheckFiles } from '../model/ports.ts';
import { type Inotify, openInotify } from './inotify.ts';

/** The disk, seen through inotify. */
export const checkFiles: CheckFiles = createCheckFiles();

/** A file that somebody listens to. */
interface Watched {
  readonly listeners: Set<() => void>;
  /** The watch on its directory; null: none yet, or the directory is not there. */
  watch: number | null;
  /** Its name in that directory: that of the target where the path is a symbolic link. */
  name: string;
  /** Somebody has written, and has not closed it yet. */
  writing: boolean;
  /** Counts what happened to it. */
  events: number;
}

/** A file that changes while it is read is read again; who writes without pause is not waited for. */
const readsAtMost = 3;

function createCheckFiles(): CheckFiles {
  const files = new Map<string, Watched>();
  /** Watches of the kernel that are ours. */
  const watches = new Set<number>();
  let inotify: Inotify | null = null;
  /** Watches that are being added; their numbers are not known yet. */
  let adding = 0;

  function takeEvents(): void {
    for (const { watch, name, kind } of inotify?.read() ?? []) {
      for (const file of [...files.values()]) {
        if (kind !== 'overflow' && file.watch !== watch) continue;
        if (kind !== 'overflow' && kind !== 'lost' && file.name !== name) continue;
        file.events++;
        file.writing = kind === 'writing';
        if (kind === 'lost') file.watch = null;
        if (kind === 'writing') continue;
        for (const changed of [...file.listeners]) changed();
      }
    }
    dropWatches();
  }

  /** Looks for the directory anew each time: it may have come, or another one may stand in its place. */
  async function aim(path: string, file: Watched): Promise<void> {
    inotify ??= openInotify(takeEvents);
    if (inotify === null) return;
    adding++;
    try {
      const place = await resolvePath(path);
      const watch = place === null ? null : await inotify.add(dirname(place));
      if (watch !== null) watches.add(watch);
      const name = basename(place ?? path);
      if (file.watch === watch && file.name === name) return;
      file.watch = watch;
      file.name = name;
      file.writing = false;
    } finally {
      adding--;
      dropWatches();
    }
  }

  /** Those that nobody needs any more, and the descriptor after the last one. */
  function dropWatches(): void {
    if (inotify === null || adding > 0) return;
    const needed = new Set([...files.values()].map(({ watch }) => watch));
    for (const watch of watches) {
      if (needed.has(watch)) continue;
      watches.delete(watch);
      inotify.remove(watch);
    }
    if (files.size > 0) return;
    inotify.close();
    inotify = null;
  }

  return {
    async read(path, limit) {
      const file = files.get(path);
      if (file === undefined) return readStart(path, limit);
      await aim(path, file);
      takeEvents();
      for (let reads = 0; reads < readsAtMost && !file.writing; reads++) {
        const { events } = file;
        const bytes = await readStart(path, limit);
        takeEvents();
        if (file.events === events) return bytes;
      }
      throw Object.assign(new Error('it is being written'), { code: 'EBUSY' });
    },
    watch(path, changed) {
      const file = files.get(path) ?? { listeners: new Set(), watch: null, name: '', writing: false, events: 0 };
      // One listener may be given twice.
      const listener = (): void => changed();
      file.listeners.add(listener);
      files.set(path, file);
      return () => {
        file.listeners.delete(listener);
        if (file.listeners.size > 0 || files.get(path) !== file) return;
        files.delete(path);
        dropWatches();
      };
    },
  };
}

/** Where the file is, or will be; null: not even its directory is there. keepalived trackers/track_file.c:init_track_files. */
async function resolvePath(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    try {
      return join(await realpath(dirname(path)), basename(path));
    } catch {
      return null;
    }
  }
}

async function readStart(path: string, limit: number): Promise<Uint8Array | null> {
  let file: FileHandle | null = null;
  try {
    // As keepalived does: a pipe without a writer must not hold us.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { buffer, bytesRead } = await file.read(new Uint8Array(limit), 0, limit, null);
    return buffer.subarray(0, bytesRead);
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && (fault.code === 'ENOENT' || fault.code === 'ENOTDIR')) return null;
    throw fault;
  } finally {
    await file?.close();
  }
}
