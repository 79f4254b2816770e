import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { CheckPlan, CheckResult } from '../../../src/model/check.ts';
import { suite } from '../../support/suite.ts';
import { createFakeRunner, failure, pass, planAsking } from './fake-runner.ts';

const test = suite('engine/probes');
const every = (ms: number) => ({ schedule: { kind: 'interval', every: ms } }) as const;
const cron = (expression: string) => ({ schedule: { kind: 'cron', expression } }) as const;

test('two checks that ask the same are run once, and both get the result', async () => {
  const { clock, use, runs, end, results, table } = createFakeRunner();
  use([planAsking('a', 'x'), planAsking('b', 'x'), planAsking('c', 'y')]);
  await clock.advance(0);
  assert.equal(
    runs.map(({ asks }) => asks),
    ['x', 'y'],
  );
  end('x');
  assert.equal(results, [
    ['a', true, 0],
    ['b', true, 0],
  ]);
  end('y', failure('refused'));
  assert.equal(
    [...table.values()].map(({ runs, failures, outcome, lastRunAt }) => [runs, failures, outcome, lastRunAt]),
    [
      [1, 0, 'ok', clock.wall()],
      [1, 0, 'ok', clock.wall()],
      [1, 1, 'refused', clock.wall()],
    ],
  );
  await clock.advance(1000);
  assert.is(runs.filter(({ asks }) => asks === 'x').length, 2);
});

test('of those who share the first to be due counts', async () => {
  const { clock, use, runs, runner, end } = createFakeRunner({ finished: () => {} });
  use([planAsking('a', 'x', every(5000)), planAsking('b', 'x', every(5000))]);
  const [a, b] = [planAsking('a', 'x').id, planAsking('b', 'x').id];
  for (const [first, second] of [
    [100, 5000],
    [5000, 100],
  ] as const) {
    await clock.advance(0);
    end('x');
    runner.schedule({ checker: a, after: first, from: 'end' });
    runner.schedule({ checker: b, after: second, from: 'end' });
    const before = runs.length;
    await clock.advance(100);
    assert.is(runs.length, before + 1);
  }
});

test('a retry does not stand behind a hundred checks that go on as planned', async () => {
  let sick = true;
  const answer = (asks: string): CheckResult => (asks === 'sick' && sick ? failure('refused') : pass);
  const { clock, use, asked, runner } = createFakeRunner({ answer });
  const names = Array.from({ length: 100 }, (_, index) => `${index}`);
  use([...names, 'sick'].map(name => planAsking(name, name, { ...every(1_000), delayBeforeRetry: 1_000 })));
  await clock.advance(0);
  assert.equal(asked(), [...names, 'sick']);
  assert.not(runner.isBehind());
  clock.stall(1_000);
  assert.ok(runner.isBehind());
  sick = false;
  await clock.advance(0);
  const order = asked();
  assert.is(order.length, 101);
  assert.ok(order.indexOf('sick') <= 32, `${order.indexOf('sick')}`);
  clock.stall(1_000);
  assert.not(runner.isBehind(), 'these are no retries');
});

test('a retry keeps its distance, whatever the others who share it would have and whoever joins', async () => {
  const { clock, use, runner, end, runs } = createFakeRunner({ finished: () => {} });
  const plan = (id: string, warmup = 0) => planAsking(id, 'x', { ...every(10_000), delayBeforeRetry: 30_000, warmup });
  const retry = { checker: plan('a').id, after: 30_000, from: 'end', retry: true } as const;
  // As of a virtual server that ha_suspend keeps still, or of one that is down already.
  const usual = { checker: plan('b').id, after: 10_000, from: 'end' } as const;
  for (const dues of [
    [retry, usual],
    [usual, retry],
  ]) {
    use([plan('a'), plan('b')]);
    await clock.advance(0);
    end('x', failure('refused'));
    for (const due of dues) runner.schedule(due);
    use([plan('a'), plan('b'), plan('c', 5000)]);
    const before = runs.length;
    await clock.advance(29_999);
    assert.is(runs.length, before);
    await clock.advance(26);
    assert.is(runs.length, before + 1);
    end('x');
    runner.schedule(usual);
    await clock.advance(10_100);
    assert.is(runs.length, before + 2, 'after the retry all is as it was');
    end('x');
    use([]);
  }
});

test('a check that a reload adds joins a run that is under way', async () => {
  const { clock, use, runs, end, results } = createFakeRunner();
  use([planAsking('a', 'x')]);
  await clock.advance(0);
  use([planAsking('a', 'x'), planAsking('b', 'x')]);
  await clock.advance(500);
  assert.is(runs.length, 1);
  end('x');
  assert.equal(
    results.map(([id]) => id),
    ['a', 'b'],
  );
});

test('one that leaves does not stop the others, and the last to leave aborts', async () => {
  const { clock, use, runs, results, end } = createFakeRunner();
  use([planAsking('a', 'x'), planAsking('b', 'x')]);
  await clock.advance(0);
  use([planAsking('b', 'x')]);
  assert.is(runs[0]?.aborted, false);
  end('x');
  assert.equal(results, [['b', true, 0]]);
  await clock.advance(1000);
  assert.is(runs.length, 2);
  use([]);
  assert.is(runs[1]?.aborted, true);
  await clock.advance(5000);
  assert.equal([runs.length, results.length], [2, 1]);
});

test('the result of an aborted run goes nowhere, not to a check that asks the same later either', async () => {
  const { clock, use, runs, results } = createFakeRunner();
  use([planAsking('a', 'x')]);
  await clock.advance(0);
  use([]);
  use([planAsking('b', 'x')]);
  runs[0]?.end(failure('refused'));
  await clock.advance(0);
  assert.equal(results, []);
  runs[1]?.end(pass);
  assert.equal(results, [['b', true, 0]]);
});

test('a bug in one receiver does not keep the others from the result', async () => {
  const { clock, use, runs, end, log, results } = createFakeRunner({
    finished: entry => {
      if (entry.plan.id === 'a') throw new Error('a bug');
    },
  });
  use([planAsking('a', 'x'), planAsking('b', 'x')]);
  await clock.advance(0);
  end('x');
  assert.equal(
    results.map(([id]) => id),
    ['a', 'b'],
  );
  assert.match(log.lines[0]?.message ?? '', /^bug while a result was taken in: /);
  await clock.advance(10_000);
  assert.is(runs.length, 2);
});

test('a reload that retimes one of two gives it a probe of its own', async () => {
  const { clock, use, runs } = createFakeRunner({ answer: () => pass });
  use([planAsking('a', 'x', every(60_000)), planAsking('b', 'x', every(60_000))]);
  await clock.advance(0);
  assert.is(runs.length, 1);
  use([planAsking('a', 'x', every(60_000)), planAsking('b', 'x', every(1000))]);
  await clock.advance(3500);
  assert.equal(
    runs.slice(1).map(({ at }) => at),
    [1000, 2000, 3000],
  );
});

test('a reload while a check runs that takes it out of its probe runs it anew at once', async () => {
  const { clock, use, runs, results } = createFakeRunner();
  use([planAsking('a', 'x', every(60_000))]);
  await clock.advance(0);
  use([planAsking('a', 'x', { ...every(60_000), retry: 3 })]);
  await clock.advance(0);
  assert.equal(
    runs.map(({ aborted }) => aborted),
    [true, false],
  );
  runs[1]?.end(pass);
  assert.equal(results, [['a', true, 0]]);
});

for (const [what, before, after] of [
  ['whose calendar changes', cron('0 3 * * *'), cron('0 4 * * *')],
  ['whose retry changes', cron('0 3 * * *'), { ...cron('0 3 * * *'), retry: 2 }],
  ['that gets a calendar', every(60_000), cron('0 4 * * *')],
] as const) {
  test(`a check ${what} before its first run, in it or before a retry is still run`, async () => {
    for (const when of ['before', 'in', 'retry'] as const) {
      const { clock, use, runs, end, results } = createFakeRunner();
      use([planAsking('a', 'x', { ...before, delayBeforeRetry: 5000 })]);
      if (when !== 'before') await clock.advance(0);
      if (when === 'retry') end('x', failure('refused'));
      const begun = runs.length;
      use([planAsking('a', 'x', { ...after, delayBeforeRetry: 5000 })]);
      await clock.advance(5000);
      assert.is(runs.length, begun + 1, when);
      end('x');
      assert.is(results.at(-1)?.[1], true, when);
    }
  });
}

test('cron checks that ask the same are run once at each time', async () => {
  const { clock, use, runs, calendars, results } = createFakeRunner({ answer: () => pass });
  use([planAsking('a', 'x', cron('* * * * *')), planAsking('b', 'x', cron('* * * * *'))]);
  await clock.advance(1000);
  assert.is(runs.length, 1);
  calendars.get('* * * * *')?.();
  await clock.advance(2000);
  assert.is(runs.length, 2);
  assert.is(results.length, 4);
  use([planAsking('b', 'x', cron('* * * * *'))]);
  assert.is(calendars.size, 1);
  use([]);
  assert.is(calendars.size, 0);
});

test('a checker that throws when it is to begin is a bug: told, no verdict, and the check runs on', async () => {
  let broken = true;
  const over = {
    begin: (_: unknown, __: unknown, receiver: { finished(result: CheckResult): void }) => {
      if (broken) throw new Error('a bug');
      queueMicrotask(() => receiver.finished(pass));
      return { abort: () => {} };
    },
  };
  const { clock, use, log, results, table } = createFakeRunner({ over });
  use([planAsking('a', 'x'), planAsking('b', 'y')]);
  await clock.advance(0);
  assert.equal(
    results.map(([id, ok]) => [id, ok]),
    [
      ['a', false],
      ['b', false],
    ],
  );
  const [entry] = table.values();
  assert.is(entry?.outcome, 'internal');
  assert.match(log.lines[0]?.message ?? '', /^bug in FAKE_CHECK: /);
  broken = false;
  await clock.advance(1000);
  assert.equal(
    results.slice(2).map(([id, ok]) => [id, ok]),
    [
      ['a', true],
      ['b', true],
    ],
  );
});

test('after close nothing is scheduled, whatever the health core still says', async () => {
  const { clock, use, runner, runs } = createFakeRunner({ answer: () => pass });
  use([planAsking('a', 'x')]);
  await clock.advance(0);
  runner.close();
  runner.schedule({ checker: planAsking('a', 'x').id, after: 100, from: 'end' });
  assert.is(clock.pending(), 0);
  await clock.advance(5000);
  assert.is(runs.length, 1);
});

/** Few ids, questions and timings, so that they meet. */
const anyPlan: fc.Arbitrary<CheckPlan> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    asks: fc.constantFrom('x', 'y'),
    every: fc.constantFrom(500, 1000, 3000),
    retry: fc.constantFrom(0, 1),
    delayBeforeRetry: fc.constantFrom(0, 100, 2000),
    warmup: fc.constantFrom(0, 400),
    pace: fc.constantFrom<'start' | 'end'>('start', 'end'),
  })
  .map(({ id, asks, every: ms, ...over }) => planAsking(`${id}>${asks}`, asks, { ...every(ms), ...over }));
const anyAction = fc.oneof(
  fc.record({ kind: fc.constant('reload' as const), plans: fc.array(anyPlan, { maxLength: 5 }) }),
  fc.record({ kind: fc.constant('wait' as const), span: fc.constantFrom(0, 25, 130, 1000) }),
  fc.record({
    kind: fc.constant('end' as const),
    which: fc.nat(5),
    result: fc.constantFrom(pass, failure('refused'), failure('internal'), failure('local')),
  }),
);

test('whatever reloads and results come, every check of the table has a next run within its interval', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyAction, { maxLength: 30 }), async actions => {
      const { clock, use, runs, table } = createFakeRunner();
      const over = new Set<(typeof runs)[number]>();
      for (const action of actions) {
        if (action.kind === 'reload') use([...new Map(action.plans.map(plan => [plan.id, plan])).values()]);
        else if (action.kind === 'wait') await clock.advance(action.span);
        const going = runs.filter(run => !run.aborted && !over.has(run));
        const chosen = action.kind === 'end' ? going[action.which % Math.max(1, going.length)] : undefined;
        if (chosen && action.kind === 'end') {
          over.add(chosen);
          chosen.end(action.result);
        }
        const now = clock.now();
        for (const { plan, probe } of table.values()) {
          assert.ok(probe, `${plan.id} has no probe`);
          assert.ok(!probe.over && probe.entries.some(entry => entry.plan === plan));
          if (probe.running) continue;
          const { schedule } = plan;
          assert.ok(probe.tick !== null, `${plan.id} is lost`);
          assert.ok(schedule.kind === 'interval' && probe.due <= now + Math.max(schedule.every, plan.delayBeforeRetry));
          const starts = probe.tick * 25;
          assert.ok(starts >= probe.due && starts < probe.due + 100, `${plan.id} starts at another time`);
          assert.ok(starts > now || action.kind !== 'wait', `${plan.id} is overdue`);
        }
        // One run of each question with each timing at a time.
        const probes = new Set([...table.values()].flatMap(({ probe }) => (probe?.running ? [probe] : [])));
        assert.is(runs.filter(run => !run.aborted && !over.has(run)).length, probes.size);
      }
    }),
    { numRuns: 300 },
  );
});

test.run();
