import * as assert from 'uvu/assert';
import { readEscapedText, readHexBytes } from '../../../checks/escaped-text.ts';
import { suite } from '../../support/suite.ts';

const test = suite('escaped text');

test('escapes are bytes, groups are numbers, and the rest is itself', () => {
  assert.equal(readEscapedText('a\\r\\n\\t\\0\\\\b'), { ok: true, parts: ['a\r\n\t\0\\b'] });
  assert.equal(readEscapedText('\\x00\\xfF1'), { ok: true, parts: ['\0\xff1'] });
  assert.equal(readEscapedText('é€'), { ok: true, parts: ['\xc3\xa9\xe2\x82\xac'] });
  assert.equal(readEscapedText('\\1'), { ok: true, parts: [1] });
  assert.equal(readEscapedText('a\\1\\2b\\\\1'), { ok: true, parts: ['a', 1, 2, 'b\\1'] });
  assert.equal(readEscapedText(''), { ok: true, parts: [] });
});

test('a backslash before anything else is a fault', () => {
  assert.equal(readEscapedText('\\q'), { ok: false, message: '\\q means nothing' });
  assert.equal(readEscapedText('\\x4'), { ok: false, message: '\\x means nothing' });
  assert.equal(readEscapedText('\\'), { ok: false, message: 'a backslash stands at its end' });
});

test('bytes are pairs of hexadecimal digits, in any number of words', () => {
  assert.is(readHexBytes(['50', '4f4E']), 'PON');
  for (const words of [[], [''], ['5'], ['5g'], ['0x50']]) assert.is(readHexBytes(words), undefined, words.join());
});

test.run();
