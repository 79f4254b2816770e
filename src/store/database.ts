import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import type { EpochMs, Ms } from '../model/time.ts';
import { migrate } from './migrations.ts';

export const databaseName = 'checkalived.db';
/** Waits this long for a lock; what needs more is tried again later, without the writer standing still. */
const busyTimeout: Ms = 500;
/** Up to this many bytes the whole file is checked after an unclean stop (about a second); beyond, all but the results. */
const checkedWhole = 256 * 1024 * 1024;

/** Opens STATE_DIR/checkalived.db for the one writer, with the schema at its last version. */
export function openDatabase(directory: string, now: EpochMs, maxPages: number | null): Database {
  makeDirectory(directory);
  const database = new Sqlite(join(directory, databaseName), { timeout: busyTimeout });
  try {
    // A commit survives the end of this process at once (it is in the WAL file); only a power cut may lose the last ones.
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('journal_size_limit = 67108864');
    if (maxPages !== null) database.pragma(`max_page_count = ${Math.floor(maxPages)}`);
    migrate(database, now);
    return database;
  } catch (fault) {
    database.close();
    throw fault;
  }
}

/** With its parents. Node's own `recursive` never returns where mkdir says ENOENT below what exists, as in /proc. */
export function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o750 });
  } catch (fault) {
    if (codeOf(fault) === 'EEXIST' && statSync(directory).isDirectory()) return;
    const parent = dirname(directory);
    if (codeOf(fault) !== 'ENOENT' || existsSync(parent)) throw fault;
    makeDirectory(parent);
    mkdirSync(directory, { mode: 0o750 });
  }
}

/** Bytes of the file with its journal. */
export function sizeOf({ name }: Database): number {
  return ['', '-wal'].reduce((sum, suffix) => sum + (statSync(name + suffix, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** What is wrong inside the file, or null. Of a file larger than `wholeUpTo` bytes the results are not checked. */
export function findCorruption(database: Database, wholeUpTo: number = checkedWhole): string | null {
  const whole = statSync(database.name).size <= wholeUpTo;
  const checks = whole ? ['integrity_check(3)'] : smallTables.map(table => `integrity_check(${table})`);
  const faults = checks.flatMap(check => runCheck(database, check));
  const found = faults.filter(text => text !== 'ok');
  return found.length === 0 ? null : found.slice(0, 3).join('; ').replace(/\s+/g, ' ');
}
const smallTables = [
  'run_rows',
  'remembered_rows',
  'check_keys',
  'transition_rows',
  'notification_rows',
  'hourly_rows',
];

function runCheck(database: Database, check: string): readonly string[] {
  try {
    return (database.pragma(check) as { integrity_check: string }[]).map(row => row.integrity_check);
  } catch (fault) {
    // What is damaged badly enough cannot even be checked.
    if (isCorrupt(fault) && fault instanceof Error) return [fault.message];
    throw fault;
  }
}

/** Renames the database and its side files; returns the new name. */
export function moveAside(directory: string, now: EpochMs): string {
  const path = join(directory, databaseName);
  const aside = `${path}.corrupt-${formatTime(now)}`;
  for (const suffix of ['', '-wal', '-shm']) {
    try {
      renameSync(path + suffix, aside + suffix);
    } catch (fault) {
      if (codeOf(fault) !== 'ENOENT') throw fault;
    }
  }
  return aside;
}

/** The code of an error of SQLite (`SQLITE_BUSY`) or of the system (`EACCES`); '' without one. */
export function codeOf(fault: unknown): string {
  return fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : '';
}

export function isCorrupt(fault: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(fault));
}

/** 20260101T000000Z; SQLite does the calendar, as this thread has no clock. */
function formatTime(time: EpochMs): string {
  const memory = new Sqlite(':memory:');
  const text = memory
    .prepare<[number], string>("SELECT strftime('%Y%m%dT%H%M%SZ', ?, 'unixepoch')")
    .pluck()
    .get(Math.floor(time / 1000));
  memory.close();
  return text ?? String(time);
}
