import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { listConfigFixtures } from '../support/config-fixtures.ts';

/** A configuration that both programs read. */
export interface Input {
  /** Within its set. */
  readonly name: string;
  readonly path: string;
  /** Further words of keepalived's command line. */
  readonly options: readonly string[];
  /** If the file is a mutation: of which file, and what was changed, line by line. */
  readonly base?: Input;
  readonly changes?: readonly string[];
}

const shared = resolve(import.meta.dirname, '../../../shared');
/** KEEPALIVED_SAMPLES: another folder for the samples of Debian's package, which may be kept from being installed. */
const samples = process.env['KEEPALIVED_SAMPLES'] ?? '/usr/share/doc/keepalived/samples';

/** Each set that is here, by its name; a set that is not here is announced and left out. */
export function listInputs(): ReadonlyMap<string, readonly Input[]> {
  const malformed = join(shared, 'malformed');
  const sets = new Map<string, readonly Input[]>([['fixtures', listConfigFixtures()]]);
  const add = (set: string, directory: string, list: () => readonly Input[]) => {
    if (existsSync(directory)) sets.set(set, list());
    else console.log(`${directory} is not here: the set "${set}" is skipped`);
  };
  add('malformed', malformed, () => listCases(malformed, readOptions(join(malformed, 'VERDICTS.tsv'))));
  add('corpus', join(shared, 'corpus'), () => listCases(join(shared, 'corpus')));
  add('samples', samples, () => listCases(samples));
  return sets;
}

function listCases(directory: string, options: ReadonlyMap<string, readonly string[]> = new Map()): readonly Input[] {
  return readdirSync(directory)
    .filter(name => name.endsWith('.conf') || name.startsWith('keepalived.conf'))
    .sort()
    .map(name => ({ name, path: join(directory, name), options: options.get(name) ?? [] }));
}

/** The third column, further options, by the number of the case. */
function readOptions(path: string): ReadonlyMap<string, readonly string[]> {
  const rows = readFileSync(path, 'utf8').split('\n').slice(1);
  return new Map(
    rows
      .map(row => row.split('\t'))
      .map(([number = '', , options = '']) => [`${number}.conf`, options.split(' ').filter(word => word !== '')]),
  );
}
