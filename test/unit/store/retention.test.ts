import Sqlite, { type Database } from 'better-sqlite3';
import * as assert from 'uvu/assert';
import type { Job } from '../../../src/store/messages.ts';
import { migrate } from '../../../src/store/migrations.ts';
import { maintainStep } from '../../../src/store/retention.ts';
import { createWriter, type Writer } from '../../../src/store/writer.ts';
import { suite } from '../../support/suite.ts';
import { commit, notification, result, start, transition } from './support.ts';

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

function write(results: readonly ReturnType<typeof result>[], jobs: readonly Job[] = []): void {
  writer?.write({ number: ++number, results, jobs, alive: start });
}
/** Runs to the end; returns the number of steps that had something to do. */
function maintain(now: number): number {
  let steps = 0;
  while (maintainStep(database, { now, retentionResults: 7 * day, retentionTransitions: 90 * day })) steps++;
  return steps;
}
const all = (sql: string) => database.prepare<[], Record<string, unknown>>(sql).all();

test('results go to their hours, late ones too, and none is counted twice', () => {
  write([
    result({ durationUs: 10 }),
    result({ durationUs: 30, ok: false, reason: 'refused' }),
    result({ time: start + hour, durationUs: 5 }),
  ]);
  maintain(start + 2 * hour);
  write([result({ durationUs: 2, detail: 'late' })]);
  maintain(start + 2 * hour);
  maintain(start + 2 * hour);
  const common = { virtual_server: 'tcp/10.0.0.1:80', real_server: '10.0.0.2:80', check_type: 'TCP_CHECK' };
  assert.equal(all('SELECT * FROM results_hourly'), [
    { hour_ms: start, ...common, runs: 3, failures: 1, duration_us_sum: 42, duration_us_min: 2, duration_us_max: 30 },
    {
      hour_ms: start + hour,
      ...common,
      runs: 1,
      failures: 0,
      duration_us_sum: 5,
      duration_us_min: 5,
      duration_us_max: 5,
    },
  ]);
});

test('old results are deleted in steps, and only after they were rolled up', () => {
  for (let round = 0; round < 3; round++) write(Array.from({ length: 8_000 }, () => result()));
  write([result({ time: start + 8 * day })]);
  assert.is(maintain(start + 8 * day), 4, 'one step to roll up, three to delete');
  assert.is(all('SELECT * FROM results').length, 1);
  assert.equal(all('SELECT runs FROM results_hourly'), [{ runs: 24_000 }, { runs: 1 }]);
  write([result({ time: start + 8 * day })]);
  maintain(start + 8 * day);
  assert.equal(all('SELECT runs FROM results_hourly'), [{ runs: 24_000 }, { runs: 2 }]);
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
    update: { id, outcome, attempts: 1, nextAttempt, detail: '' },
  });
  write(
    [],
    [job, update('told', 'delivered', null), update('retried', 'failed', start), update('refused', 'failed', null)],
  );
  maintain(start + 91 * day);
  assert.equal(all('SELECT id FROM notification_rows ORDER BY rowid'), [{ id: 'owed' }, { id: 'retried' }]);
});

test('hours are kept for 400 days', () => {
  write([result()]);
  maintain(start + 399 * day);
  assert.is(all('SELECT * FROM results_hourly').length, 1);
  maintain(start + 401 * day);
  assert.is(all('SELECT * FROM results_hourly').length, 0);
});

test.run();
