import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as assert from 'uvu/assert';
import { findCorruption, openDatabase } from '../../../src/store/database.ts';
import { suite } from '../../support/suite.ts';
import { makeDirectory, noDirectory, start } from './support.ts';

const test = suite('store database');
let directory = noDirectory;

test.beforeEach(() => {
  directory = makeDirectory();
});
test.afterEach(() => directory.remove());

/** Fills the table and overwrites its first page of rows. */
function damage(table: string, insert: string): string {
  const path = join(directory.path, 'checkalived.db');
  const database = openDatabase(directory.path, start, null);
  const statement = database.prepare(insert);
  for (let row = 0; row < 500; row++) statement.run('x'.repeat(100));
  const root =
    database.prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table) ?? 0;
  database.close();
  const bytes = readFileSync(path);
  bytes.fill(0x5a, (root - 1) * 4096, root * 4096);
  writeFileSync(path, bytes);
  return path;
}

test('the file is in WAL mode, so that a commit survives the end of the process', () => {
  const database = openDatabase(directory.path, start, null);
  assert.is(database.pragma('journal_mode', { simple: true }), 'wal');
  assert.is(database.pragma('synchronous', { simple: true }), 1);
  assert.is(findCorruption(database), null);
  assert.is(findCorruption(database, 0), null);
  database.close();
});

test('of a large file only what a restart relies on is checked', () => {
  const database = new Sqlite(damage('result_rows', 'INSERT INTO result_rows (detail) VALUES (?)'));
  assert.type(findCorruption(database), 'string');
  assert.is(findCorruption(database, 0), null);
  database.close();
});

test('damage in what a restart relies on is found in a large file too', () => {
  const database = new Sqlite(damage('transition_rows', 'INSERT INTO transition_rows (detail) VALUES (?)'));
  assert.type(findCorruption(database, 0), 'string');
  database.close();
});

test('a directory that cannot be made where the kernel says that nothing is there fails at once', () => {
  if (!existsSync('/proc/self')) return;
  assert.throws(() => openDatabase('/proc/checkalived/state', start, null), /ENOENT/);
});

test.run();
