import * as assert from 'uvu/assert';
import { cut, formatTable } from '../../../../src/cli/output/table.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('cli/output/table');
const plain = { colours: false };

test('columns are as wide as their widest cell, and no line ends in blanks', () => {
  assert.equal(
    formatTable(
      [{ title: 'A' }, { title: 'LONG' }, { title: 'C' }],
      [
        ['xxx', 'y', ''],
        ['', '', 'z'],
      ],
      plain,
    ),
    ['A    LONG  C', 'xxx  y', '           z'],
  );
});

test('numbers stand at the right', () => {
  assert.equal(formatTable([{ title: 'N', align: 'right' }], [['5'], ['100']], plain), ['  N', '  5', '100']);
});

test('a line is cut to the width of the terminal', () => {
  const lines = formatTable([{ title: 'A' }, { title: 'DETAIL' }], [['x', 'a long story of a failure']], {
    ...plain,
    width: 12,
  });
  assert.equal(lines, ['A  DETAIL', 'x  a long s…']);
});

test('a terminal narrower than the first column gets what fits', () => {
  const [, line] = formatTable([{ title: 'A' }, { title: 'B' }], [['0123456789', 'b']], { ...plain, width: 4 });
  assert.is(line, '012…');
});

test('colours do not count as width', () => {
  const [, first, second] = formatTable(
    [{ title: 'S' }, { title: 'D' }],
    [
      [{ text: 'up', style: 'green' }, 'x'],
      ['down', 'y'],
    ],
    { colours: true },
  );
  assert.is(first, '\u001b[32mup  \u001b[39m  x');
  assert.is(second, 'down  y');
});

test('what a server says cannot steer the terminal', () => {
  const [, line] = formatTable([{ title: 'D' }], [['a\u001b[2Jb\nc\u202ed']], plain);
  assert.is(line, 'a [2Jb c d');
});

test('a text that fits is not cut', () => {
  assert.is(cut('abc', 3), 'abc');
  assert.is(cut('abcd', 3), 'ab…');
  assert.is(cut('abc', 0), '');
});

test.run();
