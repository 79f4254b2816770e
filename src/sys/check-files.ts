import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CheckFiles } from '../model/ports.ts';
import { type Inotify, type InotifyEvent, openInotify } from './inotify.ts';
import { isOpenForWriting } from './writers.ts';

/** The disk, seen through inotify. */
export const checkFiles: CheckFiles = createCheckFiles();

/** A file that somebody listens to. */
interface Watched {
  readonly listeners: Set<() => void>;
  /** The watch on its directory, and its name there: those of the target where the path is a symbolic link. */
  place: Place | null;
  /** Somebody has written, and has not closed it yet. */
  writing: boolean;
  /** Counts what happened to it. */
  events: number;
}
interface Place {
  readonly watch: number;
  readonly name: string;
}

/** A file that changes while it is read is read again; who writes without pause is not waited for. */
const readsAtMost = 3;

function createCheckFiles(): CheckFiles {
  const files = new Map<string, Watched>();
  /** Who stands where, by watch and name. Several paths may lead to one file. */
  const directories = new Map<number, Map<string, Set<Watched>>>();
  /** Watches that somebody has left. */
  const left = new Set<number>();
  let inotify: Inotify | null = null;

  function takeEvents(): void {
    for (const { watch, name, kind } of inotify?.read() ?? []) {
      for (const file of findFiles(watch, name, kind)) {
        file.events++;
        file.writing = kind === 'writing';
        if (kind === 'lost') move(file, null);
        if (kind === 'writing') continue;
        for (const changed of [...file.listeners]) changed();
      }
    }
    dropWatches();
  }

  function findFiles(watch: number, name: string, kind: InotifyEvent['kind']): readonly Watched[] {
    if (kind === 'overflow') return [...files.values()];
    const names = directories.get(watch);
    if (kind === 'lost') return [...(names?.values() ?? [])].flatMap(found => [...found]);
    return [...(names?.get(name) ?? [])];
  }

  /** Looks for the directory anew each time: it may have come, or another one may stand in its place. */
  async function aim(path: string, file: Watched): Promise<void> {
    const target = await resolvePath(path);
    // Nobody may listen any more.
    if (files.get(path) !== file) return;
    inotify ??= openInotify(takeEvents);
    const watch = target === null ? null : (inotify?.add(dirname(target)) ?? null);
    move(file, target === null || watch === null ? null : { watch, name: basename(target) });
    dropWatches();
  }

  function move(file: Watched, to: Place | null): void {
    const { place: from } = file;
    if (from?.watch === to?.watch && from?.name === to?.name) return;
    if (from !== null) {
      const names = directories.get(from.watch);
      const found = names?.get(from.name);
      found?.delete(file);
      if (found?.size === 0) names?.delete(from.name);
      left.add(from.watch);
    }
    file.place = to;
    file.writing = false;
    if (to === null) return;
    const names = directories.get(to.watch) ?? new Map<string, Set<Watched>>();
    directories.set(to.watch, names);
    names.set(to.name, (names.get(to.name) ?? new Set()).add(file));
  }

  /** Those that nobody needs any more, and the descriptor after the last one. */
  function dropWatches(): void {
    if (inotify === null) return;
    for (const watch of left) {
      if (directories.get(watch)?.size !== 0) continue;
      directories.delete(watch);
      inotify.remove(watch);
    }
    left.clear();
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
      throw busy();
    },
    watch(path, changed) {
      const file = files.get(path) ?? { listeners: new Set(), place: null, writing: false, events: 0 };
      // One listener may be given twice.
      const listener = (): void => changed();
      file.listeners.add(listener);
      files.set(path, file);
      return () => {
        file.listeners.delete(listener);
        if (file.listeners.size > 0 || files.get(path) !== file) return;
        files.delete(path);
        move(file, null);
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
    // A disk may take its time to cut a file, and the kernel tells it afterwards: it is empty, and nothing was heard.
    if (bytesRead === 0 && isOpenForWriting(file.fd)) throw busy();
    return buffer.subarray(0, bytesRead);
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && (fault.code === 'ENOENT' || fault.code === 'ENOTDIR')) return null;
    throw fault;
  } finally {
    await file?.close();
  }
}

function busy(): Error {
  return Object.assign(new Error('it is being written'), { code: 'EBUSY' });
}
