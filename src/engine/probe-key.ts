import { hash } from 'node:crypto';
import type { Checker, CheckPlan } from '../model/check.ts';
import { isSecret } from '../model/secret.ts';

/** What two checks must have in common to be one probe, besides their checker: text is equal where the value is. */
export const sharedTraits = {
  spec: ({ spec }: CheckPlan) => spec,
  delay_loop: ({ schedule, pace }: CheckPlan) => [schedule, pace],
  retry: ({ retry }: CheckPlan) => retry,
  delay_before_retry: ({ delayBeforeRetry }: CheckPlan) => delayBeforeRetry,
  rise: ({ rise }: CheckPlan) => rise,
} as const;

/**
 * Checks with equal keys send the same bytes to the same address with the same timing: they are one probe. A digest, because
 * the text of a spec is long, has secrets in it, and would be kept for each probe.
 */
export function probeKeyOf(plan: CheckPlan, checker: Checker | undefined): string {
  const alone = checker === undefined || checker.solitary !== undefined;
  const traits = Object.values(sharedTraits).map(trait => trait(plan));
  return hash('sha256', `${alone ? plan.id : plan.type} ${textOfTrait(traits)}`, 'binary');
}

/** Equal text is equal value. Not to be shown: in JSON all secrets would be equal, here they are told. */
export function textOfTrait(value: unknown): string | undefined {
  return JSON.stringify(value, reveal);
}

function reveal(this: unknown, name: string, shown: unknown): unknown {
  const value = (this as Readonly<Record<string, unknown>>)[name];
  return isSecret(value) ? { secret: value.reveal() } : shown;
}
