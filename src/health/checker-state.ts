import type { CheckPlan, CheckResult, WeightWish } from '../model/check.ts';
import type { HealthSettings } from '../model/health.ts';
import type { Transition } from '../model/transition.ts';

/** Why a checker says what it says. */
export interface Cause {
  readonly reason: Transition['reason'];
  readonly detail: string;
}

/** What we know from one checker, and how far it is from changing its mind. */
export interface CheckerState {
  readonly verdict: 'unknown' | 'up' | 'down';
  /** Stands in for the verdict as long as that is unknown. */
  readonly assumed: 'up' | 'down';
  /** Failures in a row that were forgiven so far; when down, those that took it down. */
  readonly failures: number;
  /** Successes in a row of a checker that is down. */
  readonly successes: number;
  /** The weight that a dynamic checker asks for. */
  readonly weight: WeightWish | null;
  /** Of the verdict or of the weight, whichever changed last; null after a restart. */
  readonly cause: Cause | null;
}

/** When the checker runs next: as planned, after delay_before_retry, or at once because the run did not count. */
export type NextRun = 'schedule' | 'retry' | 'soon';

export interface CheckerStep {
  readonly state: CheckerState;
  readonly next: NextRun;
}

/**
 * The only retry rule. Returns the same state object when nothing changed. keepalived repeats this with its own
 * counter in each checker (`check_tcp.c:tcp_epilog`, `check_http.c:epilog` ...).
 */
export function applyResult(
  plan: CheckPlan,
  state: CheckerState,
  result: CheckResult,
  firstVerdict: HealthSettings['firstVerdict'],
): CheckerStep {
  if (result.ok) return { state: applySuccess(plan, state, result), next: 'schedule' };
  // We could not even try, or we were too late ourselves: that says nothing about the server.
  if (result.reason === 'local' || result.inconclusive) return { state, next: 'schedule' };
  if (result.reason === 'internal') return { state, next: 'soon' };
  if (state.verdict === 'down') return { state: forgetSuccesses(state), next: 'schedule' };
  const failures = state.failures + 1;
  const forgiven = state.verdict === 'unknown' && firstVerdict === 'at_once' ? 0 : plan.retry;
  if (failures <= forgiven) return { state: { ...state, failures }, next: 'retry' };
  const { reason, detail } = result;
  return {
    state: { ...state, verdict: 'down', failures, successes: 0, weight: null, cause: { reason, detail } },
    next: 'schedule',
  };
}

/** A checker before its first run. `assumed`: what to take its server for until then. */
export function createChecker(assumed: CheckerState['assumed']): CheckerState {
  return { verdict: 'unknown', assumed, failures: 0, successes: 0, weight: null, cause: null };
}

/** The verdict, or what is assumed in its place. */
export function standingOf(state: CheckerState): 'up' | 'down' {
  return state.verdict === 'unknown' ? state.assumed : state.verdict;
}

function applySuccess(plan: CheckPlan, state: CheckerState, result: CheckResult & { readonly ok: true }): CheckerState {
  if (state.verdict === 'down' && state.successes + 1 < plan.rise) {
    return { ...state, successes: state.successes + 1 };
  }
  const weight = result.weight ?? null;
  const isNews = state.verdict !== 'up' || !sameWish(state.weight, weight);
  if (!isNews && state.failures === 0) return state;
  const cause: Cause | null = isNews ? { reason: 'ok', detail: result.detail } : state.cause;
  return { ...state, verdict: 'up', failures: 0, successes: 0, weight, cause };
}

export function sameWish(a: WeightWish | null, b: WeightWish | null): boolean {
  if (a === null || b === null || typeof a === 'number' || typeof b === 'number') return a === b;
  if ('delta' in a) return 'delta' in b && a.delta === b.delta;
  return 'percent' in b && a.percent === b.percent;
}

function forgetSuccesses(state: CheckerState): CheckerState {
  return state.successes === 0 ? state : { ...state, successes: 0 };
}
