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
function setUp(plans = [planCheck('a')], draw = 0.5, over: Partial<Checker> = {}) {
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
    random: () => draw,
    log,
    overran: () => {
      overruns++;
    },
    finished: (entry, result) => {
      if (result.detail === 'indigestible') throw new Error('a bug');
      finished.push([entry.plan.id, result.ok]);
    },
  });
  const { added } = table.replace([planVirtualServer([planRealServer(2, { checks: plans })])]);
  return { clock, log, table, runner, added, starts, ends, finished, calendars, overruns: () => overruns };
}

const pass: CheckResult = { ok: true, took: 1, detail: '' };

test('the first run comes at the drawn part of the warmup', async () => {
  const { clock, runner, added, starts } = setUp();
  for (const entry of added) runner.add(entry, 1000);
  await clock.advance(2000);
  assert.equal(starts, [500]);
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

test.run();
