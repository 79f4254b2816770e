import type { CheckResult } from './check.ts';
import type { EpochMs, Ms } from './time.ts';

/** The check whose results are observed. */
export interface ObservedCheck {
  readonly virtualServer: string;
  readonly realServer: string;
  readonly checkType: string;
}

/** Takes in the results of one check. On the hot path: what is found by name is found once, when the check comes. */
export interface CheckObserver {
  finished(startedAt: EpochMs, result: CheckResult): void;
  /** The check has left the configuration. */
  close(): void;
}

/** What is counted of all checks, for metrics. */
export interface Meter {
  observe(check: ObservedCheck): CheckObserver;
  /** A probe has begun so long after it was due. */
  started(lag: Ms): void;
}
