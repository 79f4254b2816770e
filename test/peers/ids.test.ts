import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('peers: ids');
const folder = import.meta.dirname;

const series = (letter: string, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `${letter}${String(first + index).padStart(2, '0')}`);
const ids = [
  ...series('H', 4, 8),
  ...series('H', 17, 35),
  ...series('B', 1, 26),
  ...['K03', 'K04', 'K05', 'K10', 'K11'],
  ...series('L', 1, 12),
  'D02',
];
/** Id and third cell of each row. */
const rows = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^\| ([A-Z]\d\d) \|[^|]*\| (.*) \|$/gm)].map(
  ([, id = '', told = '']) => ({ id, told }),
);
/** The ids with which titles begin, by file. */
const titled = new Map(
  readdirSync(folder)
    .filter(file => file.endsWith('.test.ts'))
    .map(file => {
      const text = readFileSync(join(folder, file), 'utf8');
      const titles = text.matchAll(/['"`]([A-Z]\d\d) /g);
      return [file, new Set([...titles].map(([, id = '']) => id))] as const;
    }),
);

test('each case has its row', () => {
  assert.equal(
    rows.map(({ id }) => id),
    ids,
  );
});

test('each row names all files with tests of its id, and no others; without one it says why', () => {
  for (const { id, told } of rows) {
    const named = [...told.matchAll(/\]\(([\w-]+\.test\.ts)\)/g)].map(([, file = '']) => file);
    const found = [...titled].filter(([, known]) => known.has(id)).map(([file]) => file);
    assert.equal(named.sort(), found.sort(), id);
    assert.ok(found.length > 0 || /^None.{60}/.test(told), `${id} has no test, and does not say why`);
  }
});

test('no title has an id without a row', () => {
  const known = new Set(ids);
  for (const [file, found] of titled) {
    assert.equal(
      [...found].filter(id => !known.has(id)),
      [],
      file,
    );
  }
});

test.run();
