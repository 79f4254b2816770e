import type { Database } from 'better-sqlite3';
import type { ObservedCheck } from '../model/observer.ts';
import type { EpochMs } from '../model/time.ts';
import type { Batch, Job, MinuteRow, ResultRow } from './messages.ts';

export interface Writer {
  /** All of the batch or nothing; a batch that was kept before is left out. Throws what SQLite throws. */
  write(batch: Batch): void;
  /** Marks this run as ended in good order. */
  end(now: EpochMs): void;
}

/** Prepares the statements of one connection and begins (or goes on with) the run. */
export function createWriter(database: Database, run: string, now: EpochMs): Writer {
  database
    .prepare(
      'INSERT INTO run_rows (token, started, alive, clean, batch) VALUES (?, ?, ?, 0, 0) ON CONFLICT (token) DO NOTHING',
    )
    .run(run, now, now);
  const keptBatch = database.prepare<[string], number>('SELECT batch FROM run_rows WHERE token = ?').pluck();
  const markRun = database.prepare('UPDATE run_rows SET batch = ?, alive = max(alive, ?) WHERE token = ?');
  const endRun = database.prepare('UPDATE run_rows SET clean = 1, alive = max(alive, ?) WHERE token = ?');
  const keys = createKeys(database);
  const addResults = createResultWriter(database, keys);
  const addMinutes = createMinuteWriter(database, keys);
  const runJob = createJobWriter(database);

  const write = database.transaction((batch: Batch) => {
    if ((keptBatch.get(run) ?? 0) >= batch.number) return;
    addResults(batch.results);
    addMinutes(batch.minutes);
    for (const job of batch.jobs) runJob(job);
    markRun.run(batch.number, batch.alive, run);
  });
  return {
    write: batch => {
      try {
        write.immediate(batch);
      } catch (fault) {
        // After a rollback the ids are not in the file.
        keys.forget();
        throw fault;
      }
    },
    end: time => {
      endRun.run(time, run);
    },
  };
}

/** The id of a check in the file. */
interface Keys {
  of(check: ObservedCheck): number;
  forget(): void;
}

function createKeys(database: Database): Keys {
  const addKey = database.prepare(
    'INSERT INTO check_keys (virtual_server, real_server, check_type) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const findKey = database
    .prepare<[string, string, string], number>(
      'SELECT id FROM check_keys WHERE virtual_server = ? AND real_server = ? AND check_type = ?',
    )
    .pluck();
  const keys = new Map<string, number>();
  return {
    of: ({ virtualServer, realServer, checkType }) => {
      const name = `${virtualServer}\n${realServer}\n${checkType}`;
      const known = keys.get(name);
      if (known !== undefined) return known;
      addKey.run(virtualServer, realServer, checkType);
      const id = findKey.get(virtualServer, realServer, checkType) ?? 0;
      keys.set(name, id);
      return id;
    },
    forget: () => keys.clear(),
  };
}

function createResultWriter(database: Database, keys: Keys): (rows: readonly ResultRow[]) => void {
  const addRow = database.prepare(
    'INSERT INTO result_rows (time, check_id, duration_us, reason, detail) VALUES (?, ?, ?, ?, ?)',
  );
  return rows => {
    for (const { check, time, durationUs, reason, detail } of rows) {
      addRow.run(time, keys.of(check), durationUs, reason, detail === '' ? null : detail);
    }
  };
}

/** Minutes and hours in the same transaction: what is in the one is in the other, and counted once. */
function createMinuteWriter(database: Database, keys: Keys): (rows: readonly MinuteRow[]) => void {
  const add = (table: string) =>
    database.prepare(
      `INSERT INTO ${table} VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET runs = runs + excluded.runs, failures = failures + excluded.failures,
         duration_sum = duration_sum + excluded.duration_sum, duration_min = min(duration_min, excluded.duration_min),
         duration_max = max(duration_max, excluded.duration_max)`,
    );
  const addMinute = add('minute_rows');
  const addHour = add('hourly_rows');
  return rows => {
    for (const { check, minute, runs, failures, durationSum, durationMin, durationMax } of rows) {
      const counted = [keys.of(check), runs, failures, durationSum, durationMin, durationMax];
      addMinute.run(minute, ...counted);
      addHour.run(Math.floor(minute / 60), ...counted);
    }
  };
}

function createJobWriter(database: Database): (job: Job) => void {
  const remember = database.prepare(
    'INSERT INTO remembered_rows VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state',
  );
  const forget = database.prepare('DELETE FROM remembered_rows WHERE virtual_server = ?');
  const addTransition = database.prepare(
    `INSERT INTO transition_rows (time, object, virtual_server, real_server, from_state, to_state, weight, reason, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addNotification = database.prepare(
    `INSERT INTO notification_rows (id, time, channel, subject, body, virtual_server, real_server, outcome, attempts, next_attempt, detail)
     VALUES (@id, @time, @channel, @subject, @body, @virtualServer, @realServer, 'queued', 0, NULL, '') ON CONFLICT DO NOTHING`,
  );
  const update = database.prepare(
    'UPDATE notification_rows SET outcome = @outcome, attempts = @attempts, next_attempt = @nextAttempt, detail = @detail WHERE id = @id',
  );

  return job => {
    if (job.kind === 'update') {
      const { ids, ...news } = job.update;
      for (const id of ids) update.run({ id, ...news });
      return;
    }
    if (job.remember === 'forget') forget.run(job.virtualServer);
    else if (job.remember !== 'superseded') remember.run(job.virtualServer, JSON.stringify(job.remember));
    for (const { object, virtualServer, realServer, from, to, weight, reason, detail } of job.transitions) {
      addTransition.run(job.time, object, virtualServer, realServer, from, to, weight, reason, detail);
    }
    for (const notification of job.notifications) addNotification.run(notification);
  };
}
