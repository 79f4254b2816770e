import type { CheckPlan } from '../../model/check.ts';
import type { RealServer } from '../../model/server.ts';
import { type Change, compareFields, type Field, type Subject } from './change.ts';
import { findDifferences, showSeconds, showValue } from './values.ts';

const keeps = 'keeps its verdict and streak';
// src/health/real-server.ts:adoptRealServer
const untilVerdict = 'its real server stays in or out of service as it is until the first verdict';
const startsAnew = `the check starts anew; ${untilVerdict}`;

/** What is not part of a check's identity: it goes on under the new plan (src/engine/check-table.ts). */
const timing: readonly Field<CheckPlan>[] = [
  {
    name: 'schedule',
    value: plan => showSchedule(plan),
    effect: `${keeps}; the next run is no later than by the new schedule`,
  },
  { name: 'warmup', value: showWarmup, effect: 'counts for checks that start, not for this one' },
  { name: 'retry', value: plan => plan.retry, effect: `${keeps}; counts from the next result on` },
  {
    name: 'delay_before_retry',
    value: plan => showSeconds(plan.delayBeforeRetry),
    effect: `${keeps}; counts from the next failure on`,
  },
  { name: 'rise', value: plan => plan.rise, effect: `${keeps}; counts from the next result on` },
  { name: 'alpha', value: plan => plan.alpha, effect: 'counts for checks that start, not for this one' },
  { name: 'log_all_failures', value: plan => plan.logAllFailures, effect: 'from the next failure on' },
];

/** What becomes of the checks of a real server that is in both configurations. */
export function diffChecks(subject: Subject, before: RealServer, after: RealServer): readonly Change[] {
  const byId = new Map(before.checks.map(plan => [plan.id, plan]));
  const stays = new Set(after.checks.map(plan => plan.id));
  // Of one type the first that is gone became the first that is new.
  const gone = before.checks.filter(plan => !stays.has(plan.id));
  const changes = after.checks.flatMap((plan): readonly Change[] => {
    const whose = { ...subject, check: plan.type };
    const same = byId.get(plan.id);
    if (same !== undefined)
      return [...compareFields(whose, timing, same, plan), ...diffSpecs(whose, same, plan, keeps)];
    const index = gone.findIndex(other => other.type === plan.type);
    const [edited] = index < 0 ? [] : gone.splice(index, 1);
    if (edited === undefined) return [addCheck(whose, plan)];
    const anew = timing.map(field => ({ ...field, effect: startsAnew }));
    return [...diffSpecs(whose, edited, plan, startsAnew), ...compareFields(whose, anew, edited, plan)];
  });
  const last = after.checks.length === 0 && after.unchecked === null;
  return [...changes, ...gone.map(plan => removeCheck({ ...subject, check: plan.type }, plan, last))];
}

function diffSpecs(subject: Subject, before: CheckPlan, after: CheckPlan, effect: string): readonly Change[] {
  return findDifferences(before.spec, after.spec).map(({ path, from, to }) => ({
    change: 'changed',
    ...subject,
    what: path,
    from: showPart(path, from),
    to: showPart(path, to),
    effect,
    takesEffect: 'reload',
  }));
}

function addCheck(subject: Subject, plan: CheckPlan): Change {
  const effect = `it starts within ${showSeconds(plan.warmup)}; ${untilVerdict}`;
  return { change: 'added', ...subject, what: 'check', from: null, to: describe(plan), effect, takesEffect: 'reload' };
}

function removeCheck(subject: Subject, plan: CheckPlan, last: boolean): Change {
  const effect = last ? 'without a check the real server counts as up' : 'its verdict counts no more';
  return {
    change: 'removed',
    ...subject,
    what: 'check',
    from: describe(plan),
    to: null,
    effect,
    takesEffect: 'reload',
  };
}

/** `schedule 5 s, retry 3, connection.port 80 ...`. */
function describe(plan: CheckPlan): string {
  const when = `schedule ${showSchedule(plan)}, retry ${plan.retry}`;
  const parts = findDifferences({}, plan.spec).flatMap(({ path, to }) => leavesOf(path, to));
  return [when, ...parts.map(({ path, value }) => `${path} ${showPart(path, value) ?? 'none'}`)].join(', ');
}

function leavesOf(path: string, value: unknown): readonly { readonly path: string; readonly value: unknown }[] {
  const inner = typeof value === 'object' && value !== null && !('reveal' in value) ? Object.entries(value) : [];
  if (inner.length === 0) return [{ path, value }];
  return inner.flatMap(([name, member]) => leavesOf(`${path}.${name}`, member));
}

function showSchedule({ schedule }: CheckPlan): string {
  return schedule.kind === 'cron' ? `"${schedule.expression}"` : showSeconds(schedule.every);
}

/** Left out it follows delay_loop, and is not worth a line of its own. */
function showWarmup({ warmup, schedule }: CheckPlan): string {
  return schedule.kind === 'interval' && schedule.every === warmup ? 'delay_loop' : showSeconds(warmup);
}

/** Specs hold times in milliseconds; only a checker knows more of its own. */
function showPart(path: string, value: unknown): string | null {
  return /timeout$/i.test(path) && typeof value === 'number' ? showSeconds(value) : showValue(value);
}
