import * as assert from 'uvu/assert';
import { cutShellWords } from '../../../../src/config/values/shell-words.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('config/shell-words');
const words = (text: string) => {
  const cut = cutShellWords(text);
  return cut.ok ? cut.words : cut.message;
};

test('both quotation marks quote, and adjacent pieces join', () => {
  assert.equal(words(`abcd" efg h"x 'a b'`), ['abcd efg hx', 'a b']);
  assert.equal(words(`"it's" ''`), ["it's", '']);
});
test('escapes are resolved in and out of quotation marks', () => {
  assert.equal(words(String.raw`a\ b \"x\" "\\" \x41\102\cA`), ['a b', '"x"', '\\', 'AB\x01']);
  assert.equal(words(String.raw`\n\t\E`), ['\n\t\x1b']);
  assert.equal(words(String.raw`\x`), ['x']);
});
test('escapes are kept for a second cutting when asked for', () => {
  const cut = cutShellWords(String.raw`"a\ b" \'`, true);
  assert.equal(cut, { ok: true, words: [String.raw`a\ b`, String.raw`\'`] });
});
test('an open quotation mark and a lonely backslash are faults', () => {
  assert.equal(words(`a 'b`), "the closing ' is missing");
  assert.equal(words('a\\'), 'a backslash ends the line');
});

test.run();
