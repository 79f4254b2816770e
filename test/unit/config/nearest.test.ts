import * as assert from 'uvu/assert';
import { findNearest } from '../../../src/config/nearest.ts';
import { suite } from '../../support/suite.ts';

const test = suite('config/nearest');
const names = ['delay_loop', 'weight', 'SMTP_CHECK', 'retry'];

test('one letter too many, too few, wrong or swapped is near', () => {
  for (const word of ['dellay_loop', 'delay_lop', 'delay_loob', 'dealy_loop'])
    assert.is(findNearest(word, names), 'delay_loop');
  assert.is(findNearest('SMTP_CHEKC', names), 'SMTP_CHECK');
});
test('the same letters in another case are the nearest', () => {
  assert.is(findNearest('smtp_check', names), 'SMTP_CHECK');
});
test('a short word or a wholly other one is near to nothing', () => {
  assert.is(findNearest('wt', names), null);
  assert.is(findNearest('persistence', names), null);
});

test.run();
