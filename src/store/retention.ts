import type { Database } from 'better-sqlite3';
import type { EpochMs, Ms } from '../model/time.ts';

/** Rows per step: some tens of milliseconds, so that writes in between are not held up. */
const rolledUpPerStep = 50_000;
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
        rollUp(database) ||
        deleteResults(database, now - retention.retentionResults) ||
        deleteOldRows(database, now - retention.retentionTransitions) ||
        database.prepare(deleteHourly).run(Math.floor((now - hourlyKept) / 3_600_000)).changes > 0,
    )
    .immediate();
}

/** Adds the results after the mark to their hours. Rows that come late find their hour too. */
function rollUp(database: Database): boolean {
  const mark = database.prepare<[], number>('SELECT id FROM rolled_up').pluck().get() ?? 0;
  const end = database
    .prepare<[number, number], number | null>(
      'SELECT max(id) FROM (SELECT id FROM result_rows WHERE id > ? ORDER BY id LIMIT ?)',
    )
    .pluck()
    .get(mark, rolledUpPerStep);
  if (end === null || end === undefined) return false;
  database.prepare(addHours).run(mark, end);
  database.prepare('UPDATE rolled_up SET id = ?').run(end);
  return true;
}
const addHours = `
  INSERT INTO hourly_rows SELECT time / 3600000, check_id, count(*), count(reason), sum(duration_us), min(duration_us), max(duration_us)
  FROM result_rows WHERE id > ? AND id <= ? GROUP BY 1, 2
  ON CONFLICT DO UPDATE SET runs = runs + excluded.runs, failures = failures + excluded.failures,
    duration_sum = duration_sum + excluded.duration_sum, duration_min = min(duration_min, excluded.duration_min),
    duration_max = max(duration_max, excluded.duration_max)`;

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
const deleteHourly = 'DELETE FROM hourly_rows WHERE hour < ?';
