import * as assert from 'uvu/assert';
import { growthBetween } from '../../../../bench/report/soak.ts';
import type { SoakSample } from '../../../../bench/stage/plan.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('bench/report/soak');
const samplesOf = (heaps: readonly number[]): SoakSample[] =>
  heaps.map((heapBytes, second) => ({ seconds: second, heapBytes, residentBytes: 1, descriptors: 20 }));
const growth = (heaps: readonly number[]): number => growthBetween(samplesOf(heaps), sample => sample.heapBytes);

test('what grows while the agent becomes warm does not count', () => {
  assert.is(growth([1, 50, 100, 100, 100, 100, 100, 100]), 0);
});

test('what grows steadily is found', () => {
  assert.is(growth([100, 110, 120, 130, 140, 150, 160, 170]), 165 / 125 - 1);
});

test('what shrinks is negative', () => {
  assert.ok(growth([8, 7, 6, 5, 4, 3, 2, 1]) < 0);
});

test.run();
