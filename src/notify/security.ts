import { lstatSync, realpathSync } from 'node:fs';
import { isAbsolute, join, resolve, sep } from 'node:path';

/** What `lstat` says of one component of a path. */
export interface PathComponent {
  readonly path: string;
  readonly kind: 'directory' | 'file' | 'link' | 'other';
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, with set-uid, set-gid and sticky. */
  readonly mode: number;
}

/** The file system as far as a decision about a script needs it. */
export interface PathReader {
  /** From the root down to the last component that exists. */
  components(path: string): readonly PathComponent[];
  /** Without symbolic links; null if it does not exist. */
  resolved(path: string): string | null;
}

export interface RunsAs {
  readonly uid: number;
  readonly gid: number;
}

/**
 * enable_script_security: why the program must not be run, or null if it may. A program that runs as root must not be
 * in reach of anybody else: each component of its path, as given and with links resolved, belongs to root and is
 * writable only for root (keepalived core/notify.c:check_script_secure).
 * @param program first word of the script; a bare name is looked for in `searchPath`
 * @param searchPath directories of PATH
 */
export function findScriptFault(
  program: string,
  runsAs: RunsAs,
  searchPath: readonly string[],
  reader: PathReader = fileSystem,
): string | null {
  const path = locate(program, searchPath, reader);
  if (path === null) return `${program} is in no directory of PATH`;
  const real = reader.resolved(path);
  const given = reader.components(path);
  const components = real === null || real === path ? given : [...given, ...reader.components(real)];
  const file = components.at(-1);
  if (!isRoot(runsAs) && !(file && becomesRoot(file))) return null;
  const weak = components.map(findWeakness).find(fault => fault !== null);
  return weak === undefined ? null : `it would run as root, but ${weak}`;
}

/** The real one. */
export const fileSystem: PathReader = {
  components(path) {
    const names = resolve(path).split(sep).filter(Boolean);
    const paths = ['/', ...names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)];
    const found: PathComponent[] = [];
    for (const each of paths) {
      const stats = lstatSync(each, { throwIfNoEntry: false });
      if (!stats) break;
      const kind = stats.isDirectory()
        ? 'directory'
        : stats.isFile()
          ? 'file'
          : stats.isSymbolicLink()
            ? 'link'
            : 'other';
      found.push({ path: each, kind, uid: stats.uid, gid: stats.gid, mode: stats.mode & 0o7777 });
    }
    return found;
  },
  resolved(path) {
    try {
      return realpathSync(path);
    } catch {
      return null;
    }
  },
};

function locate(program: string, searchPath: readonly string[], reader: PathReader): string | null {
  if (program.includes('/')) return isAbsolute(program) ? program : resolve(program);
  const candidates = searchPath.map(directory => join(directory, program));
  return candidates.find(path => reader.resolved(path) !== null) ?? null;
}

function isRoot({ uid, gid }: RunsAs): boolean {
  return uid === 0 || gid === 0;
}

function becomesRoot({ uid, gid, mode }: PathComponent): boolean {
  return ((mode & 0o4000) !== 0 && uid === 0) || ((mode & 0o2000) !== 0 && gid === 0);
}

function findWeakness({ path, kind, uid, gid, mode }: PathComponent): string | null {
  if (uid !== 0) return `${path} does not belong to root`;
  // A link's own permissions mean nothing, and in a sticky directory nobody can replace another's file.
  if (kind === 'link' || (kind === 'directory' && (mode & 0o1000) !== 0)) return null;
  if ((mode & 0o002) !== 0) return `${path} is writable for everybody`;
  if ((mode & 0o020) !== 0 && gid !== 0) return `${path} is writable for its group`;
  return null;
}
