import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as assert from 'uvu/assert';
import { createKeeper } from '../../../src/store/keeper.ts';
import type { Batch, OpenRequest, StoreReply } from '../../../src/store/messages.ts';
import { suite } from '../../support/suite.ts';
import { check, makeDirectory, minute, noDirectory, query, result, start, value } from './support.ts';

const test = suite('store keeper');
let directory = noDirectory;

test.beforeEach(() => {
  directory = makeDirectory();
});
test.afterEach(() => directory.remove());

const path = () => join(directory.path, 'checkalived.db');
const openAs = (run: string, more: Partial<OpenRequest> = {}): OpenRequest => ({
  kind: 'open',
  directory: directory.path,
  now: start,
  run,
  forget: false,
  maxPages: null,
  ...more,
});
const batch = (number: number, rows = 1): Batch => ({
  number,
  results: Array.from({ length: rows }, (_, index) => result({ detail: `${index} ${'x'.repeat(100)}` })),
  minutes: [minute()],
  jobs: [],
  alive: start + number,
});
const noticeOf = (reply: StoreReply) => (reply.kind === 'opened' || reply.kind === 'written' ? reply.notice : reply);

test('a batch is kept once, however often it comes', () => {
  const handle = createKeeper();
  handle(openAs('a'));
  for (const number of [1, 1, 2, 2]) handle({ kind: 'write', batch: batch(number) });
  handle(openAs('a'));
  handle({ kind: 'write', batch: batch(2) });
  assert.is(value(directory.path, 'SELECT count(*) FROM results'), 2);
  assert.is(value(directory.path, 'SELECT runs FROM results_minutely'), 2);
  assert.is(value(directory.path, 'SELECT runs FROM results_hourly'), 2);
  assert.is(value(directory.path, 'SELECT alive FROM run_rows'), start + 2);
  handle({ kind: 'close', now: start });
});

test('a file that was damaged while the agent was killed is moved aside, and a new one begun', () => {
  const handle = createKeeper();
  handle(openAs('a'));
  handle({ kind: 'write', batch: batch(1, 2_000) });
  // Everything into the main file, without the good end that `close` marks.
  const other = new Sqlite(path());
  other.pragma('wal_checkpoint(TRUNCATE)');
  other.close();
  const bytes = readFileSync(path());
  bytes.fill(0x5a, 12 * 4096 + 100, 20 * 4096);
  writeFileSync(path(), bytes);
  const again = createKeeper();
  const reply = again(openAs('b', { now: start + 1_000 }));
  assert.match(
    String(noticeOf(reply)),
    /^The database is damaged \(.+\): it was moved to .*checkalived\.db\.corrupt-20260101T000001Z, and a new one begun\.$/,
  );
  assert.is(again({ kind: 'write', batch: batch(1) }).kind, 'written');
  assert.ok(readdirSync(directory.path).includes('checkalived.db.corrupt-20260101T000001Z'));
  assert.is(value(directory.path, 'SELECT count(*) FROM results'), 1);
  again({ kind: 'close', now: start });
});

test('after a stop in good order the file is not searched for damage', () => {
  const handle = createKeeper();
  handle(openAs('a'));
  handle({ kind: 'write', batch: batch(1, 2_000) });
  handle({ kind: 'close', now: start });
  const bytes = readFileSync(path());
  // A page of results, found by its content; opening does not look there.
  const at = bytes.lastIndexOf('x'.repeat(100));
  bytes.fill(0x5a, at - (at % 4096), at - (at % 4096) + 4096);
  writeFileSync(path(), bytes);
  const again = createKeeper();
  assert.is(noticeOf(again(openAs('b'))), null);
  again({ kind: 'close', now: start });
});

test('what is no database at all is moved aside too', () => {
  writeFileSync(path(), 'not a database, not even nearly one. '.repeat(100));
  const handle = createKeeper();
  assert.match(String(noticeOf(handle(openAs('a')))), /file is not a database/);
  assert.equal({ ...handle({ kind: 'write', batch: batch(1) }), size: 0 }, { kind: 'written', notice: null, size: 0 });
  handle({ kind: 'close', now: start });
});

test('damage that is found while writing does not lose the batch', () => {
  const handle = createKeeper();
  handle(openAs('a', { now: start }));
  handle({ kind: 'write', batch: batch(1, 3_000) });
  handle({ kind: 'close', now: start });
  const bytes = readFileSync(path());
  bytes.fill(0x5a, 4096);
  writeFileSync(path(), bytes);
  const again = createKeeper();
  const opened = noticeOf(again(openAs('b')));
  const written = noticeOf(again({ kind: 'write', batch: batch(1) }));
  assert.match(String(opened ?? written), /is damaged/);
  assert.is(value(directory.path, 'SELECT count(*) FROM results'), 1);
  again({ kind: 'close', now: start });
});

test('a database of a newer checkalived is refused and left as it is', () => {
  const handle = createKeeper();
  handle(openAs('a'));
  handle({ kind: 'close', now: start });
  const other = new Sqlite(path());
  other.exec('INSERT INTO schema_version VALUES (99, 0)');
  other.close();
  const reply = createKeeper()(openAs('b'));
  assert.match(
    reply.kind === 'failed' ? reply.message : '',
    /has schema version 99, this checkalived knows \d+ at most: run the newer/,
  );
  assert.equal(readdirSync(directory.path), ['checkalived.db']);
});

test('a lock of another process is told apart from other failures', () => {
  const handle = createKeeper();
  handle(openAs('a'));
  const locker = new Sqlite(path());
  locker.exec('BEGIN EXCLUSIVE');
  const reply = handle({ kind: 'write', batch: batch(1) });
  assert.equal(reply, { kind: 'failed', busy: true, message: 'database is locked (SQLITE_BUSY)' });
  locker.close();
  assert.is(handle({ kind: 'write', batch: batch(1) }).kind, 'written');
  handle({ kind: 'close', now: start });
});

test('after a batch that was rolled back the checks are still told by name', () => {
  const handle = createKeeper();
  handle(openAs('a', { maxPages: 40 }));
  const full = {
    ...batch(1, 5_000),
    results: batch(1, 5_000).results.map(row => ({ ...row, check: { ...check, checkType: 'HTTP_GET' } })),
  };
  const reply = handle({ kind: 'write', batch: full });
  assert.match(reply.kind === 'failed' ? reply.message : '', /full/);
  handle({ kind: 'write', batch: { ...full, results: full.results.slice(0, 1) } });
  assert.equal(query(directory.path, 'SELECT check_type FROM results'), [{ check_type: 'HTTP_GET' }]);
  handle({ kind: 'close', now: start });
});

test('a write before the opening is an answer, not a throw', () => {
  assert.is(createKeeper()({ kind: 'write', batch: batch(1) }).kind, 'failed');
});

test.run();
