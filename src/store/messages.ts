import type { FailureReason } from '../model/check.ts';
import type { Remembered } from '../model/event.ts';
import type { ObservedCheck } from '../model/observer.ts';
import type { Notification, NotificationUpdate, Recollection } from '../model/store.ts';
import type { EpochMs, Ms } from '../model/time.ts';
import type { Transition } from '../model/transition.ts';

/** A finished check that is kept as such, for the view `results`. */
export interface ResultRow {
  readonly check: ObservedCheck;
  readonly time: EpochMs;
  /** Whole microseconds. */
  readonly durationUs: number;
  /** null: it passed. */
  readonly reason: FailureReason | null;
  readonly detail: string;
}

/** The runs of a check that began in one minute, or some of them: rows of the same minute add up. Durations in microseconds. */
export interface MinuteRow {
  readonly check: ObservedCheck;
  /** Since 1970. */
  readonly minute: number;
  readonly runs: number;
  readonly failures: number;
  readonly durationSum: number;
  readonly durationMin: number;
  readonly durationMax: number;
}

/** A commit or an update on its way to the database, in the order in which they were asked for. */
export type Job =
  | {
      readonly kind: 'commit';
      readonly time: EpochMs;
      readonly virtualServer: string;
      /** `superseded`: a later job of the same batch has it. */
      readonly remember: Remembered | 'forget' | 'superseded';
      readonly transitions: readonly Transition[];
      readonly notifications: readonly Notification[];
    }
  | { readonly kind: 'update'; readonly update: NotificationUpdate };

/** One transaction. Sent again with the same number until it is acknowledged; kept once. */
export interface Batch {
  readonly number: number;
  readonly results: readonly ResultRow[];
  readonly minutes: readonly MinuteRow[];
  readonly jobs: readonly Job[];
  /** The latest heart beat. */
  readonly alive: EpochMs;
}

export interface OpenRequest {
  readonly kind: 'open';
  readonly directory: string;
  readonly now: EpochMs;
  /** Names this life of the agent. */
  readonly run: string;
  /** The agent has begun without what the last run left: drop it. */
  readonly forget: boolean;
  /** Bound of the file, in pages of 4 KiB; null = none. */
  readonly maxPages: number | null;
}

/** What the main thread asks of the database's thread; one at a time. */
export type StoreRequest =
  | OpenRequest
  | { readonly kind: 'write'; readonly batch: Batch }
  | {
      readonly kind: 'maintain';
      readonly now: EpochMs;
      readonly retentionResults: Ms;
      readonly retentionTransitions: Ms;
    }
  | { readonly kind: 'close'; readonly now: EpochMs };

/** `notice`: a sentence for the log, when the file had to be replaced; `size`: of the database with its journal, in bytes. */
export type StoreReply =
  | {
      readonly kind: 'opened';
      readonly recollection: Recollection;
      readonly notice: string | null;
      readonly size: number;
    }
  | { readonly kind: 'written'; readonly notice: string | null; readonly size: number }
  /** `more`: one step is done, there is another. */
  | { readonly kind: 'maintained'; readonly more: boolean }
  | { readonly kind: 'closed' }
  /** `busy`: another process holds the lock; it will pass. */
  | { readonly kind: 'failed'; readonly busy: boolean; readonly message: string };
