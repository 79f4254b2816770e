import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export interface RuntimePackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Below the root of the repository. */
  readonly path: string;
  /** What of it is wanted, below `path`. */
  readonly files: readonly string[];
}

/** What only an installation by npm needs. */
const installers: ReadonlySet<string> = new Set(['prebuild-install']);
/** What authors publish and no program reads. */
const unread = /^(?:node_modules|tests?|fixtures?|bench(?:marks?)?|docs|examples?|\.(?!js$).*)$/;
/** Sources of SQLite and what compiling leaves are ten times what runs. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['package.json', 'LICENSE', 'lib', 'build/Release/better_sqlite3.node'],
};

/** All packages that the program needs when it runs, found as Node finds them. */
export function findRuntimePackages(root: string): RuntimePackage[] {
  const found = new Map<string, RuntimePackage>();
  const visit = (from: string, names: readonly string[], optional: boolean): void => {
    for (const name of names) {
      if (installers.has(name)) continue;
      const folder = locate(from, name, root);
      if (folder === null) {
        if (optional) continue;
        throw new Error(`the package ${name} is not installed: run npm ci`);
      }
      const path = relative(root, folder);
      if (found.has(path)) continue;
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
      const { version, license } = manifest;
      const files = wanted[name] ?? readdirSync(folder).filter(file => !unread.test(file));
      found.set(path, { name, version, licence: license ?? 'see its files', path, files });
      visit(folder, Object.keys(manifest.dependencies ?? {}), false);
      visit(folder, Object.keys(manifest.optionalDependencies ?? {}), true);
    }
  };
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  visit(root, Object.keys(own.dependencies ?? {}), false);
  return [...found.values()];
}

interface Manifest {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function locate(from: string, name: string, root: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === root || folder === dirname(folder)) return null;
  }
}
