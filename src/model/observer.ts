import type { CheckResult } from './check.ts';
import type { EpochMs, Ms } from './time.ts';
import type { Transition } from './transition.ts';

/** The check whose results are observed. */
export interface ObservedCheck {
  readonly virtualServer: string;
  readonly realServer: string;
  readonly checkType: string;
}

/** Takes in the results of one check. On the hot path: what is found by name is found once, when the check comes. */
export interface CheckObserver {
  /**
   * Returns true where it keeps the result as such, so that it can be looked up later.
   * @param kept an observer that was told before keeps it
   */
  finished(startedAt: EpochMs, result: CheckResult, kept?: boolean): boolean;
  /** The check has left the configuration. */
  close(): void;
}

/** What the agent counts, for metrics. */
export interface Meter {
  observe(check: ObservedCheck): CheckObserver;
  /** A probe has begun so long after it was due. */
  started(lag: Ms): void;
  /** A time of a cron schedule has passed while the check before was still under way. */
  overran(): void;
  changed(transition: Transition): void;
}

/** Hears what becomes of notifications. */
export interface DeliveryObserver {
  /**
   * An attempt to tell somebody has ended, or there will be none any more.
   * @param result `failed`: it is tried again
   * @param took of the attempt; null: it was given up without one
   */
  attempted(channel: string, result: DeliveryOutcome, took: Ms | null): void;
}
export type DeliveryOutcome = 'delivered' | 'failed' | 'given_up';
