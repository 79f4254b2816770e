import type { Remembered } from './event.ts';
import type { VsId } from './ids.ts';
import type { CheckObserver, ObservedCheck } from './observer.ts';
import type { EpochMs } from './time.ts';
import type { Transition } from './transition.ts';

/** One script run, mail or alert that is owed; the view `notifications` shows it with its outcome. */
export interface Notification {
  /** Unique for ever. */
  readonly id: string;
  readonly time: EpochMs;
  /** `script`, `smtp`, or the id of an alert channel (`webhook:NAME`). */
  readonly channel: string;
  /** Of a mail and of an alert: the whole subject, `[router_id] ` included. */
  readonly subject: string;
  /** Of a mail its text, of a script the effect and of an alert the alert as JSON. */
  readonly body: string;
  readonly virtualServer: string;
  readonly realServer: string | null;
}
type NotificationOutcome = 'queued' | 'started' | 'delivered' | 'grouped' | 'failed' | 'given-up';
export interface NotificationState extends Notification {
  readonly outcome: NotificationOutcome;
  readonly attempts: number;
  readonly nextAttempt: EpochMs | null;
  readonly detail: string;
}
/** What became of notifications: of one, or of all that one message told. */
export interface NotificationUpdate {
  readonly ids: readonly string[];
  readonly outcome: NotificationOutcome;
  readonly attempts: number;
  readonly nextAttempt: EpochMs | null;
  readonly detail: string;
}

/** All that one step of the health core leaves behind; kept in one transaction. */
export interface Commit {
  readonly time: EpochMs;
  readonly virtualServer: VsId;
  /** null: the virtual server is gone, forget it. Left out: what is remembered stays, a later commit brings the news. */
  readonly remember?: Remembered | null;
  readonly transitions: readonly Transition[];
  readonly notifications: readonly Notification[];
}

/** What an earlier run left. */
export interface Recollection {
  /** By virtual server id; empty when the last run is too long ago. */
  readonly virtualServers: ReadonlyMap<string, Remembered>;
  /** Not yet delivered or given up. */
  readonly notifications: readonly NotificationState[];
}

/**
 * Port of the store. None of its calls blocks the main thread or throws because of the disk: a commit that cannot be
 * kept resolves to false, results that cannot be kept are counted.
 */
export interface Store {
  open(): Promise<Recollection>;
  /**
   * Takes in the results of a check: all of them are counted by the minute, those that failed and some that passed
   * are kept as such. Buffered; dropped under pressure, and then counted.
   */
  observe(check: ObservedCheck): CheckObserver;
  /** Resolves to true once it is durable, to false if it could not be kept. Never dropped while the store works. */
  commit(commit: Commit): Promise<boolean>;
  updateNotifications(update: NotificationUpdate): Promise<boolean>;
  /** Heart beat: the remembered state was true at this time. */
  touch(time: EpochMs): void;
  /**
   * Deletes what is older than the retention, in small steps between writes. Resolves when all is done or the store
   * is in trouble; called by the calendar, about once an hour.
   */
  maintain(): Promise<void>;
  /** The trouble of the store, or null. */
  trouble(): { readonly since: EpochMs; readonly message: string } | null;
  /** Results that were to be kept as such. */
  droppedResults(): number;
  /** Minutes of single checks: their runs are in no view but `results`. */
  droppedMinutes(): number;
  /** Transactions that the database refused. */
  writeErrors(): number;
  /** Bytes of the database with its journal after the last transaction; 0 before it is open. */
  size(): number;
  close(): Promise<void>;
}
