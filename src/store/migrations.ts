import type { Database } from 'better-sqlite3';
import type { EpochMs } from '../model/time.ts';

/**
 * The schema's steps, in order; step n makes version n out of version n - 1. A step that was released is never
 * edited. The views are the interface for users, the tables below them are not. No column has a constraint that a
 * row could fail: one odd row must not hold up those behind it.
 */
export const migrations: readonly string[] = [
  `
  -- One life of the agent; 'batch' is the last batch of writes that was kept, so that none is kept twice.
  CREATE TABLE run_rows (id INTEGER PRIMARY KEY, token TEXT UNIQUE, started INTEGER, alive INTEGER, clean INTEGER, batch INTEGER);
  CREATE TABLE remembered_rows (virtual_server TEXT PRIMARY KEY, state TEXT) WITHOUT ROWID;

  CREATE TABLE check_keys (id INTEGER PRIMARY KEY, virtual_server TEXT, real_server TEXT, check_type TEXT,
    UNIQUE (virtual_server, real_server, check_type));
  -- About 25 bytes a row: no index, reason and detail are NULL for most. AUTOINCREMENT: the roll-up's mark stays true
  -- after the newest row was deleted.
  CREATE TABLE result_rows (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER, check_id INTEGER, duration_us INTEGER, reason TEXT, detail TEXT);
  CREATE TABLE hourly_rows (hour INTEGER, check_id INTEGER, runs INTEGER, failures INTEGER,
    duration_sum INTEGER, duration_min INTEGER, duration_max INTEGER, PRIMARY KEY (hour, check_id)) WITHOUT ROWID;
  -- Results up to this id are in hourly_rows.
  CREATE TABLE rolled_up (id INTEGER);
  INSERT INTO rolled_up VALUES (0);

  CREATE TABLE transition_rows (id INTEGER PRIMARY KEY, time INTEGER, object TEXT, virtual_server TEXT, real_server TEXT,
    from_state TEXT, to_state TEXT, weight INTEGER, reason TEXT, detail TEXT);
  CREATE INDEX transition_time ON transition_rows (time);
  CREATE INDEX transition_object ON transition_rows (object, virtual_server, real_server);

  CREATE TABLE notification_rows (id TEXT PRIMARY KEY, time INTEGER, channel TEXT, subject TEXT, body TEXT, virtual_server TEXT,
    real_server TEXT, outcome TEXT, attempts INTEGER, next_attempt INTEGER, detail TEXT);
  CREATE INDEX notification_time ON notification_rows (time);
  CREATE INDEX notification_open ON notification_rows (time) WHERE outcome IN ('queued', 'grouped', 'failed');

  CREATE VIEW results AS SELECT r.time AS time_ms, k.virtual_server, k.real_server, k.check_type, r.reason IS NULL AS ok,
    r.duration_us, coalesce(r.reason, 'ok') AS reason, coalesce(r.detail, '') AS detail
    FROM result_rows r JOIN check_keys k ON k.id = r.check_id;
  CREATE VIEW results_hourly AS SELECT h.hour * 3600000 AS hour_ms, k.virtual_server, k.real_server, k.check_type, h.runs, h.failures,
    h.duration_sum AS duration_us_sum, h.duration_min AS duration_us_min, h.duration_max AS duration_us_max
    FROM hourly_rows h JOIN check_keys k ON k.id = h.check_id;
  CREATE VIEW transitions AS SELECT time AS time_ms, object, virtual_server, real_server, from_state, to_state, weight, reason, detail
    FROM transition_rows;
  CREATE VIEW notifications AS SELECT time AS time_ms, channel, subject, virtual_server, real_server, outcome, attempts, detail
    FROM notification_rows;
  `,
  `
  -- About 28 bytes a row: the order of the key is nearly that of writing.
  CREATE TABLE minute_rows (minute INTEGER, check_id INTEGER, runs INTEGER, failures INTEGER,
    duration_sum INTEGER, duration_min INTEGER, duration_max INTEGER, PRIMARY KEY (minute, check_id)) WITHOUT ROWID;
  -- From now on hours are counted as minutes are, in the same transaction: the last of the results are rolled up here.
  INSERT INTO hourly_rows SELECT time / 3600000, check_id, count(*), count(reason), sum(duration_us), min(duration_us), max(duration_us)
    FROM result_rows WHERE id > (SELECT id FROM rolled_up) GROUP BY 1, 2
    ON CONFLICT DO UPDATE SET runs = runs + excluded.runs, failures = failures + excluded.failures,
      duration_sum = duration_sum + excluded.duration_sum, duration_min = min(duration_min, excluded.duration_min),
      duration_max = max(duration_max, excluded.duration_max);
  DROP TABLE rolled_up;

  CREATE VIEW results_minutely AS SELECT m.minute * 60000 AS minute_ms, k.virtual_server, k.real_server, k.check_type, m.runs, m.failures,
    m.duration_sum AS duration_us_sum, m.duration_min AS duration_us_min, m.duration_max AS duration_us_max
    FROM minute_rows m JOIN check_keys k ON k.id = m.check_id;
  `,
];

/** The file was written by a later checkalived. */
export class NewerSchema extends Error {}

/** Brings the schema to the last version; throws `NewerSchema` when it is beyond that. */
export function migrate(database: Database, now: EpochMs, steps: readonly string[] = migrations): void {
  database.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, time INTEGER)');
  const version = readVersion(database);
  if (version > steps.length) {
    throw new NewerSchema(
      `${database.name} has schema version ${version}, this checkalived knows ${steps.length} at most: run the newer checkalived, or move the file away`,
    );
  }
  for (const [index, step] of steps.entries()) {
    if (index < version) continue;
    database
      .transaction(() => {
        database.exec(step);
        database.prepare('INSERT INTO schema_version VALUES (?, ?)').run(index + 1, now);
      })
      .immediate();
  }
}

/** 0: nothing there yet. Throws when there is no schema_version at all. */
export function readVersion(database: Database): number {
  const row = database
    .prepare<[], { version: number }>('SELECT coalesce(max(version), 0) AS version FROM schema_version')
    .get();
  return row?.version ?? 0;
}
