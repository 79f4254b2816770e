import * as assert from 'uvu/assert';
import { excerpt } from '../../../../src/cli/output/excerpt.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('cli/output/excerpt');
/** The shown line and below it the marks. */
const lines = (line: string, from: number, length: number, width = 40) => {
  const { shown, before, marked } = excerpt(line, from, length, width);
  return [shown, `${' '.repeat(before)}${'^'.repeat(marked)}`];
};

test('a short line is shown whole', () => {
  assert.equal(lines('one two three', 4, 3), ['one two three', '    ^^^']);
});
test('a tab goes on to the next stop, and is marked whole', () => {
  assert.equal(lines('a\tbc', 2, 1), ['a   bc', '    ^']);
  assert.equal(lines('ab\tc', 0, 3), ['ab  c', '^^^^']);
});
test('Chinese characters take two columns, combining marks none', () => {
  assert.equal(lines('设置 x', 3, 1), ['设置 x', '     ^']);
  assert.equal(lines('a 设置', 2, 2), ['a 设置', '  ^^^^']);
  assert.equal(lines('e\u0301 x', 3, 1), ['e\u0301 x', '  ^']);
  assert.equal(lines('😀 x', 3, 1), ['😀 x', '   ^']);
});
test('what would steer the terminal is a blank', () => {
  assert.equal(lines('a\u001b[2Jb', 5, 1), ['a [2Jb', '     ^']);
});
test('no-break spaces are shown as what they look like', () => {
  assert.equal(lines('\u00a0x', 0, 1), ['\u00a0x', '^']);
});
test('a long line is cut at its end, at its start, or at both', () => {
  assert.equal(lines('abcdefghij', 1, 2, 5), ['abcd…', ' ^^']);
  assert.equal(lines('abcdefghij', 8, 2, 5), ['…ghij', '   ^^']);
  assert.equal(lines('abcdefghij', 4, 1, 5), ['…efg…', ' ^']);
});
test('what is meant is cut too when it is longer than the terminal', () => {
  assert.equal(lines('abcdefghij', 0, 10, 5), ['abcd…', '^^^^^']);
});
test('a line of megabytes is no matter', () => {
  const { shown, marked } = excerpt(`${'x'.repeat(5_000_000)}!${'y'.repeat(5_000_000)}`, 5_000_000, 1, 40);
  assert.equal([shown.length, marked], [40, 1]);
  assert.ok(shown.includes('x!y'));
});

test.run();
