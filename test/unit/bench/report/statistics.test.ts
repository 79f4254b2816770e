import * as assert from 'uvu/assert';
import { median, quantile, relativeSpread, spreadOf } from '../../../../bench/report/statistics.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('bench/report/statistics');

test('the median is the value in the middle, or the mean of two', () => {
  assert.is(median([9, 1, 5]), 5);
  assert.is(median([9, 1, 5, 6]), 5.5);
  assert.ok(Number.isNaN(median([])));
});

test('the order of the values does not matter, and they stay as they are', () => {
  const values = [100, 20, 3];
  assert.equal(spreadOf(values), { median: 20, min: 3, max: 100 });
  assert.equal(values, [100, 20, 3]);
});

test('the relative spread is the distance between the extremes over the median', () => {
  assert.is(relativeSpread({ median: 50, min: 45, max: 55 }), 0.2);
});

test('a quantile is one of the values, and as many as it says are not above it', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  assert.is(quantile(values, 0.99), 198);
  assert.is(quantile(values, 0.5), 100);
  assert.is(quantile(values, 1), 200);
  assert.is(quantile([7], 0.01), 7);
});

test.run();
