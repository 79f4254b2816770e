import * as assert from 'uvu/assert';
import { formatSpan, formatTime, parseSpan } from '../../../../src/cli/output/time.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('cli/output/time');

test('a time is local, and sorts as text', () => {
  assert.match(formatTime(1_767_225_600_042), /^202[56]-\d\d-\d\d \d\d:\d\d:00$/);
});

test('spans are read by eye: the two biggest units', () => {
  assert.is(formatSpan(0), '0ms');
  assert.is(formatSpan(12_999), '12s');
  assert.is(formatSpan(200_000), '3m20s');
  assert.is(formatSpan(3_600_000), '1h');
  assert.is(formatSpan(90_061_000), '1d1h');
  assert.is(formatSpan(-5), '0ms', 'clocks may differ');
});

test('spans are written with a number and a unit', () => {
  assert.is(parseSpan('24h'), 86_400_000);
  assert.is(parseSpan('1d12h'), 129_600_000);
  assert.is(parseSpan('1.5m'), 90_000);
  for (const text of ['', '24', 'h', '-1h', '1y', '1h ago']) assert.is(parseSpan(text), null, text);
});

test.run();
