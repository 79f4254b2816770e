import * as assert from 'uvu/assert';
import { readHexString } from '../../../checks/hex-string.ts';
import { suite } from '../../support/suite.ts';

const test = suite('hex string');

test('digits are read in pairs, and one alone before a blank is a byte', () => {
  assert.equal(readHexString('Ab12f 3 456', false)?.bytes, [0xab, 0x12, 0x0f, 0x03, 0x45, 0x06]);
  assert.equal(readHexString('  0 ', false)?.bytes, [0]);
});
test('x stands for any digit where that is allowed', () => {
  assert.equal(readHexString('1x xX x', true), { bytes: [0x10, 0, 0], mask: [0x0f, 0xff, 0x0f] });
  assert.is(readHexString('1x', false), null);
});
test('anything else is none', () => {
  for (const text of ['', ' ', 'zz', '0x10', '1\t2', '1-2']) assert.is(readHexString(text, false), null, text);
});

test.run();
