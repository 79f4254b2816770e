import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as assert from 'uvu/assert';
import type { Store } from '../../../src/model/store.ts';
import { createStore, type StoreModules, type StoreOptions } from '../../../src/store/store.ts';
import { startThread } from '../../../src/store/thread.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';
import {
  check,
  commit,
  fails,
  makeDirectory,
  noDirectory,
  notification,
  passes,
  query,
  recordLog,
  remembered,
  start,
  storeOptions,
  transition,
  until,
  value,
} from './support.ts';

const test = suite('store');
let directory = noDirectory;
let clock = new VirtualClock();
let log = recordLog();
let stores: Store[] = [];

test.beforeEach(() => {
  directory = makeDirectory();
  clock = new VirtualClock();
  log = recordLog();
  stores = [];
});
test.afterEach(async () => {
  await Promise.all(stores.map(store => store.close()));
  directory.remove();
});

function create(options: Partial<StoreOptions> = {}, modules: Partial<StoreModules> = {}): Store {
  const store = createStore(
    { ...storeOptions, directory: directory.path, ...options },
    { clock, log, random: () => 0.5, ...modules },
  );
  stores.push(store);
  return store;
}

/** Moves the clock on and lets the thread answer until it is so. */
async function advanceUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await clock.advance(1_000);
}

test('a result is in the view after the next flush, a commit at once', async () => {
  const store = create();
  const first = await store.open();
  assert.is(first.virtualServers.size, 0);
  const observer = store.observe(check);
  observer.finished(start, passes());
  observer.finished(start, fails());
  assert.is(await store.commit(commit({ transitions: [transition()], notifications: [notification('1')] })), true);
  await clock.advance(250);
  await until(() => query(directory.path, 'SELECT * FROM results').length === 2);
  const common = { time_ms: start, virtual_server: 'tcp/10.0.0.1:80', real_server: '10.0.0.2:80' };
  assert.equal(query(directory.path, 'SELECT * FROM results'), [
    { ...common, check_type: 'TCP_CHECK', ok: 1, duration_us: 1235, reason: 'ok', detail: '' },
    { ...common, check_type: 'TCP_CHECK', ok: 0, duration_us: 80, reason: 'refused', detail: 'connection refused' },
  ]);
  assert.equal(
    query(directory.path, 'SELECT * FROM transitions'),
    [
      {
        ...common,
        object: 'real_server',
        from_state: 'up',
        to_state: 'down',
        weight: 0,
        reason: 'refused',
        detail: 'connection refused',
      },
    ].map(({ object, ...rest }) => ({ ...rest, object })),
  );
  assert.equal(query(directory.path, 'SELECT time_ms, channel, outcome, attempts, detail FROM notifications'), [
    { time_ms: start, channel: 'smtp', outcome: 'queued', attempts: 0, detail: '' },
  ]);
});

test('many results are written without waiting for the clock', async () => {
  const store = create();
  await store.open();
  for (let index = 0; index < 2_500; index++) {
    store.observe({ ...check, realServer: `10.0.0.${index % 250}:80` }).finished(start, passes());
  }
  await until(() => value(directory.path, 'SELECT count(*) AS n FROM results') === 2_000);
  await clock.advance(250);
  await until(() => value(directory.path, 'SELECT count(*) AS n FROM results') === 2_500);
  assert.is(store.droppedResults(), 0);
});

test('a killed agent finds its state and what it owed again', async () => {
  const store = create();
  await store.open();
  await store.commit(
    commit({ notifications: [notification('a'), notification('b'), notification('c', { channel: 'script' })] }),
  );
  await store.commit(commit({ notifications: [notification('d', { channel: 'script' })] }));
  await store.updateNotifications({
    ids: ['a'],
    outcome: 'delivered',
    attempts: 1,
    nextAttempt: null,
    detail: '250 ok',
  });
  await store.updateNotifications({
    ids: ['b'],
    outcome: 'failed',
    attempts: 2,
    nextAttempt: start + 5,
    detail: '451 later',
  });
  await store.updateNotifications({ ids: ['c'], outcome: 'started', attempts: 1, nextAttempt: null, detail: '' });
  // As after kill -9: no close.
  const again = await create({}, { random: () => 0.1 }).open();
  assert.equal(again.virtualServers, new Map([['tcp/10.0.0.1:80', remembered]]));
  assert.equal(
    again.notifications.map(({ id, outcome, attempts, nextAttempt }) => ({ id, outcome, attempts, nextAttempt })),
    [
      { id: 'b', outcome: 'failed', attempts: 2, nextAttempt: start + 5 },
      { id: 'd', outcome: 'queued', attempts: 0, nextAttempt: null },
    ],
  );
  const began = query(directory.path, "SELECT outcome, detail FROM notification_rows WHERE id = 'c'");
  assert.equal(began, [{ outcome: 'given-up', detail: 'the agent ended while it ran' }]);
});

test('state that nobody has touched for more than 15 minutes is forgotten, what was owed is not', async () => {
  const store = create();
  await store.open();
  await store.commit(commit({ notifications: [notification('a')] }));
  await clock.advance(10 * 60_000);
  store.touch(clock.wall());
  await clock.advance(250);
  await store.close();
  await clock.advance(14 * 60_000);
  const kept = create({}, { random: () => 0.1 });
  assert.is((await kept.open()).virtualServers.size, 1);
  await kept.close();
  await clock.advance(16 * 60_000);
  const late = create({}, { random: () => 0.2 });
  const recollection = await late.open();
  assert.is(recollection.virtualServers.size, 0);
  assert.is(recollection.notifications.length, 1);
  await late.close();
  const later = await create({}, { random: () => 0.3 }).open();
  assert.is(later.virtualServers.size, 0, 'and the next run does not take it for fresh');
});

test('a virtual server that is gone is forgotten', async () => {
  const store = create();
  await store.open();
  await Promise.all([store.commit(commit()), store.commit(commit({ remember: null }))]);
  assert.equal(query(directory.path, 'SELECT * FROM remembered_rows'), []);
});

test('commits of one turn are one transaction, and the last one says what is remembered', async () => {
  const store = create();
  await store.open();
  const later = { ...remembered, quorum: 'down' as const };
  const kept = await Promise.all([
    store.commit(commit({ transitions: [transition()] })),
    store.commit(commit({ transitions: [transition({ to: 'up' })], remember: later })),
  ]);
  assert.equal(kept, [true, true]);
  assert.equal(query(directory.path, 'SELECT to_state FROM transitions'), [{ to_state: 'down' }, { to_state: 'up' }]);
  assert.equal(JSON.parse(String(value(directory.path, 'SELECT state FROM remembered_rows'))), later);
  assert.is(value(directory.path, 'SELECT batch FROM run_rows'), 1);
});

test('a commit that does not say what is to be remembered leaves it as it was', async () => {
  const store = create();
  await store.open();
  const { remember: _, ...silent } = commit({ transitions: [transition()] });
  await Promise.all([store.commit(commit()), store.commit(silent)]);
  await store.commit(silent);
  assert.is(value(directory.path, 'SELECT count(*) FROM transitions'), 2);
  assert.equal(JSON.parse(String(value(directory.path, 'SELECT state FROM remembered_rows'))), remembered);
});

test('a locked database: commits wait 2 s at most, nothing is lost, one line is logged and one when it is over', async () => {
  const store = create();
  await store.open();
  const locker = new Sqlite(join(directory.path, 'checkalived.db'));
  locker.exec('BEGIN EXCLUSIVE');
  const first = store.commit(commit({ transitions: [transition()] }));
  await clock.advance(2_000);
  assert.is(await first, false);
  assert.ok(store.trouble()?.message.startsWith('The store does not keep what happens: '));
  assert.is(
    await store.commit(commit({ transitions: [transition({ to: 'up' })] })),
    false,
    'the next one does not wait',
  );
  const observer = store.observe(check);
  for (let index = 0; index < 6_000; index++) observer.finished(start, passes());
  assert.is(store.droppedResults(), 1_000);
  assert.is(log.lines.length, 1);
  locker.exec('COMMIT');
  locker.close();
  await advanceUntil(() => store.trouble() === null);
  await advanceUntil(() => value(directory.path, 'SELECT count(*) AS n FROM results') === 5_000);
  assert.equal(query(directory.path, 'SELECT to_state FROM transitions'), [{ to_state: 'down' }, { to_state: 'up' }]);
  assert.is(log.lines.length, 2);
  assert.is(await store.commit(commit()), true);
});

test('a locked database: minutes wait, and are written when it is over; what finds no room is counted', async () => {
  const store = create({ maxMinutes: 3, resultsInterval: 3_600_000 });
  await store.open();
  const observer = store.observe(check);
  const locker = new Sqlite(join(directory.path, 'checkalived.db'));
  locker.exec('BEGIN EXCLUSIVE');
  for (let run = 0; run < 40; run++) {
    observer.finished(clock.wall(), passes());
    await clock.advance(6_000);
  }
  await clock.advance(2_000);
  assert.is(store.droppedMinutes(), 1);
  assert.is(store.droppedResults(), 0);
  assert.ok(store.trouble());
  locker.exec('COMMIT');
  locker.close();
  await advanceUntil(() => store.trouble() === null);
  assert.match(log.lines.at(-1) ?? '', / 0 results and 1 minutes of checks were dropped since the start/);
  await store.close();
  assert.equal(query(directory.path, 'SELECT minute_ms, runs FROM results_minutely'), [
    { minute_ms: start, runs: 10 },
    { minute_ms: start + 60_000, runs: 10 },
    { minute_ms: start + 120_000, runs: 10 },
  ]);
});

test('a full disk: the store says so, and the agent goes on', async () => {
  const store = create({ maxPages: 60 });
  await store.open();
  const detail = 'x'.repeat(10_000);
  assert.is(store.writeErrors(), 0);
  while (await store.commit(commit({ transitions: [transition({ detail })] })));
  assert.ok(store.writeErrors() > 0);
  assert.ok(store.size() > 60 * 4_096 * 0.5);
  assert.match(store.trouble()?.message ?? '', /full/);
  assert.is(
    await store.updateNotifications({ ids: ['a'], outcome: 'failed', attempts: 1, nextAttempt: null, detail }),
    false,
  );
  store.observe(check).finished(start, passes());
  await clock.advance(60_000);
  assert.is(log.lines.length, 1, log.lines.join('\n'));
});

test('a state directory that cannot be made: the agent starts without a memory', async () => {
  writeFileSync(join(directory.path, 'file'), '');
  const store = create({ directory: join(directory.path, 'file', 'state') });
  const recollection = await store.open();
  assert.is(recollection.virtualServers.size, 0);
  assert.match(store.trouble()?.message ?? '', /ENOTDIR|EEXIST/);
  assert.is(await store.commit(commit()), false);
});

test('a state directory that is not writable is taken up when it becomes so', async () => {
  const path = join(directory.path, 'state');
  mkdirSync(path);
  // root may write anyway, so a directory stands where the file should be.
  mkdirSync(join(path, 'checkalived.db'));
  chmodSync(path, 0o500);
  const store = create({ directory: path });
  await store.open();
  assert.match(store.trouble()?.message ?? '', /unable to open|CANTOPEN/i);
  assert.is(await store.commit(commit({ transitions: [transition()] })), false);
  chmodSync(path, 0o700);
  const { rmdirSync } = await import('node:fs');
  rmdirSync(join(path, 'checkalived.db'));
  await advanceUntil(() => store.trouble() === null);
  await advanceUntil(() => query(path, 'SELECT * FROM transitions').length === 1);
});

test('a thread that dies is started again, and what it had been given is written once', async () => {
  let kill: () => void = () => {};
  let swallow = false;
  let started = 0;
  const store = create(
    {},
    {
      startThread: handlers => {
        started++;
        const thread = startThread({ ...handlers, reply: reply => (swallow ? undefined : handlers.reply(reply)) });
        kill = () => {
          void thread.stop().then(() => handlers.ended('killed'));
        };
        return thread;
      },
    },
  );
  await store.open();
  assert.is(await store.commit(commit({ transitions: [transition()] })), true);
  // The write is done, but its answer is lost with the thread.
  swallow = true;
  const unsure = store.commit(commit({ transitions: [transition({ to: 'unsure' })] }));
  await until(() => query(directory.path, 'SELECT * FROM transitions').length === 2);
  kill();
  assert.is(await unsure, false);
  swallow = false;
  assert.match(store.trouble()?.message ?? '', /thread has died \(killed\)/);
  await advanceUntil(() => store.trouble() === null);
  assert.is(started, 2);
  assert.is(await store.commit(commit({ transitions: [transition({ to: 'up' })] })), true);
  assert.equal(query(directory.path, 'SELECT to_state FROM transitions'), [
    { to_state: 'down' },
    { to_state: 'unsure' },
    { to_state: 'up' },
  ]);
  assert.is(value(directory.path, 'SELECT count(*) AS n FROM run_rows'), 1);
});

test('a thread that never answers holds up neither the start, nor a commit for long, nor the stop', async () => {
  const store = create({}, { startThread: () => ({ post: () => {}, stop: async () => {} }) });
  const opening = store.open();
  await clock.advance(5_000);
  assert.is((await opening).notifications.length, 0);
  assert.is(await store.commit(commit()), false);
  const closing = store.close();
  await clock.advance(1_000);
  await closing;
  assert.match(log.lines[0] ?? '', /has not opened for 5 s/);
  assert.match(log.lines[1] ?? '', /closed with 1 changes not kept/);
});

test('close writes what waits', async () => {
  const store = create();
  await store.open();
  store.observe(check).finished(start, passes());
  void store.commit(commit({ transitions: [transition()] }));
  await store.close();
  assert.is(query(directory.path, 'SELECT * FROM results').length, 1);
  assert.is(value(directory.path, 'SELECT runs FROM results_minutely'), 1, 'the minute under way too');
  assert.is(query(directory.path, 'SELECT * FROM transitions').length, 1);
  assert.is(value(directory.path, 'SELECT clean FROM run_rows'), 1);
  assert.is(await store.commit(commit()), false);
  assert.is(clock.pending(), 0);
});

test('maintain deletes between the writes, and the hours stay', async () => {
  const store = create({ retentionResults: 3_600_000 });
  await store.open();
  const observer = store.observe(check);
  for (let index = 0; index < 3_000; index++) observer.finished(start, passes(index / 1000));
  await clock.advance(2 * 3_600_000);
  observer.finished(clock.wall(), fails(1.235));
  await clock.advance(63_000);
  await until(() => value(directory.path, 'SELECT count(*) AS n FROM results_minutely') === 2);
  const maintained = store.maintain();
  assert.is(await store.commit(commit()), true);
  await maintained;
  assert.is(query(directory.path, 'SELECT * FROM results').length, 1);
  assert.equal(query(directory.path, 'SELECT minute_ms FROM results_minutely'), [{ minute_ms: start + 2 * 3_600_000 }]);
  assert.equal(
    query(
      directory.path,
      'SELECT hour_ms, runs, failures, duration_us_min, duration_us_max FROM results_hourly ORDER BY hour_ms',
    ),
    [
      { hour_ms: start, runs: 3_000, failures: 0, duration_us_min: 0, duration_us_max: 2_999 },
      { hour_ms: start + 2 * 3_600_000, runs: 1, failures: 1, duration_us_min: 1_235, duration_us_max: 1_235 },
    ],
  );
});

test.run();
