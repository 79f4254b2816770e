import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { Scheduler } from '../../../src/engine/scheduler.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('Scheduler');

function setUp() {
  const clock = new VirtualClock();
  const ran: [string, number][] = [];
  const scheduler = new Scheduler<string>({ tick: 50 }, { clock, run: id => ran.push([id, clock.now()]) });
  return { clock, ran, scheduler };
}

test('runs at the first coarse tick at or after the due time, never before', async () => {
  const { clock, ran, scheduler } = setUp();
  scheduler.set('a', 120);
  scheduler.set('b', 50);
  scheduler.set('c', 51);
  await clock.advance(1000);
  assert.equal(ran, [
    ['b', 50],
    ['c', 100],
    ['a', 150],
  ]);
});

test('a later set moves the run, an earlier one too', async () => {
  const { clock, ran, scheduler } = setUp();
  scheduler.set('a', 100);
  scheduler.set('a', 300);
  scheduler.set('b', 500);
  scheduler.set('b', 100);
  await clock.advance(1000);
  assert.equal(ran, [
    ['b', 100],
    ['a', 300],
  ]);
});

test('what was removed does not run', async () => {
  const { clock, ran, scheduler } = setUp();
  scheduler.set('a', 100);
  scheduler.remove('a');
  await clock.advance(1000);
  assert.equal(ran, []);
});

test('uses one timer, however many wait', () => {
  const { clock, scheduler } = setUp();
  for (let index = 0; index < 1000; index++) scheduler.set(`${index}`, 1000 + ((index * 7919) % 1000));
  assert.is(clock.pending(), 1);
  scheduler.close();
  assert.is(clock.pending(), 0);
});

test('what is set for the past runs at once', async () => {
  const { clock, ran, scheduler } = setUp();
  await clock.advance(500);
  scheduler.set('a', 10);
  await clock.advance(0);
  assert.equal(ran, [['a', 500]]);
});

test('a run may set itself again', async () => {
  const clock = new VirtualClock();
  const times: number[] = [];
  const scheduler = new Scheduler<string>(
    { tick: 50 },
    {
      clock,
      run: id => {
        times.push(clock.now());
        scheduler.set(id, clock.now() + 100);
      },
    },
  );
  scheduler.set('a', 0);
  await clock.advance(300);
  assert.equal(times, [0, 100, 200, 300]);
});

test('every id runs exactly once, in the order of ticks, whatever was set and removed', async () => {
  const actions = fc.array(
    fc.record({ id: fc.integer({ min: 0, max: 9 }), due: fc.option(fc.nat(2000), { nil: null }) }),
  );
  await fc.assert(
    fc.asyncProperty(actions, async list => {
      const { clock, ran, scheduler } = setUp();
      const expected = new Map<string, number>();
      for (const { id, due } of list) {
        if (due === null) {
          scheduler.remove(`${id}`);
          expected.delete(`${id}`);
        } else {
          scheduler.set(`${id}`, due);
          expected.set(`${id}`, Math.ceil(due / 50) * 50);
        }
      }
      await clock.advance(3000);
      assert.equal(new Map(ran), expected);
      assert.is(ran.length, expected.size);
      assert.equal(
        ran.map(([, at]) => at),
        ran.map(([, at]) => at).sort((a, b) => a - b),
      );
    }),
    { numRuns: 60 },
  );
});

test.run();
