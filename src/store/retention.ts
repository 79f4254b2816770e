import type { Database } from 'better-sqlite3';
import type { EpochMs, Ms } from '../model/time.ts';

/** Rows per step: some milliseconds, so that writes in between are not held up. */
const deletedPerStep = 10_000;
/** Hourly rows stay for more than a year, to compare with the same month of the year before. */
const hourlyKept: Ms = 400 * 24 * 3_600_000;

export interface Retention {
  readonly now: EpochMs;
  readonly retentionResults: Ms;
  readonly retentionTransitions: Ms;
}

/** Does one small step of the upkeep in one transaction; true = there is more to do. */
export function maintainStep(database: Database, retention: Retention): boolean {
  const { now } = retention;
  return database
    .transaction(
      () =>
        deleteResults(database, now - retention.retentionResults) ||
        deleteCounts(database, 'minute_rows', 'minute', (now - retention.retentionResults) / 60_000) ||
        deleteCounts(database, 'hourly_rows', 'hour', (now - hourlyKept) / 3_600_000) ||
        deleteOldRows(database, now - retention.retentionTransitions),
    )
    .immediate();
}

/** The table has no index on the time (it would double its size): rows are in the order of their ids, the oldest first. */
function deleteResults(database: Database, before: EpochMs): boolean {
  const last = database
    .prepare<[number, number], number | null>(
      'SELECT max(id) FROM (SELECT id, time FROM result_rows ORDER BY id LIMIT ?) WHERE time < ?',
    )
    .pluck()
    .get(deletedPerStep, before);
  if (last === null || last === undefined) return false;
  // A row with a late time in between (the clock was set back) waits for its own day.
  return database.prepare('DELETE FROM result_rows WHERE id <= ? AND time < ?').run(last, before).changes > 0;
}

/** Rows of minutes or hours that ended before `before`, which is in their unit. */
function deleteCounts(database: Database, table: string, unit: 'minute' | 'hour', before: number): boolean {
  const key = `${unit}, check_id`;
  const last = database
    .prepare<[number, number], Record<string, number>>(
      `SELECT * FROM (SELECT ${key} FROM ${table} WHERE ${unit} < ? ORDER BY ${key} LIMIT ?) ORDER BY ${unit} DESC, check_id DESC LIMIT 1`,
    )
    .get(Math.floor(before), deletedPerStep);
  if (!last) return false;
  database.prepare(`DELETE FROM ${table} WHERE (${key}) <= (?, ?)`).run(last[unit], last['check_id']);
  return true;
}

/** The newest transition of each object stays for ever: it says what the object's state has been since. */
function deleteOldRows(database: Database, before: EpochMs): boolean {
  return [deleteTransitions, deleteNotifications, deleteRuns].some(
    statement => database.prepare(statement).run({ before, limit: deletedPerStep }).changes > 0,
  );
}
const deleteTransitions = `
  DELETE FROM transition_rows WHERE id IN (
    SELECT id FROM transition_rows old WHERE time < @before AND EXISTS (
      SELECT 1 FROM transition_rows new WHERE new.object = old.object AND new.virtual_server = old.virtual_server
        AND new.real_server IS old.real_server AND new.id > old.id)
    LIMIT @limit)`;
const deleteNotifications = `
  DELETE FROM notification_rows WHERE rowid IN (
    SELECT rowid FROM notification_rows WHERE time < @before AND outcome NOT IN ('queued', 'grouped')
      AND (outcome <> 'failed' OR next_attempt IS NULL) LIMIT @limit)`;
const deleteRuns = `
  DELETE FROM run_rows WHERE id IN (
    SELECT id FROM run_rows WHERE alive < @before AND id < (SELECT max(id) FROM run_rows) LIMIT @limit)`;
