import type { Database } from 'better-sqlite3';
import type { Remembered } from '../model/event.ts';
import type { NotificationState, Recollection } from '../model/store.ts';
import type { Ms } from '../model/time.ts';
import type { OpenRequest } from './messages.ts';

/**
 * Verdicts and streaks older than this are not taken over: long enough for the reboot or the upgrade of a director,
 * too short for what was checked to be quite another world.
 */
const recollectionExpires: Ms = 15 * 60_000;

interface NotificationRow {
  readonly id: string;
  readonly time: number;
  readonly channel: NotificationState['channel'];
  readonly subject: string;
  readonly body: string;
  readonly virtual_server: string;
  readonly real_server: string | null;
  readonly outcome: NotificationState['outcome'];
  readonly attempts: number;
  readonly next_attempt: number | null;
  readonly detail: string;
}

/** What the last run left. What is too old is deleted, so that no later run takes it for fresh. */
export function recollect(database: Database, { now, run, forget }: OpenRequest): Recollection {
  const last = database
    .prepare<[], { token: string; alive: number }>('SELECT token, alive FROM run_rows ORDER BY id DESC LIMIT 1')
    .get();
  // The same run again: only the database's thread was started anew.
  if (last?.token === run) return { virtualServers: new Map(), notifications: [] };
  // The distance, as the wall clock may have been set back since.
  const fresh = last !== undefined && !forget && Math.abs(now - last.alive) <= recollectionExpires;
  if (!fresh) database.prepare('DELETE FROM remembered_rows').run();
  // Begun, and nobody knows how it ended: it must not run twice.
  database
    .prepare(
      "UPDATE notification_rows SET outcome = 'given-up', detail = 'the agent ended while it ran' WHERE outcome = 'started'",
    )
    .run();
  const states = database
    .prepare<[], { virtual_server: string; state: string }>('SELECT virtual_server, state FROM remembered_rows')
    .all();
  return {
    virtualServers: new Map(states.map(row => [row.virtual_server, JSON.parse(row.state) as Remembered])),
    notifications: readUnfinished(database),
  };
}

/**
 * In the order in which it came, whatever the clock said: who hears of UP and then of DOWN takes the server for down. A
 * script that was started is not returned: whether it ended is unknown, and it must not run twice.
 */
function readUnfinished(database: Database): NotificationState[] {
  const rows = database
    .prepare<[], NotificationRow>(
      `SELECT id, time, channel, subject, body, virtual_server, real_server, outcome, attempts, next_attempt, detail FROM notification_rows
       WHERE outcome IN ('queued', 'grouped', 'failed') AND (outcome <> 'failed' OR next_attempt IS NOT NULL) ORDER BY rowid`,
    )
    .all();
  return rows.map(({ virtual_server, real_server, next_attempt, ...row }) => ({
    ...row,
    virtualServer: virtual_server,
    realServer: real_server,
    nextAttempt: next_attempt,
  }));
}
