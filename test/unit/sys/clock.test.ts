import * as assert from 'uvu/assert';
import type { Ms } from '../../../src/model/time.ts';
import { chooseClock, createSparingClock, systemClock } from '../../../src/sys/clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/clock');

/** A clock that goes on by `step` with each reading, and turns of the loop that end when told to. */
function makeReadings(step: Ms) {
  const made = { count: 0, turns: [] as (() => void)[] };
  return {
    made,
    read: () => step * made.count++,
    onNextTurn: (run: () => void) => void made.turns.push(run),
    endTurn: () => {
      for (const run of made.turns.splice(0)) run();
    },
  };
}

test('where readings cost nothing each is one of its own', () => {
  assert.is(
    chooseClock(() => 0),
    systemClock,
  );
});

test('where a reading is a system call they are shared', () => {
  assert.is.not(chooseClock(makeReadings(0.01).read), systemClock);
});

test('eight readings of a turn are one', () => {
  const { made, read, onNextTurn } = makeReadings(1);
  const clock = createSparingClock(read, onNextTurn);
  const seen = Array.from({ length: 17 }, () => clock.now());
  assert.equal(seen, [...Array<number>(8).fill(0), ...Array<number>(8).fill(1), 2]);
  assert.is(made.count, 3);
  assert.is(made.turns.length, 1);
});

test('the next turn of the loop has a time of its own', () => {
  const { read, onNextTurn, endTurn } = makeReadings(1);
  const clock = createSparingClock(read, onNextTurn);
  assert.is(clock.now(), 0);
  endTurn();
  assert.is(clock.now(), 1);
  assert.is(clock.now(), 1);
  endTurn();
  assert.is(clock.now(), 2);
});

test('after its turn a real one is read anew, though nobody has waited for it', async () => {
  let time = 5;
  const clock = createSparingClock(() => time);
  assert.is(clock.now(), 5);
  time = 7;
  await new Promise(setImmediate);
  assert.is(clock.now(), 7);
});

test('what is due runs at the next turn, and not when it was cancelled', async () => {
  const clock = createSparingClock(() => 5);
  const ran: string[] = [];
  clock.at(5, () => ran.push('due'));
  clock.at(4, () => ran.push('cancelled'))();
  assert.equal(ran, []);
  await new Promise(setImmediate);
  assert.equal(ran, ['due']);
});

test.run();
