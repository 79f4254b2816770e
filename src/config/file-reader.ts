/** What became of reading a file. */
export type FileRead =
  | { readonly ok: true; readonly text: string; readonly executable: boolean }
  | { readonly ok: false; readonly reason: 'missing' | 'directory' | 'denied' | 'other'; readonly detail: string };

/** The port through which configuration files are read. */
export interface FileReader {
  read(path: string): FileRead;
  /** Names in a directory; none when it cannot be listed. */
  list(directory: string): readonly string[];
  isDirectory(path: string): boolean;
  isFile(path: string): boolean;
  /** Absolute directory of a file, for `${_PWD}`. */
  directoryOf(path: string): string;
}

/** Resolves a path that stands in a file: relative names are relative to that file. */
export function resolveBeside(file: string, path: string): string {
  if (path.startsWith('/')) return path;
  const slash = file.lastIndexOf('/');
  return slash < 0 ? path : file.slice(0, slash + 1) + path;
}
