import * as assert from 'uvu/assert';
import { type CheckerState, createChecker } from '../../../src/health/checker-state.ts';
import { adoptRealServer, createRealServer, judgeRealServer, wordOf } from '../../../src/health/real-server.ts';
import { suite } from '../../support/suite.ts';
import { makeCheck, makeRs } from './make.ts';

const test = suite('health/real-server');

const unknown = createChecker('up');
const alpha = createChecker('down');
const up: CheckerState = { ...unknown, verdict: 'up' };
const down: CheckerState = { ...unknown, verdict: 'down' };
const twoChecks = makeRs(1, { weight: 10, checks: [makeCheck('a'), makeCheck('b')] });

function judge(checkers: readonly CheckerState[]) {
  return judgeRealServer(twoChecks, { checkers, assumed: 'up' });
}

test('all checks must be up', () => {
  assert.equal(judge([up, up]), { health: 'up', inService: true, weight: 10 });
  assert.equal(judge([up, down]), { health: 'down', inService: false, weight: 10 });
});

test('a missing verdict leaves it unknown, in service unless alpha', () => {
  assert.equal(judge([up, unknown]), { health: 'unknown', inService: true, weight: 10 });
  assert.equal(judge([up, alpha]), { health: 'unknown', inService: false, weight: 10 });
  assert.equal(judge([alpha, unknown]), { health: 'unknown', inService: false, weight: 10 });
});

test('one verdict "down" decides, whatever is missing', () => {
  assert.is(judge([unknown, down]).health, 'down');
  assert.is(judge([alpha, down]).health, 'down');
});

test('a real server without checks is up', () => {
  assert.equal(judgeRealServer(makeRs(1, { checks: [] }), { checkers: [], assumed: 'up' }), {
    health: 'up',
    inService: true,
    weight: 1,
  });
});

test('a real server that lost a check to a fault in the file is never up, but can be down', () => {
  const plan = makeRs(1, { unchecked: 'no such file' });
  assert.is(judgeRealServer(plan, { checkers: [up], assumed: 'up' }).health, 'unknown');
  assert.is(judgeRealServer(plan, { checkers: [up], assumed: 'up' }).inService, true);
  assert.is(judgeRealServer(plan, { checkers: [up], assumed: 'down' }).inService, false);
  assert.is(judgeRealServer(plan, { checkers: [down], assumed: 'up' }).health, 'down');
});

test('a wish may be relative to the configured weight', () => {
  assert.is(judge([up, { ...up, weight: { delta: -4 } }]).weight, 6);
  assert.is(
    judge([
      { ...up, weight: { delta: 3 } },
      { ...up, weight: 2 },
    ]).weight,
    5,
  );
  assert.is(judge([up, { ...up, weight: { delta: -40 } }]).weight, 0);
  assert.is(judge([up, { ...up, weight: { percent: 75 } }]).weight, 8, 'a part that is not 0 is rounded up');
  assert.is(judge([up, { ...up, weight: { percent: 0 } }]).weight, 0);
});

test('K08: dynamic weights add up relative to the configured one', () => {
  assert.is(judge([up, { ...up, weight: 2 }]).weight, 2);
  assert.is(
    judge([
      { ...up, weight: 15 },
      { ...up, weight: 12 },
    ]).weight,
    17,
  );
});

test('the effective weight stays within 0..65535', () => {
  assert.is(
    judge([
      { ...up, weight: 0 },
      { ...up, weight: 3 },
    ]).weight,
    0,
  );
  assert.is(
    judge([
      { ...up, weight: 65_535 },
      { ...up, weight: 65_535 },
    ]).weight,
    65_535,
  );
});

test('weight 0 is drained, not down', () => {
  assert.equal(judge([up, { ...up, weight: 0 }]), { health: 'up', inService: true, weight: 0 });
});

test('before the start only alpha checks are assumed down', () => {
  const plan = makeRs(1, { checks: [makeCheck('a', { alpha: true }), makeCheck('b')] });
  assert.equal(createRealServer(plan).checkers, [alpha, unknown]);
});

test('a check that is new on a server that is down must pass first', () => {
  const adopted = adoptRealServer(twoChecks, {
    standing: { health: 'down', inService: false },
    assumed: 'up',
    checker: id => (id === 'a' ? up : undefined),
  });
  assert.is(adopted.checkers[0], up);
  assert.is(adopted.checkers[1]?.verdict, 'down');
});

test('a check that is new on a server in service does not take it out, alpha or not', () => {
  const plan = makeRs(1, { checks: [makeCheck('a', { alpha: true })] });
  const adopt = (inService: boolean) =>
    adoptRealServer(plan, { standing: { health: 'unknown', inService }, assumed: 'up', checker: () => undefined });
  assert.equal(adopt(true).checkers, [unknown]);
  assert.equal(adopt(false).checkers, [alpha]);
});

test('a server that was down stays out when a fault in the file leaves it unchecked', () => {
  const plan = makeRs(1, { checks: [], unchecked: 'no such file' });
  const adopt = (health: 'up' | 'down' | 'unknown', assumed: 'up' | 'down') =>
    adoptRealServer(plan, { standing: { health, inService: health === 'up' }, assumed, checker: () => undefined })
      .assumed;
  assert.is(adopt('down', 'up'), 'down');
  assert.is(adopt('unknown', 'down'), 'down');
  assert.is(adopt('unknown', 'up'), 'up');
  assert.is(adopt('up', 'down'), 'up');
});

test('scripts and mails say UP for what is in service', () => {
  assert.is(wordOf({ inService: true }), 'UP');
  assert.is(wordOf({ inService: false }), 'DOWN');
});

test.run();
