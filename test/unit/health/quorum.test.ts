import * as assert from 'uvu/assert';
import { describeQuorum, isQuorumLost, mailQuorum, nextQuorum, type QuorumState } from '../../../src/health/quorum.ts';
import { suite } from '../../support/suite.ts';

const test = suite('health/quorum');

function play(quorum: number, hysteresis: number, weights: readonly number[], start: QuorumState = 'down'): string {
  let state = start;
  return weights
    .map(weight => {
      state = nextQuorum({ quorum, hysteresis }, state, weight, weight);
      return state === 'up' ? 'U' : state === 'down' ? 'D' : '?';
    })
    .join('');
}

test('K09: quorum 2, hysteresis 1, three servers: lost only at 0, regained only at 3', () => {
  assert.is(play(2, 1, [3, 2, 1, 0, 1, 2, 3]), 'UUUDDDU');
});

test('K09: quorum 1 without hysteresis follows the one server', () => {
  assert.is(play(1, 0, [1, 0, 1]), 'UDU');
});

test('K09: quorum 1, hysteresis 1: up when both are, down when none is', () => {
  assert.is(play(1, 1, [1, 2, 1, 0, 1, 2]), 'DUUDDU');
});

test('weights count, not servers', () => {
  assert.is(play(100, 10, [109, 110, 90, 89, 100, 110]), 'DUUDDU');
});

test('a quorum of 0 is not gained by nothing', () => {
  assert.is(play(0, 0, [0, 0, 1, 0]), 'DDUD');
});

test('before the first decision a missing verdict that matters leaves it open', () => {
  const rule = { quorum: 2, hysteresis: 0 };
  assert.is(nextQuorum(rule, 'unknown', 1, 2), 'unknown');
  assert.is(nextQuorum(rule, 'unknown', 1, 1), 'down');
  assert.is(nextQuorum(rule, 'unknown', 2, 2), 'up');
  assert.is(nextQuorum(rule, 'up', 0, 2), 'up');
  assert.is(nextQuorum(rule, 'up', 0, 1), 'down');
  assert.is(nextQuorum(rule, 'down', 1, 2), 'down');
});

test('the words are keepalived’s, the comparison is the true one', () => {
  const rule = { quorum: 2, hysteresis: 1 };
  assert.is(describeQuorum(rule, 'down', 'up', 3), 'Gained quorum 2+1=3 <= 3');
  assert.is(describeQuorum(rule, 'up', 'down', 0), 'Lost quorum 2-1=1 > 0');
  assert.is(describeQuorum({ quorum: 1, hysteresis: 1 }, 'up', 'down', 0), 'Lost quorum 1-1=0 = 0');
  assert.is(describeQuorum(rule, 'unknown', 'up', 5), 'Starting with quorum up 2+1=3 <= 5');
  assert.is(describeQuorum(rule, 'unknown', 'down', 2), 'Starting with quorum down 2+1=3 > 2');
});

test('nothing alive is always a loss', () => {
  assert.ok(isQuorumLost({ quorum: 1, hysteresis: 1 }, 0));
  assert.not.ok(isQuorumLost({ quorum: 1, hysteresis: 1 }, 1));
});

test('a mail has one template for gain and loss, as keepalived’s', () => {
  const rule = { quorum: 2, hysteresis: 1 };
  assert.is(mailQuorum(rule, 'down', 'up', 3), 'Gained quorum 2+1=3 <= 3');
  assert.is(mailQuorum(rule, 'up', 'down', 0), 'Lost quorum 2+1=1 <= 0');
  assert.is(mailQuorum(rule, 'unknown', 'down', 2), 'Starting with quorum down 2+1=3 <= 2');
});

test.run();
