/** What became of reading a file. */
export type FileRead =
  | { readonly ok: true; readonly text: string; readonly executable: boolean }
  | { readonly ok: false; readonly reason: 'missing' | 'directory' | 'denied' | 'other'; readonly detail: string };

/** Kind and permissions of what a path names, symbolic links followed. */
export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other';
  /** Permission bits, such as 0o755. */
  readonly mode: number;
  /** Numeric owner. */
  readonly uid: number;
}

/** The port through which configuration files are read. */
export interface FileReader {
  read(path: string): FileRead;
  /** Names in a directory; none when it cannot be listed. */
  list(directory: string): readonly string[];
  /** null = there is nothing of this name. */
  stat(path: string): FileStat | null;
  /** Absolute directory of a file, for `${_PWD}`. */
  directoryOf(path: string): string;
}

/** Resolves a path that stands in a file: relative names are relative to that file. */
export function resolveBeside(file: string, path: string): string {
  if (path.startsWith('/')) return path;
  const slash = file.lastIndexOf('/');
  return slash < 0 ? path : file.slice(0, slash + 1) + path;
}
