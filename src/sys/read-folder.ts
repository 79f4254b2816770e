import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The texts of all files below a directory, by their path in it, sorted; none when there is no such directory. */
export function readFolder(directory: string): ReadonlyMap<string, string> {
  return new Map(
    list(directory)
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
      .map(path => [path.slice(directory.length + 1), readFileSync(path, 'utf8')]),
  );
}

function list(directory: string) {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fault;
  }
}
