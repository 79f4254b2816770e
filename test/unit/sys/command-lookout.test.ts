import * as assert from 'uvu/assert';
import { createLookout } from '../../../src/sys/command-lookout.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('command lookout');

function setUp() {
  const clock = new VirtualClock();
  const seen = { clock, running: 0, ended: 0, looks: 0, listeners: new Set<() => void>() };
  const lookout = createLookout({
    clock,
    onDeath(run) {
      seen.listeners.add(run);
      return () => seen.listeners.delete(run);
    },
    reap() {
      seen.looks++;
      seen.running -= seen.ended;
      seen.ended = 0;
      return seen.running;
    },
  });
  const start = (): void => {
    seen.running++;
    lookout.expect();
  };
  const die = (): void => {
    seen.ended++;
    for (const run of seen.listeners) run();
  };
  return Object.assign(seen, { lookout, start, die });
}

test('those that end soon after they were started are found by one look', async () => {
  const stage = setUp();
  for (let count = 0; count < 5; count++) stage.start();
  for (let count = 0; count < 5; count++) stage.die();
  await stage.clock.advance(1000);
  assert.is(stage.looks, 1);
  assert.is(stage.running, 0);
  assert.is(stage.clock.pending(), 0);
});

test('a command of some milliseconds is found by a later look, and none has to be told of its death', async () => {
  const stage = setUp();
  stage.start();
  await stage.clock.advance(20);
  assert.is(stage.listeners.size, 0);
  stage.die();
  await stage.clock.advance(20);
  assert.is(stage.running, 0);
});

test('of a long command its death tells, at once and without looks in between', async () => {
  const stage = setUp();
  stage.start();
  await stage.clock.advance(100);
  const { looks } = stage;
  await stage.clock.advance(60_000);
  assert.is(stage.looks, looks);
  stage.die();
  assert.is(stage.running, 0);
  assert.is(stage.listeners.size, 0);
  assert.is(stage.clock.pending(), 0);
});

test('beside a long command a short one is told of at once', async () => {
  const stage = setUp();
  stage.start();
  await stage.clock.advance(100);
  stage.start();
  stage.die();
  assert.is(stage.running, 1);
  assert.is(stage.listeners.size, 1);
  assert.is(stage.clock.pending(), 0);
});

test('a death just before it is listened to is not missed', async () => {
  const stage = setUp();
  const { add } = stage.listeners;
  stage.listeners.add = run => {
    stage.ended++;
    return add.call(stage.listeners, run);
  };
  stage.start();
  await stage.clock.advance(100);
  assert.is(stage.running, 0);
  assert.is(stage.listeners.size, 0);
});

test('a look out of turn finds what has ended, and leaves the rest to its time', async () => {
  const stage = setUp();
  stage.start();
  stage.start();
  stage.die();
  stage.lookout.look();
  assert.is(stage.running, 1);
  stage.die();
  await stage.clock.advance(8);
  assert.is(stage.running, 0);
});

test.run();
