import type { Database } from 'better-sqlite3';
import type { ResultRow } from '../model/store.ts';
import type { EpochMs } from '../model/time.ts';
import type { Batch, Job } from './messages.ts';

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
  const addResults = createResultWriter(database);
  const runJob = createJobWriter(database);

  const write = database.transaction((batch: Batch) => {
    if ((keptBatch.get(run) ?? 0) >= batch.number) return;
    addResults.add(batch.results);
    for (const job of batch.jobs) runJob(job);
    markRun.run(batch.number, batch.alive, run);
  });
  return {
    write: batch => {
      try {
        write.immediate(batch);
      } catch (fault) {
        addResults.forgetKeys();
        throw fault;
      }
    },
    end: time => {
      endRun.run(time, run);
    },
  };
}

function createResultWriter(database: Database): { add(rows: readonly ResultRow[]): void; forgetKeys(): void } {
  const addKey = database.prepare(
    'INSERT INTO check_keys (virtual_server, real_server, check_type) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const findKey = database
    .prepare<[string, string, string], number>(
      'SELECT id FROM check_keys WHERE virtual_server = ? AND real_server = ? AND check_type = ?',
    )
    .pluck();
  const addRow = database.prepare(
    'INSERT INTO result_rows (time, check_id, duration_us, reason, detail) VALUES (?, ?, ?, ?, ?)',
  );
  const keys = new Map<string, number>();

  const keyOf = ({ virtualServer, realServer, checkType }: ResultRow): number => {
    const name = `${virtualServer}\n${realServer}\n${checkType}`;
    const known = keys.get(name);
    if (known !== undefined) return known;
    addKey.run(virtualServer, realServer, checkType);
    const id = findKey.get(virtualServer, realServer, checkType) ?? 0;
    keys.set(name, id);
    return id;
  };
  return {
    add: rows => {
      for (const row of rows) {
        addRow.run(
          row.time,
          keyOf(row),
          Math.round(row.durationUs),
          row.ok ? null : row.reason,
          row.detail === '' ? null : row.detail,
        );
      }
    },
    // After a rollback the ids are not in the file.
    forgetKeys: () => keys.clear(),
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
      update.run(job.update);
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
