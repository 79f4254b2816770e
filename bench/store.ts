// The store under 10,000 passing checks a second: what it costs, how much the database grows, whether all runs are counted. An hour of
// a virtual wall clock as fast as the thread takes it, then a minute in real time. `node dist/bench/store.js [MINUTES] [SECONDS]`
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { CheckResult } from '../src/model/check.ts';
import { vsId } from '../src/model/ids.ts';
import type { CheckObserver } from '../src/model/observer.ts';
import type { Log } from '../src/model/ports.ts';
import type { Store } from '../src/model/store.ts';
import type { Clock, EpochMs, Ms } from '../src/model/time.ts';
import { databaseName } from '../src/store/database.ts';
import { createStore } from '../src/store/store.ts';
import { systemClock } from '../src/sys/clock.ts';

const [minutes = 60, seconds = 60] = process.argv.slice(2).map(Number);
const checks = 10_000;
const hour = 3_600_000;
const virtualServer = vsId('tcp/192.0.2.1:80');
const log: Log = { debug: () => {}, info: console.log, warn: console.log, error: console.error };
// Between 0.3 and 10 ms, mostly below 2; made beforehand, as a checker's results are none of the store's costs.
const results: readonly CheckResult[] = Array.from({ length: 1_009 }, (_, index) => ({
  ok: true,
  took: 0.3 + ((index * 7919) % 1_009) ** 3 / 1e8,
  detail: `status 200, ${100 + index} bytes`,
}));

const directory = mkdtempSync(join(tmpdir(), 'checkalived-bench-'));
try {
  await runVirtual();
  await runReal();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function runVirtual(): Promise<void> {
  const start = Date.UTC(2026, 0, 1);
  let wall = start;
  const { store, observers } = await open('virtual', { ...systemClock, wall: () => wall });
  const before = readCpu();
  for (let second = 0; second < minutes * 60; second++) {
    for (const [index, observer] of observers.entries()) {
      observer.finished(start + second * 1000 + Math.floor(index / 10), resultOf(index + second));
    }
    wall = start + (second + 1) * 1000;
    await commitNothing(store, wall);
  }
  tellCpu('virtual', before, checks * minutes * 60);
  const database = new Sqlite(join(directory, 'virtual', databaseName), { readonly: true });
  const sizes = database
    .prepare<[], { name: string; bytes: number }>(
      'SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC LIMIT 3',
    )
    .all();
  const rows = (table: string): number =>
    database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  const total = rows('result_rows') + rows('minute_rows');
  database.close();
  for (const { name, bytes } of sizes) console.log(`virtual: ${name} ${toDay(bytes)} MB a day`);
  wall += 25 * hour;
  await maintain(store, total, wall);
  await close('virtual', store, checks * minutes * 60);
  const { size } = statSync(join(directory, 'virtual', databaseName));
  console.log(`virtual: the file grew by ${toDay(size)} MB a day`);
}

/** Everything is too old: how fast it goes, and how long writes wait meanwhile. */
async function maintain(store: Store, rows: number, wall: EpochMs): Promise<void> {
  const began = performance.now();
  let isDone = false;
  const maintained = store.maintain().then(() => {
    isDone = true;
  });
  let longest = 0;
  while (!isDone) {
    const asked = performance.now();
    await commitNothing(store, wall);
    longest = Math.max(longest, performance.now() - asked);
    await sleep(10);
  }
  await maintained;
  const rate = rows / ((performance.now() - began) / 1000);
  console.log(`virtual: deletes ${rate.toFixed(0)} rows/s; a commit waits ${longest.toFixed(0)} ms at most`);
}

async function runReal(): Promise<void> {
  const nobody: CheckObserver = { finished: () => false, close: () => {} };
  await observeInTime('real, without a store', [nobody], 10);
  const { store, observers } = await open('real', systemClock);
  await observeInTime('real', observers, seconds);
  await close('real', store, seconds * checks);
}

/** 10,000 results a second, some each ten milliseconds, with what the loop itself costs. */
async function observeInTime(name: string, observers: readonly CheckObserver[], span: number): Promise<void> {
  const lag = monitorEventLoopDelay({ resolution: 1 });
  const before = readCpu();
  const start = performance.now();
  const all = span * checks;
  let observed = 0;
  lag.enable();
  while (observed < all) {
    const due = Math.min(all, Math.floor((performance.now() - start) * (checks / 1000)));
    for (; observed < due; observed++) {
      observers[observed % observers.length]?.finished(systemClock.wall(), resultOf(observed));
    }
    await sleep(10);
  }
  lag.disable();
  tellCpu(name, before, all);
  const milliseconds = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(1);
  const [p99, p999] = [lag.percentile(99), lag.percentile(99.9)];
  console.log(
    `${name}: loop lag p99 ${milliseconds(p99)}, p99.9 ${milliseconds(p999)}, max ${milliseconds(lag.max)} ms`,
  );
}

async function open(
  name: string,
  clock: Clock,
): Promise<{ readonly store: Store; readonly observers: readonly CheckObserver[] }> {
  const store = createStore(
    {
      directory: join(directory, name),
      retentionResults: 24 * hour,
      retentionTransitions: 24 * hour,
      resultsInterval: 60_000,
      maxQueue: 100_000,
      maxMinutes: 300_000,
    },
    { clock, log },
  );
  await store.open();
  const observers = Array.from({ length: checks }, (_, index) =>
    store.observe({ virtualServer, realServer: `10.0.${index >> 8}.${index & 255}:8080`, checkType: 'HTTP_GET' }),
  );
  return { store, observers };
}

/** Tells whether the runs of all results are in the file. */
async function close(name: string, store: Store, observed: number): Promise<void> {
  await store.close();
  const database = new Sqlite(join(directory, name, databaseName), { readonly: true });
  const kept = database.prepare<[], number>('SELECT sum(runs) FROM results_hourly').pluck().get();
  database.close();
  const dropped = `${store.droppedResults()} results and ${store.droppedMinutes()} minutes were dropped`;
  console.log(`${name}: ${observed} results observed, ${kept} counted in the file; ${dropped}`);
}

/** Resolves when the database has what came before it. */
async function commitNothing(store: Store, time: EpochMs): Promise<void> {
  const kept = await store.commit({ time, virtualServer, transitions: [], notifications: [] });
  if (!kept) throw new Error('the store does not keep up');
}

function resultOf(number: number): CheckResult {
  const result = results[number % results.length];
  if (!result) throw new Error('no results');
  return result;
}

function toDay(bytes: number): string {
  return (((bytes / minutes) * 1440) / 1e6).toFixed(0);
}

/** Milliseconds of CPU so far: of the main thread, and of all (the database's thread, the collector's helpers). */
function readCpu(): { readonly main: Ms; readonly all: Ms } {
  const { user, system } = process.cpuUsage();
  const nanoseconds = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0];
  return { main: Number(nanoseconds) / 1e6, all: (user + system) / 1000 };
}

function tellCpu(name: string, before: ReturnType<typeof readCpu>, observed: number): void {
  const { main, all } = readCpu();
  const each = (span: Ms): string => ((span * 1000) / observed).toFixed(3);
  const others = all - before.all - (main - before.main);
  console.log(`${name}: µs of CPU per result: main thread ${each(main - before.main)}, others ${each(others)}`);
}
