import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { type Deadline, startDeadline } from '../../../checks/deadline.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('checks/deadline');

function setUp(clock: VirtualClock = new VirtualClock()) {
  const expired: [string, string | null, number][] = [];
  const start = (name: string, timeout: number): Deadline =>
    startDeadline(clock, timeout, { expired: late => expired.push([name, late, clock.now()]) });
  return { clock, expired, start };
}

test('it expires after its time, and not before', async () => {
  const { clock, expired, start } = setUp();
  start('a', 1000);
  await clock.advance(999);
  assert.equal(expired, []);
  await clock.advance(1);
  assert.equal(expired, [['a', null, 1000]]);
});

test('those of equal length share a timer, and when all are cancelled none is left', async () => {
  const { clock, expired, start } = setUp();
  const all: Deadline[] = [];
  for (let index = 0; index < 100; index++) {
    all.push(start(`${index}`, 1000), start(`${index}`, 2000));
    await clock.advance(1);
  }
  assert.is(clock.pending(), 2);
  for (const deadline of all.reverse()) deadline.cancel();
  assert.is(clock.pending(), 0);
  await clock.advance(5000);
  assert.equal(expired, []);
});

test('cancelling twice, or after the end, takes nothing from the others', async () => {
  const { clock, expired, start } = setUp();
  const first = start('a', 1000);
  start('b', 1000);
  first.cancel();
  first.cancel();
  start('c', 1000);
  await clock.advance(1000);
  first.cancel();
  start('d', 1000);
  await clock.advance(1000);
  assert.equal(
    expired.map(([name]) => name),
    ['b', 'c', 'd'],
  );
});

test('what came in time is read first: an answer in the turns after the end still counts', async () => {
  const { clock, expired, start } = setUp();
  const deadline = start('a', 1000);
  clock.at(1000, () => clock.at(1000, () => deadline.cancel()));
  await clock.advance(1000);
  assert.equal(expired, []);
  assert.is(clock.pending(), 0);
});

test('a loop that was late says so, one that was not late enough does not', async () => {
  for (const [span, words] of [
    [250, null],
    [251, 'our own loop was 251 ms late'],
    [10_000, 'our own loop was 10000 ms late'],
  ] as const) {
    const clock = new VirtualClock();
    const { expired, start } = setUp(clock);
    start('a', 1000);
    await clock.advance(999);
    clock.stall(span + 1);
    await clock.advance(10);
    assert.equal(
      expired.map(([name, late]) => [name, late]),
      [['a', words]],
    );
  }
});

test('one that begins after the loop stood still has all of its time', async () => {
  const clock = new VirtualClock();
  const { expired, start } = setUp(clock);
  start('a', 1000);
  await clock.advance(500);
  clock.stall(10_000);
  start('b', 1000);
  await clock.advance(999);
  assert.equal(
    expired.map(([name]) => name),
    ['a'],
  );
  await clock.advance(1);
  assert.equal(
    expired.map(([name, late]) => [name, late !== null]),
    [
      ['a', true],
      ['b', false],
    ],
  );
});

test('a deadline may begin while another ends', async () => {
  const { clock, expired, start } = setUp();
  startDeadline(clock, 1000, { expired: () => start('second', 1000) });
  start('beside', 1000);
  await clock.advance(2000);
  assert.equal(expired, [
    ['beside', null, 1000],
    ['second', null, 2000],
  ]);
});

test('longer than a timer of the system can be, and shorter than a millisecond', async () => {
  const { clock, expired, start } = setUp();
  start('long', 2 ** 33);
  start('short', 0.001);
  await clock.advance(1);
  await clock.advance(2 ** 33);
  assert.equal(expired, [
    ['short', null, 0.001],
    ['long', null, 2 ** 33],
  ]);
});

test('two clocks have nothing in common', async () => {
  const [one, two] = [setUp(), setUp()];
  one.start('a', 1000);
  two.start('b', 1000);
  one.start('c', 1000);
  await two.clock.advance(1000);
  assert.equal([one.expired.length, two.expired.length], [0, 1]);
  await one.clock.advance(1000);
  assert.is(one.expired.length, 2);
});

const action = fc.oneof(
  fc.record({ kind: fc.constant('start' as const), timeout: fc.constantFrom(0, 10, 25, 100, 0.5) }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('wait' as const), span: fc.constantFrom(0, 0.5, 5, 10, 40) }),
);

test('any starts, cancels and waits expire as with a timer for each', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async actions => {
      const { clock, expired, start } = setUp();
      const due = new Map<string, number>();
      const all: Deadline[] = [];
      const expected: [string, null, number][] = [];
      const wait = async (span: number): Promise<void> => {
        const end = clock.now() + span;
        const over = [...due].filter(([, at]) => at <= end).sort(([, a], [, b]) => a - b);
        for (const [name, at] of over) {
          expected.push([name, null, at]);
          due.delete(name);
        }
        await clock.advance(span);
      };
      for (const each of actions) {
        if (each.kind === 'wait') await wait(each.span);
        else if (each.kind === 'start') {
          due.set(`${all.length}`, clock.now() + each.timeout);
          all.push(start(`${all.length}`, each.timeout));
        } else if (all.length > 0) {
          const index = each.which % all.length;
          due.delete(`${index}`);
          all[index]?.cancel();
        }
        assert.ok(clock.pending() <= 5, 'a timer for each length');
      }
      await wait(1000);
      const sorted = (list: [string, string | null, number][]) =>
        list.sort(([a, , x], [b, , y]) => x - y || Number(a) - Number(b));
      assert.equal(sorted(expired), sorted(expected));
      assert.is(clock.pending(), 0);
    }),
    { numRuns: 200 },
  );
});

test.run();
