import * as assert from 'uvu/assert';
import { findCronGaps } from '../../../../src/config/values/cron-gap.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('config/cron-gap');
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const gaps = (expression: string) => {
  const { shortest, longest } = findCronGaps(expression);
  return [shortest, longest];
};

test('steps over the whole range are even', () => {
  assert.equal(gaps('*/10 * * * * *'), [10 * second, 10 * second]);
  assert.equal(gaps('*/5 * * * *'), [5 * minute, 5 * minute]);
  assert.equal(gaps('* * * * * *'), [second, second]);
});
test('a step that does not divide its range has a short gap at the end', () => {
  assert.equal(gaps('*/25 * * * *'), [10 * minute, 25 * minute]);
});
test('hours of the day leave the night, and weekdays the weekend', () => {
  assert.equal(gaps('0 9-17 * * *'), [hour, 16 * hour]);
  assert.equal(gaps('0 9-17 * * mon-fri'), [hour, 2 * day + 16 * hour]);
});
test('once a day, a month, a year; fields must all match', () => {
  assert.equal(gaps('0 3 * * *'), [day, day]);
  assert.equal(gaps('0 0 1 * *'), [28 * day, 31 * day]);
  assert.equal(gaps('0 0 29 2 *'), [1461 * day, 1461 * day]);
  assert.equal(gaps('0 0 13 * Friday'), [28 * day, 427 * day]);
});
test('Sunday is 0 and 7, and ranges may go over the end', () => {
  assert.equal(gaps('0 0 * * 7'), gaps('0 0 * * 0'));
  assert.equal(gaps('0 22-2 * * *'), [hour, 20 * hour]);
  assert.equal(gaps('0 0 1 nov-feb *'), [30 * day, 273 * day + day]);
});
test('a day that there is not has no second run', () => {
  assert.equal(gaps('0 0 30 2 *'), [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test.run();
