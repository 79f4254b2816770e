import { findChecker } from '../health/state.ts';
import type { VsState } from '../health/step.ts';
import type { CheckPlan } from '../model/check.ts';
import type { Ms } from '../model/time.ts';

/**
 * The span within which a check first runs: its warmup, of which `elapsed` has passed by now, but half of it at least. Where
 * something is down or shaky it is looked at within a second: a restart or an edited check must not prolong an outage that is over.
 */
export function firstRunWithin(plan: CheckPlan, state: VsState | undefined, elapsed: Ms): Ms {
  const span = Math.max(plan.warmup - elapsed, plan.warmup / 2);
  const known = state && findChecker(state, plan.id);
  const isUrgent = known && (known.verdict === 'down' || known.failures > 0);
  return isUrgent ? Math.min(1_000, span) : span;
}
