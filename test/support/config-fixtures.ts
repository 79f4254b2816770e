import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A small configuration of the project's own, and how `keepalived -t` 2.2.7 ended on it. */
export interface ConfigFixture {
  readonly name: string;
  readonly path: string;
  /** Further words of keepalived's command line. */
  readonly options: readonly string[];
  /** As recorded; NaN if the file has no verdict yet. */
  readonly exit: number;
}

const fixtureFolder = resolve(import.meta.dirname, '../fixtures/config');
/** The recorded verdicts: `npm run record` writes the last two columns anew, options are written by hand. */
export const verdictTable = join(fixtureFolder, 'VERDICTS.tsv');

export function listConfigFixtures(): readonly ConfigFixture[] {
  const rows = readFileSync(verdictTable, 'utf8').trimEnd().split('\n').slice(1);
  const verdicts = new Map(rows.map(row => row.split('\t')).map(cells => [cells[0] ?? '', cells]));
  return readdirSync(fixtureFolder)
    .filter(name => name.endsWith('.conf'))
    .sort()
    .map(name => {
      const [, options = '', exit = ''] = verdicts.get(name) ?? [];
      return {
        name,
        path: join(fixtureFolder, name),
        options: options.split(' ').filter(word => word !== ''),
        exit: exit === '' ? Number.NaN : Number(exit),
      };
    });
}
