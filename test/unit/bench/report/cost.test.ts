import * as assert from 'uvu/assert';
import { compare, costOf, findNoise, judge, rateOf } from '../../../../bench/report/cost.ts';
import type { Window } from '../../../../bench/stage/plan.ts';
import type { Work } from '../../../../bench/work.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('bench/report/cost');
const single: Work = { checker: 'tcp', targets: 10_000, copies: 1, delayLoop: 1 };
const shared: Work = { checker: 'tcp', targets: 1_000, copies: 10, delayLoop: 1 };
const lateness = (p50: number) => ({ p50, p99: p50 + 1, max: p50 + 2, count: 100 });
const quiet: Window = {
  seconds: 5,
  probes: 50_000,
  cpuSeconds: 2.5,
  residentBytes: 2 ** 20,
  stolen: 0,
  foreign: 0,
  retransmitted: 0,
  lateness: null,
  loopLag: null,
};
const spread = { median: 50, min: 49, max: 51 };

test('the cost of a check is CPU over checks, in microseconds', () => {
  assert.is(costOf(quiet, single), 50);
  assert.is(rateOf(quiet, single), 10_000);
});

test('a probe for ten virtual servers answers ten checks, if the next one comes a delay_loop later', () => {
  const probedOnce = { ...quiet, probes: 5_000, lateness: lateness(30) };
  assert.is(rateOf(probedOnce, shared), 10_000);
  assert.is(costOf(probedOnce, shared), 50);
  // Its intervals are exact on average, so half of them are shorter.
  assert.is(rateOf({ ...probedOnce, lateness: lateness(-2) }, shared), 10_000);
});

test('who probes for each virtual server by itself is given no more than that, however slow it is', () => {
  const slow = { ...quiet, probes: 5_000, lateness: lateness(-400) };
  assert.is(rateOf(slow, shared), 1_000);
});

test('where every real server is in one virtual server a probe is a check', () => {
  assert.is(rateOf({ ...quiet, lateness: lateness(30) }, single), 10_000);
});

test('the ratio is that of the medians, and each round has its own', () => {
  const { ratio, rounds } = compare([60, 66, 90], [60, 55, 50]);
  assert.is(ratio, 66 / 55);
  assert.equal(rounds, { median: 66 / 55, min: 1, max: 1.8 });
});

test('a ratio meets the aim, the must, or neither; the bound itself is met', () => {
  const bounds = { must: 1.3, aim: 1 };
  assert.is(judge(1, bounds), 'aim met');
  assert.is(judge(1.01, bounds), 'must met');
  assert.is(judge(1.3, bounds), 'must met');
  assert.is(judge(1.31, bounds), 'missed');
  assert.is(judge(Number.NaN, bounds), 'missed');
});

test('quiet windows with a narrow spread can be judged', () => {
  assert.is(findNoise([{ windows: [quiet, quiet], settledAfter: 2 }], [spread]), null);
});

for (const [what, disturbed] of [
  ['time stolen by other machines', { ...quiet, stolen: 0.06 }],
  ['other work on the core', { ...quiet, foreign: 0.11 }],
  ['segments sent twice', { ...quiet, retransmitted: 51 }],
] as const) {
  test(`${what} in half of the windows leaves nothing to judge, in fewer it does`, () => {
    assert.is(findNoise([{ windows: [quiet, disturbed], settledAfter: 2 }], [spread]), '1 of 2 windows disturbed');
    assert.is(findNoise([{ windows: [quiet, quiet, disturbed], settledAfter: 2 }], [spread]), null);
  });
}

test('the wider of two spreads decides', () => {
  const wide = { median: 50, min: 45, max: 60 };
  assert.is(findNoise([{ windows: [quiet], settledAfter: 2 }], [spread, wide]), 'spread 30 %');
});

test.run();
