import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Diagnostic } from './diagnostics.ts';
import type { FileRead, FileReader } from './file-reader.ts';
import { type ReadOptions, type ReadResult, readConfig, readTree, type TreeResult } from './read.ts';

export interface LoadOptions extends Omit<ReadOptions, 'files' | 'environment'> {
  /** The disk, if left out. */
  readonly files?: FileReader;
  /** For `${_ENV NAME}`; empty if left out. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The main file cannot be read; there is nothing to go on with. */
export class UnreadableConfig extends Error {
  readonly code = 'unreadable-config';
  readonly hint: string;
  constructor(path: string, read: FileRead & { readonly ok: false }) {
    super(`${path} cannot be read: ${read.detail}.`);
    this.name = 'UnreadableConfig';
    this.hint = hints[read.reason];
  }
}

const hints: Readonly<Record<(FileRead & { readonly ok: false })['reason'], string>> = {
  missing: 'Name the configuration with -f FILE.',
  directory: 'Name a file, not a directory.',
  denied: 'Run as a user who may read it, or change its permissions.',
  other: 'Name a readable file with -f FILE.',
};

/**
 * Reads a configuration from the disk: what it says, what is wrong with it, and the texts of its files by path.
 * Throws UnreadableConfig when the main file cannot be read, and for nothing else.
 */
export function loadConfig(path: string, options: LoadOptions): ReadResult {
  return load(path, options, readConfig);
}

/** Reads the keywords of a configuration from the disk, what they mean left aside. Throws as `loadConfig` does. */
export function loadTree(path: string, options: LoadOptions): TreeResult {
  return load(path, options, readTree);
}

function load<Result extends { readonly diagnostics: readonly Diagnostic[] }>(
  path: string,
  { files = diskFiles, environment = {}, ...options }: LoadOptions,
  readText: (path: string, text: string, options: ReadOptions) => Result,
): Result {
  const read = files.read(path);
  if (!read.ok) throw new UnreadableConfig(path, read);
  const result = readText(path, read.text, { ...options, files, environment });
  return read.executable ? { ...result, diagnostics: [executable(path), ...result.diagnostics] } : result;
}

function executable(path: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'executable-file',
    message: `${path} is executable: keepalived does not read it, checkalived does.`,
    hint: `Run chmod a-x ${path}.`,
    file: path,
    line: 1,
    column: 1,
    length: 1,
    keepalived: false,
  };
}

/** The port's real body. */
export const diskFiles: FileReader = {
  read: readFromDisk,
  list: directory => {
    try {
      return readdirSync(directory).sort();
    } catch {
      return [];
    }
  },
  stat: path => {
    try {
      const stat = statSync(path);
      const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other';
      return { kind, mode: stat.mode & 0o7777, uid: stat.uid };
    } catch {
      return null;
    }
  },
  directoryOf: path => resolve(dirname(path)),
};

/** More than twice a configuration of 100,000 real servers. */
const largestFile = 64 * 1024 * 1024;

function readFromDisk(path: string): FileRead {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return { ok: false, reason: 'directory', detail: 'it is a directory' };
    if (stat.size > largestFile)
      return {
        ok: false,
        reason: 'other',
        detail: `it has ${stat.size} bytes; ${largestFile} is the most that is read`,
      };
    if (!stat.isFile()) return { ok: false, reason: 'other', detail: 'it is no regular file' };
    return { ok: true, text: readFileSync(path, 'utf8'), executable: (stat.mode & 0o111) !== 0 };
  } catch (fault) {
    const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { ok: false, reason: 'missing', detail: 'there is no such file' };
    if (code === 'EACCES' || code === 'EPERM') return { ok: false, reason: 'denied', detail: 'permission denied' };
    return { ok: false, reason: 'other', detail: fault instanceof Error ? fault.message : String(fault) };
  }
}
