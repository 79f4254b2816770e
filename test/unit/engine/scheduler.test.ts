import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { type Scheduled, Scheduler } from '../../../src/engine/scheduler.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('Scheduler');

interface Thing extends Scheduled {
  readonly id: string;
}
const createThing = (id: string): Thing => ({ id, due: 0, tick: null });

function setUp() {
  const clock = new VirtualClock();
  const ran: [string, number][] = [];
  const scheduler = new Scheduler<Thing>({ tick: 50 }, { clock, run: ({ id }) => ran.push([id, clock.now()]) });
  const things = new Map<string, Thing>();
  const thing = (id: string): Thing => {
    const known = things.get(id) ?? createThing(id);
    things.set(id, known);
    return known;
  };
  return {
    clock,
    ran,
    scheduler,
    set: (id: string, due: number, hurry?: boolean) => scheduler.set(thing(id), due, hurry),
    remove: (id: string) => scheduler.remove(thing(id)),
  };
}

test('runs at the first coarse tick at or after the due time, never before', async () => {
  const { clock, ran, set } = setUp();
  set('a', 120);
  set('b', 50);
  set('c', 51);
  await clock.advance(1000);
  assert.equal(ran, [
    ['b', 50],
    ['c', 100],
    ['a', 150],
  ]);
});

test('what is in no hurry waits for the next fourth tick', async () => {
  const { clock, ran, set } = setUp();
  set('a', 0, false);
  set('b', 1, false);
  set('c', 200, false);
  set('d', 201, false);
  set('e', 20, true);
  await clock.advance(1000);
  assert.equal(ran, [
    ['a', 0],
    ['e', 50],
    ['b', 200],
    ['c', 200],
    ['d', 400],
  ]);
});

/** What is due at 20 ms past a second and in no hurry, after so many starts in the second before; when it starts. */
async function startAfter(starts: number): Promise<number | undefined> {
  const { clock, ran, set } = setUp();
  for (let index = 0; index < starts; index++) set(`${index}`, 1_000 + Math.floor((index * 950) / starts));
  // Who counts looks at the clock when something starts.
  set('last', 2_000);
  await clock.advance(2_000);
  set('patient', 2_020, false);
  await clock.advance(1_000);
  return ran.find(([id]) => id === 'patient')?.[1];
}

test('the more starts a second, the shorter it waits; among many, for no more than a tick', async () => {
  assert.is(await startAfter(10), 2_200);
  assert.is(await startAfter(500), 2_200);
  assert.is(await startAfter(501), 2_100);
  assert.is(await startAfter(2_000), 2_100);
  assert.is(await startAfter(2_001), 2_050);
});

test('a later set moves the run, an earlier one too', async () => {
  const { clock, ran, set } = setUp();
  set('a', 100);
  set('a', 300);
  set('b', 500);
  set('b', 100);
  await clock.advance(1000);
  assert.equal(ran, [
    ['b', 100],
    ['a', 300],
  ]);
});

test('what was removed does not run', async () => {
  const { clock, ran, set, remove } = setUp();
  set('a', 100);
  remove('a');
  await clock.advance(1000);
  assert.equal(ran, []);
});

test('uses one timer, however many wait', () => {
  const { clock, scheduler, set } = setUp();
  for (let index = 0; index < 1000; index++) set(`${index}`, 1000 + ((index * 7919) % 1000));
  assert.is(clock.pending(), 1);
  scheduler.close();
  assert.is(clock.pending(), 0);
});

test('what is set for the past runs at once', async () => {
  const { clock, ran, set } = setUp();
  await clock.advance(500);
  set('a', 10);
  await clock.advance(0);
  assert.equal(ran, [['a', 500]]);
});

test('a run may set itself again', async () => {
  const clock = new VirtualClock();
  const times: number[] = [];
  const scheduler = new Scheduler<Thing>(
    { tick: 50 },
    {
      clock,
      run: thing => {
        times.push(clock.now());
        scheduler.set(thing, clock.now() + 100);
      },
    },
  );
  scheduler.set(createThing('a'), 0);
  await clock.advance(300);
  assert.equal(times, [0, 100, 200, 300]);
});

test('every id runs exactly once, in the order of ticks, whatever was set and removed', async () => {
  const actions = fc.array(
    fc.record({ id: fc.integer({ min: 0, max: 9 }), due: fc.option(fc.nat(2000), { nil: null }), hurry: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(actions, async list => {
      const { clock, ran, set, remove } = setUp();
      const expected = new Map<string, number>();
      for (const { id, due, hurry } of list) {
        if (due === null) {
          remove(`${id}`);
          expected.delete(`${id}`);
        } else {
          set(`${id}`, due, hurry);
          const span = hurry ? 50 : 200;
          expected.set(`${id}`, Math.ceil(due / span) * span);
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

test('a tick with many starts lets the loop go on in between, and skips none', async () => {
  const clock = new VirtualClock();
  const ran: number[] = [];
  let turns = 0;
  const scheduler = new Scheduler<Thing>({ tick: 50 }, { clock, run: ({ id }) => ran.push(Number(id)) });
  for (let index = 0; index < 100; index++) scheduler.set(createThing(`${index}`), 40);
  // As a socket that becomes readable meanwhile.
  const look = (): void => {
    if (ran.length > 0 && ran.length < 100) turns++;
    if (ran.length < 100) clock.at(clock.now(), look);
  };
  clock.at(50, look);
  await clock.advance(50);
  assert.equal(
    ran,
    Array.from({ length: 100 }, (_, index) => index),
  );
  assert.ok(turns >= 3, `${turns} turns`);
});

test('what a run sets for a time that is past comes after those that wait already', async () => {
  const { clock, ran, scheduler, set } = setUp();
  const again = createThing('again');
  let runs = 0;
  const other = new Scheduler<Thing>(
    { tick: 50 },
    {
      clock,
      run: thing => {
        ran.push([thing.id, clock.now()]);
        if (runs++ === 0) other.set(thing, 10);
      },
    },
  );
  other.set(again, 100);
  set('b', 100);
  await clock.advance(100);
  assert.equal(ran.map(([id]) => id).sort(), ['again', 'again', 'b']);
  scheduler.close();
});

test.run();
