import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A configuration that both programs read. */
export interface Input {
  /** Within its set. */
  readonly name: string;
  readonly path: string;
  /** Further words of keepalived's command line. */
  readonly options: readonly string[];
}

const root = resolve(import.meta.dirname, '../..');
const shared = resolve(root, '../shared');
/** The folder of the project's own cases, beside their recorded verdicts. */
export const fixtures = join(root, 'test/fixtures/config');

/** Each set that is here, by its name; a set that is not here is announced and left out. */
export function listInputs(): ReadonlyMap<string, readonly Input[]> {
  const malformed = join(shared, 'malformed');
  const places: readonly (readonly [string, string, ReadonlyMap<string, readonly string[]>])[] = [
    ['fixtures', fixtures, readOptions(join(fixtures, 'VERDICTS.tsv'), 1)],
    ['malformed', malformed, readOptions(join(malformed, 'VERDICTS.tsv'), 2)],
    ['corpus', join(shared, 'corpus'), new Map()],
    ['samples', process.env['KEEPALIVED_SAMPLES'] ?? '/usr/share/doc/keepalived/samples', new Map()],
  ];
  const sets = new Map<string, readonly Input[]>();
  for (const [set, directory, options] of places) {
    if (existsSync(directory)) sets.set(set, listFiles(directory, options));
    else console.log(`${directory} is not here: the set "${set}" is skipped`);
  }
  return sets;
}

function listFiles(directory: string, options: ReadonlyMap<string, readonly string[]>): readonly Input[] {
  return readdirSync(directory)
    .filter(name => name.endsWith('.conf') || name.startsWith('keepalived.conf'))
    .sort()
    .map(name => ({ name, path: join(directory, name), options: options.get(name.replace(/\.conf$/, '')) ?? [] }));
}

/** The column of further options, by what stands in the first column. */
function readOptions(path: string, column: number): ReadonlyMap<string, readonly string[]> {
  if (!existsSync(path)) return new Map();
  const rows = readFileSync(path, 'utf8').split('\n').slice(1);
  return new Map(
    rows
      .map(row => row.split('\t'))
      .map(cells => [
        (cells[0] ?? '').replace(/\.conf$/, ''),
        (cells[column] ?? '').split(' ').filter(word => word !== ''),
      ]),
  );
}
