import * as assert from 'uvu/assert';
import { CheckRunner } from '../../../src/engine/check-runner.ts';
import { CheckTable } from '../../../src/engine/check-table.ts';
import type { Checker, CheckResult } from '../../../src/model/check.ts';
import { makeContext } from '../../../testing/check-context.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { planCheck, planRealServer, planVirtualServer } from '../../support/plans.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';
import { fakeChecker } from '../config/read-text.ts';

const test = suite('CheckRunner');

/** A runner over a fake checker whose runs end when the test says so. */
function setUp(plans = [planCheck('a')], draw: number | (() => number) = 0.5, over: Partial<Checker> = {}) {
  const clock = new VirtualClock();
  const log = new RecordingLog();
  const table = new CheckTable();
  const starts: number[] = [];
  const ends: ((result: CheckResult) => void)[] = [];
  const finished: [string, boolean][] = [];
  let overruns = 0;
  const calendars = new Map<string, () => void>();
  const checker: Checker = {
    keyword: 'FAKE_CHECK',
    doc: 'A check that ends when told.',
    params: [],
    defaultRetry: 0,
    defaultDelayBeforeRetry: 0,
    pace: 'end',
    mail: { up: '', down: '' },
    plan: () => [],
    longest: () => 1000,
    check: () => {
      starts.push(clock.now());
      return new Promise((resolve, reject) => {
        ends.push(result => (result.detail === 'throw' ? reject(new Error('a bug')) : resolve(result)));
      });
    },
    ...over,
  };
  const runner = new CheckRunner({
    table,
    checkers: [checker],
    context: makeContext({ clock }),
    calendar: (expression, run) => {
      calendars.set(expression, run);
      return () => void calendars.delete(expression);
    },
    random: typeof draw === 'number' ? () => draw : draw,
    log,
    overran: () => {
      overruns++;
    },
    finished: (entry, result) => {
      if (result.detail === 'indigestible') throw new Error('a bug');
      finished.push([entry.plan.id, result.ok]);
      return result.detail === 'goes on';
    },
  });
  const { added } = table.replace([planVirtualServer([planRealServer(2, { checks: plans })])]);
  return { clock, log, table, runner, added, starts, ends, finished, calendars, overruns: () => overruns };
}

/** The same over a check that passes at once and goes on as planned. */
function setUpGoingOn(plans: Parameters<typeof setUp>[0], draw: Parameters<typeof setUp>[1]) {
  const starts: number[] = [];
  const check = async (): Promise<CheckResult> => {
    starts.push(stage.clock.now());
    return { ...pass, detail: 'goes on' };
  };
  const stage = setUp(plans, draw, { check });
  return { ...stage, starts };
}

const pass: CheckResult = { ok: true, took: 1, detail: '' };

test('the first run comes at the drawn part of the warmup', async () => {
  const { clock, runner, added, starts } = setUp();
  for (const entry of added) runner.add(entry, 1000);
  await clock.advance(2000);
  assert.equal(starts, [500]);
});

for (const { draw, span, first } of [
  { draw: 0.5, span: 500, first: 250 },
  { draw: 0.9, span: 200, first: 200 },
  { draw: 0.9, span: 1000, first: 900 },
]) {
  test(`a first run within ${span} ms is followed by runs all over the warmup: drawn ${draw}`, async () => {
    const { clock, runner, added, starts } = setUpGoingOn([planCheck('a', { warmup: 1000 })], draw);
    for (const entry of added) runner.add(entry, span);
    await clock.advance(4000);
    const place = 1000 * draw;
    const second = place - first < 500 ? place + 1000 : place;
    assert.equal(starts.slice(0, 3), [first, second, second + 1000]);
  });
}

test('of those who share a probe the earliest draw counts, for what comes later too', async () => {
  for (const draws of [
    [0.8, 0.2],
    [0.2, 0.8],
  ]) {
    const plans = ['a', 'b'].map(id => planCheck(id, { spec: 'the same', warmup: 1000 }));
    const { clock, runner, added, starts } = setUpGoingOn(plans, () => draws.shift() ?? 1);
    for (const entry of added) runner.add(entry, 500);
    await clock.advance(1500);
    assert.equal(starts, [100, 1200]);
  }
});

test('a check that is still running is not started a second time', async () => {
  const { clock, runner, added, starts, ends, finished } = setUp();
  for (const entry of added) runner.add(entry, 0);
  await clock.advance(10);
  for (const entry of added) runner.schedule({ checker: entry.plan.id, after: 100, from: 'end' });
  await clock.advance(1000);
  assert.equal(starts.length, 1);
  ends[0]?.(pass);
  await clock.advance(10);
  assert.equal(finished, [['a', true]]);
});

test('a due time counted from the start that is already past means at once', async () => {
  const { clock, runner, added, starts, ends } = setUp();
  for (const entry of added) runner.add(entry, 0);
  await clock.advance(3000);
  ends[0]?.(pass);
  await clock.advance(0);
  for (const entry of added) runner.schedule({ checker: entry.plan.id, after: 1000, from: 'start' });
  await clock.advance(60);
  assert.equal(starts, [0, 3000]);
});

test('a checker that throws is a bug: logged, and not a verdict', async () => {
  const { clock, log, runner, added, ends, finished, table } = setUp();
  for (const entry of added) runner.add(entry, 0);
  await clock.advance(0);
  ends[0]?.({ ok: true, took: 0, detail: 'throw' });
  await clock.advance(0);
  assert.equal(finished, [['a', false]]);
  const [entry] = table.values();
  assert.is(entry?.outcome, 'internal');
  assert.match(log.lines[0]?.message ?? '', 'bug in FAKE_CHECK');
});

test('a checker that throws before it has a promise is the same bug', async () => {
  const over = {
    check: () => {
      throw new Error('a bug');
    },
  };
  const { clock, log, runner, added, finished } = setUp([planCheck('a')], 0, over);
  for (const entry of added) runner.add(entry, 0);
  await clock.advance(0);
  assert.equal(finished, [['a', false]]);
  assert.match(log.lines[0]?.message ?? '', 'bug in FAKE_CHECK');
});

test('a push check runs at once and whenever it is woken, never twice at the same time', async () => {
  let wake = (): void => {};
  const over: Partial<Checker> = {
    watch: (_, __, run) => {
      wake = run;
    },
  };
  const { clock, runner, added, starts, ends, finished } = setUp([planCheck('a')], 0.5, over);
  for (const entry of added) runner.add(entry, 1000);
  await clock.advance(0);
  assert.equal(starts, [0]);
  wake();
  wake();
  assert.is(starts.length, 1);
  ends[0]?.(pass);
  await clock.advance(5);
  assert.is(starts.length, 2, 'what came while it ran is looked at afterwards');
  ends[1]?.(pass);
  await clock.advance(5);
  assert.is(starts.length, 2);
  wake();
  assert.is(starts.length, 3);
  for (const entry of added) runner.remove(entry);
  ends[2]?.(pass);
  await clock.advance(5);
  wake();
  assert.equal([starts.length, finished.length], [3, 2]);
});

test('from a reload on its checkers run the checks', async () => {
  const { clock, runner, added, starts, finished } = setUp();
  runner.use([{ ...fakeChecker('FAKE_CHECK'), check: async () => pass }]);
  for (const entry of added) runner.add(entry, 0);
  await clock.advance(0);
  assert.equal(finished, [['a', true]]);
  assert.equal(starts, []);
});

test('a result that comes after the check was removed is dropped', async () => {
  const { clock, runner, added, ends, finished } = setUp();
  for (const entry of added) runner.add(entry, 0);
  await clock.advance(0);
  for (const entry of added) runner.remove(entry);
  ends[0]?.(pass);
  await clock.advance(0);
  assert.equal(finished, []);
});

test('checks of one cron expression share one task and start spread over a second', async () => {
  const schedule = { kind: 'cron', expression: '*/5 * * * * *' } as const;
  const plans = ['a', 'b', 'c', 'd'].map(id => planCheck(id, { schedule }));
  const { clock, runner, added, starts, ends, calendars } = setUp(plans);
  for (const entry of added) runner.add(entry, 0);
  await clock.advance(0);
  assert.equal(starts, [0, 0, 0, 0]);
  for (const end of ends) end(pass);
  await clock.advance(4000);
  assert.is(calendars.size, 1);
  calendars.get('*/5 * * * * *')?.();
  await clock.advance(2000);
  assert.equal(starts.slice(4), [4000, 4250, 4500, 4750]);
  for (const entry of added) runner.remove(entry);
  assert.is(calendars.size, 0);
});

test('a reload that shortens the interval brings the next run forward, never back', async () => {
  const { clock, runner, added, starts } = setUp([planCheck('a', { schedule: { kind: 'interval', every: 60_000 } })]);
  const [entry] = added;
  assert.ok(entry);
  runner.add(entry, 120_000);
  entry.plan = planCheck('a', { schedule: { kind: 'interval', every: 2000 } });
  runner.keep(entry);
  await clock.advance(3000);
  assert.equal(starts, [2000]);
});

test('after close nothing starts and what runs is aborted', async () => {
  const { clock, runner, added, starts, finished, ends } = setUp();
  for (const entry of added) runner.add(entry, 0);
  await clock.advance(0);
  runner.close();
  ends[0]?.(pass);
  await clock.advance(5000);
  assert.is(starts.length, 1);
  assert.equal(finished, []);
});

test('a bug in what takes a result in is logged, and the check is run again', async () => {
  const { clock, log, runner, added, starts, ends } = setUp([planCheck('a')], 0);
  for (const entry of added) runner.add(entry, 0);
  await clock.advance(0);
  ends[0]?.({ ok: true, took: 1, detail: 'indigestible' });
  await clock.advance(10_000);
  assert.equal(starts, [0, 10_000]);
  assert.is(log.lines.filter(({ level }) => level === 'error').length, 1);
  runner.close();
});

test('a time of a calendar that finds its check under way is counted, and no run comes of it', async () => {
  const schedule = { kind: 'cron', expression: '*/5 * * * * *' } as const;
  const { clock, runner, added, starts, ends, calendars, overruns } = setUp([
    planCheck('a', { schedule }),
    planCheck('b', { schedule }),
  ]);
  for (const entry of added) runner.add(entry, 0);
  await clock.advance(10);
  assert.is(runner.countRunning(), 2);
  ends[0]?.(pass);
  await clock.advance(0);
  assert.is(runner.countRunning(), 1);
  calendars.get('*/5 * * * * *')?.();
  await clock.advance(2_000);
  assert.is(overruns(), 1);
  assert.is(starts.length, 3);
  runner.close();
});

/** Starts of one check that takes no time and is due each second, after a loop that is busy for `span` when the first is due. */
async function startsAfterStall(span: number, pace: 'start' | 'end' = 'end', after = 1000): Promise<number[]> {
  const { clock, runner, added, starts, ends } = setUp();
  for (const entry of added) runner.add(entry, 1000);
  await clock.advance(499);
  clock.stall(span + 1);
  for (let step = 0; step < 200; step++) {
    await clock.advance(step === 0 ? 0 : 25);
    const end = ends.shift();
    end?.(pass);
    await clock.advance(0);
    if (end) for (const entry of added) runner.schedule({ checker: entry.plan.id, after, from: pace });
  }
  return starts.slice(0, 4);
}

test('a check that goes on as planned needs nobody to say when', async () => {
  const { clock, runner, added, starts, ends } = setUp();
  for (const entry of added) runner.add(entry, 0);
  await clock.advance(0);
  ends[0]?.({ ...pass, detail: 'goes on' });
  await clock.advance(999);
  assert.equal(starts, [0]);
  await clock.advance(1);
  assert.equal(starts, [0, 1000]);
});

test('where few checks run those of a tenth of a second start together, but for retries and short intervals', async () => {
  /** The second start of a check that took a millisecond. */
  const nextAfter = async (after: number, retry: boolean): Promise<number | undefined> => {
    const { clock, runner, added, starts, ends } = setUp();
    for (const entry of added) runner.add(entry, 0);
    await clock.advance(1);
    ends[0]?.(pass);
    await clock.advance(0);
    for (const { plan } of added)
      runner.schedule({ checker: plan.id, after, from: 'end', ...(retry && { retry: true }) });
    await clock.advance(2_000);
    return starts[1];
  };
  assert.is(await nextAfter(1_000, false), 1_100);
  assert.is(await nextAfter(1_000, true), 1_025);
  assert.is(await nextAfter(999, false), 1_000);
  assert.is(await nextAfter(500, false), 525);
});

test('a check that began late keeps its place: the next comes as if it had not', async () => {
  assert.equal(await startsAfterStall(0), [500, 1500, 2500, 3500]);
  assert.equal(await startsAfterStall(100), [600, 1500, 2500, 3500]);
  assert.equal(await startsAfterStall(475, 'start'), [975, 1500, 2500, 3500]);
});

test('it never comes sooner than half an interval for that, but up to half an interval later', async () => {
  assert.equal(await startsAfterStall(500), [1000, 2500, 3500, 4500]);
  assert.equal(await startsAfterStall(900), [1400, 2500, 3500, 4500]);
  assert.equal(await startsAfterStall(30_100), [30_600, 31_500, 32_500, 33_500]);
});

test('checks that a busy loop has pushed together part again', async () => {
  const plans = Array.from({ length: 8 }, (_, index) => planCheck(`${index}`));
  const { clock, runner, added, starts, ends } = setUp(plans);
  for (const [index, entry] of added.entries()) runner.add(entry, (index + 1) * 250);
  await clock.advance(124);
  clock.stall(1_000);
  await clock.advance(0);
  assert.is(starts.length, 8);
  for (const end of ends.splice(0)) end(pass);
  await clock.advance(0);
  for (const entry of added) runner.schedule({ checker: entry.plan.id, after: 2_000, from: 'end' });
  await clock.advance(4_000);
  // Due at 2125, 2250 and so on.
  assert.equal(starts.slice(8), [2200, 2300, 2400, 2500, 2700, 2800, 2900, 3000]);
});

test('a retry comes after its delay, however late the check was', async () => {
  const { clock, runner, added, starts, ends } = setUp();
  for (const entry of added) runner.add(entry, 1000);
  await clock.advance(499);
  clock.stall(201);
  await clock.advance(0);
  ends[0]?.({ ok: false, took: 1, reason: 'refused', detail: '' });
  await clock.advance(0);
  for (const entry of added) runner.schedule({ checker: entry.plan.id, after: 1000, from: 'end', retry: true });
  await clock.advance(2_000);
  assert.equal(starts, [700, 1700]);
});

test.run();
