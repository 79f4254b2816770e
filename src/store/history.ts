import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import type { EpochMs } from '../model/time.ts';
import { databaseName } from './database.ts';
import { migrations, NewerSchema, readVersion } from './migrations.ts';
import { computeUptimes, type Run, type StateChange, type Uptime } from './uptime.ts';

export interface HistoryQuery {
  readonly since: EpochMs;
  readonly until: EpochMs;
  /** Part of a virtual or real server's id, or a pattern with `*` and `?` for all of it; null = every server. */
  readonly server: string | null;
}
export interface TransitionEntry {
  readonly time: EpochMs;
  readonly object: string;
  readonly virtualServer: string;
  readonly realServer: string | null;
  readonly from: string;
  readonly to: string;
  readonly weight: number | null;
  readonly reason: string;
  readonly detail: string;
}
interface NotificationEntry {
  readonly time: EpochMs;
  readonly channel: string;
  readonly subject: string;
  readonly virtualServer: string;
  readonly realServer: string | null;
  readonly outcome: string;
  readonly attempts: number;
  readonly detail: string;
}
/** Oldest first. */
export interface History {
  readonly transitions: readonly TransitionEntry[];
  readonly notifications: readonly NotificationEntry[];
  readonly uptimes: readonly Uptime[];
}
/** `message` is a sentence for the terminal. */
export type HistoryAnswer =
  | { readonly ok: true; readonly history: History }
  | { readonly ok: false; readonly message: string };

/** Reads STATE_DIR/checkalived.db beside the running agent, or without one; writes nothing. */
export function readHistory(directory: string, query: HistoryQuery): HistoryAnswer {
  const path = join(directory, databaseName);
  if (!existsSync(path)) {
    return {
      ok: false,
      message: `There is no ${path}: no agent has run with this state directory yet (--state-dir DIR).`,
    };
  }
  let database: Database | null = null;
  try {
    database = new Sqlite(path, { readonly: true, timeout: 2_000 });
    const version = readVersion(database);
    if (version > migrations.length)
      throw new NewerSchema(`it was written by a newer checkalived (schema version ${version})`);
    return { ok: true, history: readAll(database, query) };
  } catch (fault) {
    return { ok: false, message: `${path} cannot be read: ${fault instanceof Error ? fault.message : String(fault)}.` };
  } finally {
    database?.close();
  }
}

/** Whether the pattern of a `HistoryQuery` means this server. */
export function matchesServer(pattern: string | null, virtualServer: string, realServer: string | null): boolean {
  if (pattern === null || pattern === '') return true;
  const names = realServer === null ? [virtualServer] : [virtualServer, realServer];
  if (!/[*?]/.test(pattern)) return names.some(name => name.includes(pattern));
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const whole = new RegExp(`^${source}$`);
  return names.some(name => whole.test(name));
}

function readAll(database: Database, { since, until, server }: HistoryQuery): History {
  const wanted = (row: { readonly virtualServer: string; readonly realServer: string | null }): boolean =>
    matchesServer(server, row.virtualServer, row.realServer);
  const read = <Row>(sql: string): Row[] =>
    database.prepare<{ since: number; until: number }, Row>(sql).all({ since, until });
  // One moment for all four queries.
  return database.transaction(() => ({
    transitions: read<TransitionEntry>(selectTransitions).filter(wanted),
    notifications: read<NotificationEntry>(selectNotifications).filter(wanted),
    uptimes: computeUptimes(read<StateChange>(selectChanges).filter(wanted), read<Run>(selectRuns), since, until),
  }))();
}

const selectTransitions = `
  SELECT time, object, virtual_server AS virtualServer, real_server AS realServer, from_state AS "from", to_state AS "to", weight, reason, detail
  FROM transition_rows WHERE time >= @since AND time < @until ORDER BY time, id`;
const selectNotifications = `
  SELECT time, channel, subject, virtual_server AS virtualServer, real_server AS realServer, outcome, attempts, detail
  FROM notification_rows WHERE time >= @since AND time < @until ORDER BY time, rowid`;
const selectChanges = `
  SELECT time, virtual_server AS virtualServer, real_server AS realServer, from_state AS "from", to_state AS "to"
  FROM transition_rows WHERE object = 'real_server' AND time < @until AND (time >= @since OR id IN (
    SELECT max(id) FROM transition_rows WHERE object = 'real_server' AND time < @since GROUP BY virtual_server, real_server))
  ORDER BY time, id`;
const selectRuns = 'SELECT started, alive FROM run_rows WHERE alive >= @since AND started < @until ORDER BY id';
