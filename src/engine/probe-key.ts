import type { Checker, CheckPlan } from '../model/check.ts';

/** What two checks must have in common to be one probe, besides their checker: text is equal where the value is. */
export const sharedTraits = {
  spec: ({ spec }: CheckPlan) => spec,
  delay_loop: ({ schedule, pace }: CheckPlan) => [schedule, pace],
  retry: ({ retry }: CheckPlan) => retry,
  delay_before_retry: ({ delayBeforeRetry }: CheckPlan) => delayBeforeRetry,
  rise: ({ rise }: CheckPlan) => rise,
} as const;

/** Checks with equal keys send the same bytes to the same address with the same timing: they are one probe. */
export function probeKeyOf(plan: CheckPlan, checker: Checker | undefined): string {
  const alone = checker === undefined || checker.solitary !== undefined;
  return `${alone ? plan.id : plan.type} ${JSON.stringify(Object.values(sharedTraits).map(trait => trait(plan)))}`;
}
