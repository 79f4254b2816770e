import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { CheckResult } from '../../../src/model/check.ts';
import type { Remembered } from '../../../src/model/event.ts';
import { vsId } from '../../../src/model/ids.ts';
import type { ObservedCheck } from '../../../src/model/observer.ts';
import type { Log } from '../../../src/model/ports.ts';
import type { Commit, Notification } from '../../../src/model/store.ts';
import type { Transition } from '../../../src/model/transition.ts';
import type { MinuteRow, ResultRow } from '../../../src/store/messages.ts';
import type { StoreOptions } from '../../../src/store/store.ts';

export const start = 1_767_225_600_000;

export interface Directory {
  readonly path: string;
  remove(): void;
}
/** What a test file has before its first test. */
export const noDirectory: Directory = { path: '', remove: () => {} };

/** A directory that goes away with `remove`. */
export function makeDirectory(): Directory {
  const path = mkdtempSync(join(tmpdir(), 'checkalived-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Lets the loop turn until it is so; the suite's deadline ends a wait in vain. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setImmediate(resolve));
}

/** Keeps the lines that are meant for operators. */
export function recordLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const add = (message: string): void => {
    lines.push(message);
  };
  return { lines, debug: () => {}, info: add, warn: add, error: add };
}

/** Rows of a query on the database in the directory, by a connection of its own. */
export function query(directory: string, sql: string): Record<string, unknown>[] {
  const database = new Sqlite(join(directory, 'checkalived.db'), { readonly: true });
  const rows = database.prepare<[], Record<string, unknown>>(sql).all();
  database.close();
  return rows;
}

/** First column of the first row. */
export function value(directory: string, sql: string): unknown {
  return Object.values(query(directory, sql)[0] ?? {})[0];
}

export const remembered: Remembered = {
  quorum: 'up',
  sorryActive: false,
  realServers: { '10.0.0.2:80': { health: 'down', since: start } },
  checkers: { a: { verdict: 'down', failures: 3, successes: 0, weight: null } },
};

/** As of a store that keeps everything and forgets nothing. */
export const storeOptions: Omit<StoreOptions, 'directory'> = {
  retentionResults: 7 * 24 * 3_600_000,
  retentionTransitions: 90 * 24 * 3_600_000,
  resultsInterval: 0,
  maxQueue: 5_000,
  maxMinutes: 5_000,
};

export const check: ObservedCheck = {
  virtualServer: 'tcp/10.0.0.1:80',
  realServer: '10.0.0.2:80',
  checkType: 'TCP_CHECK',
};

export function passes(took = 1.2345): CheckResult {
  return { ok: true, took, detail: '' };
}

export function fails(took = 0.08): CheckResult {
  return { ok: false, took, reason: 'refused', detail: 'connection refused' };
}

export function result(more: Partial<ResultRow> = {}): ResultRow {
  return { check, time: start, durationUs: 1235, reason: null, detail: '', ...more };
}

export function minute(more: Partial<MinuteRow> = {}): MinuteRow {
  return {
    check,
    minute: start / 60_000,
    runs: 1,
    failures: 0,
    durationSum: 1235,
    durationMin: 1235,
    durationMax: 1235,
    ...more,
  };
}

export function transition(more: Partial<Transition> = {}): Transition {
  return {
    object: 'real_server',
    virtualServer: vsId('tcp/10.0.0.1:80'),
    realServer: '10.0.0.2:80' as NonNullable<Transition['realServer']>,
    from: 'up',
    to: 'down',
    weight: 0,
    reason: 'refused',
    detail: 'connection refused',
    ...more,
  };
}

export function notification(id: string, more: Partial<Notification> = {}): Notification {
  return {
    id,
    time: start,
    channel: 'smtp',
    subject: '[lvs1] Realserver [10.0.0.2]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - DOWN',
    body: '=> TCP CHECK failed on service <=',
    virtualServer: 'tcp/10.0.0.1:80',
    realServer: '10.0.0.2:80',
    ...more,
  };
}

export function commit(more: Partial<Commit> = {}): Commit {
  return {
    time: start,
    virtualServer: vsId('tcp/10.0.0.1:80'),
    remember: remembered,
    transitions: [],
    notifications: [],
    ...more,
  };
}
