import Sqlite, { type Database } from 'better-sqlite3';
import * as assert from 'uvu/assert';
import type { Job, MinuteRow, ResultRow } from '../../../src/store/messages.ts';
import { migrate } from '../../../src/store/migrations.ts';
import { maintainStep } from '../../../src/store/retention.ts';
import { createWriter, type Writer } from '../../../src/store/writer.ts';
import { suite } from '../../support/suite.ts';
import { check, commit, minute, notification, result, start, transition } from './support.ts';

const test = suite('store retention');
const hour = 3_600_000;
const day = 24 * hour;
let database: Database = new Sqlite(':memory:');
let writer: Writer | null = null;
let number = 0;

test.beforeEach(() => {
  database.close();
  database = new Sqlite(':memory:');
  migrate(database, start);
  writer = createWriter(database, 'run', start);
  number = 0;
});
test.after(() => {
  database.close();
});

function write(results: readonly ResultRow[], jobs: readonly Job[] = [], minutes: readonly MinuteRow[] = []): void {
  writer?.write({ number: ++number, results, minutes, jobs, alive: start });
}
/** Runs to the end; returns the number of steps that had something to do. */
function maintain(now: number): number {
  let steps = 0;
  while (maintainStep(database, { now, retentionResults: 7 * day, retentionTransitions: 90 * day })) steps++;
  return steps;
}
const all = (sql: string) => database.prepare<[], Record<string, unknown>>(sql).all();

test('minutes go to their hours, and rows of the same minute add up', () => {
  const lasting = (durationMin: number, durationMax: number) =>
    minute({ runs: 2, failures: 1, durationSum: durationMin + durationMax, durationMin, durationMax });
  write([], [], [lasting(5, 10), minute({ minute: start / 60_000 + 1 })]);
  write([], [], [lasting(1, 30), lasting(7, 8), minute({ minute: start / 60_000 + 60 })]);
  const common = { virtual_server: 'tcp/10.0.0.1:80', real_server: '10.0.0.2:80', check_type: 'TCP_CHECK' };
  const once = { ...common, runs: 1, failures: 0, duration_us_sum: 1235, duration_us_min: 1235, duration_us_max: 1235 };
  const added = { ...common, failures: 3, duration_us_min: 1 };
  assert.equal(all('SELECT * FROM results_minutely'), [
    { minute_ms: start, ...added, runs: 6, duration_us_sum: 61, duration_us_max: 30 },
    { minute_ms: start + 60_000, ...once },
    { minute_ms: start + hour, ...once },
  ]);
  assert.equal(all('SELECT * FROM results_hourly'), [
    { hour_ms: start, ...added, runs: 7, duration_us_sum: 1296, duration_us_max: 1235 },
    { hour_ms: start + hour, ...once },
  ]);
});

test('old results and minutes are deleted in steps', () => {
  const checks = Array.from({ length: 8_000 }, (_, index) => ({ ...check, realServer: `10.0.0.${index}:80` }));
  for (let round = 0; round < 3; round++) {
    const minutes = checks.map(each => minute({ check: each, minute: start / 60_000 + round }));
    write(
      checks.map(each => result({ check: each })),
      [],
      minutes,
    );
  }
  const kept = [minute({ minute: (start + day) / 60_000 })];
  write([result({ time: start + 8 * day })], [], kept);
  assert.is(maintain(start + 8 * day), 6, 'three for each');
  assert.equal(all('SELECT time_ms FROM results'), [{ time_ms: start + 8 * day }]);
  assert.equal(all('SELECT minute_ms FROM results_minutely'), [{ minute_ms: start + day }]);
  assert.equal(all('SELECT sum(runs) AS runs FROM results_hourly'), [{ runs: 24_001 }]);
});

test('a result with a time of the future does not keep the older ones', () => {
  write([result({ time: start + 100 * day }), result(), result()]);
  maintain(start + 8 * day);
  assert.equal(all('SELECT time_ms FROM results'), [{ time_ms: start + 100 * day }]);
});

test('the last transition of each object stays, however old', () => {
  const at = (time: number, ...transitions: ReturnType<typeof transition>[]): Job => ({
    kind: 'commit',
    ...commit(),
    remember: 'superseded',
    time,
    transitions,
  });
  const quorum = transition({ object: 'virtual_server', realServer: null, to: 'up' });
  write(
    [],
    [
      at(start, transition(), quorum),
      at(start + 1, transition({ to: 'up' })),
      at(start + 2, { ...quorum, to: 'down' }),
    ],
  );
  maintain(start + 91 * day);
  assert.equal(all('SELECT object, to_state FROM transitions'), [
    { object: 'real_server', to_state: 'up' },
    { object: 'virtual_server', to_state: 'down' },
  ]);
});

test('old notifications go, but not those that are still owed', () => {
  const ids = ['owed', 'told', 'retried', 'refused'];
  const job: Job = {
    kind: 'commit',
    ...commit({ notifications: ids.map(id => notification(id)) }),
    remember: 'superseded',
  };
  const update = (id: string, outcome: 'delivered' | 'failed', nextAttempt: number | null): Job => ({
    kind: 'update',
    update: { ids: [id], outcome, attempts: 1, nextAttempt, detail: '' },
  });
  write(
    [],
    [job, update('told', 'delivered', null), update('retried', 'failed', start), update('refused', 'failed', null)],
  );
  maintain(start + 91 * day);
  assert.equal(all('SELECT id FROM notification_rows ORDER BY rowid'), [{ id: 'owed' }, { id: 'retried' }]);
});

test('hours are kept for 400 days', () => {
  write([], [], [minute()]);
  maintain(start + 399 * day);
  assert.is(all('SELECT * FROM results_hourly').length, 1);
  maintain(start + 401 * day);
  assert.is(all('SELECT * FROM results_hourly').length, 0);
});

test.run();
