import type { Checker, CheckPlan } from '../model/check.ts';
import type { Config } from '../model/config.ts';
import type { RsId, VsId } from '../model/ids.ts';
import type { Ms } from '../model/time.ts';
import { type CronGaps, findCronGaps } from './values/cron-gap.ts';

interface Bounds {
  readonly best: Ms;
  /** Infinity when the check is never run a second time. */
  readonly worst: Ms;
}

/** How long a check needs to see that its server is dead (`leave`), and that it is well again (`back`). */
export interface Detection {
  readonly leave: Bounds;
  readonly back: Bounds;
}

/** A check of a real server with its times; null for a real server without a check, which never leaves. */
export interface CheckTiming {
  readonly virtualServer: VsId;
  readonly realServer: RsId;
  readonly check: (Detection & { readonly type: string }) | null;
}

/** The most that one run of a check can take, by what its checker says. */
export function longestOf(checkers: readonly Checker[]): (check: CheckPlan) => Ms {
  const known = new Map(checkers.map(checker => [checker.keyword, checker]));
  return ({ type, spec }) => {
    const checker = known.get(type);
    if (checker === undefined) throw new Error(`no checker for ${type}`);
    return checker.longest(spec);
  };
}

/** The detection times of every check, in the order of the configuration. `longest`: the most that one run can take. */
export function timeChecks({ virtualServers }: Config, longest: (check: CheckPlan) => Ms): readonly CheckTiming[] {
  const calendars = new Map<string, CronGaps>();
  const gapsOf = (expression: string): CronGaps => {
    const gaps = calendars.get(expression) ?? findCronGaps(expression);
    calendars.set(expression, gaps);
    return gaps;
  };
  return virtualServers.flatMap(({ id: virtualServer, realServers }) =>
    realServers.flatMap(({ id: realServer, checks }): readonly CheckTiming[] => {
      if (checks.length === 0) return [{ virtualServer, realServer, check: null }];
      return checks.map(plan => ({
        virtualServer,
        realServer,
        check: { type: plan.type, ...timeDetection(plan, longest(plan), gapsOf) },
      }));
    }),
  );
}

/**
 * The bounds for one check, from what is configured. Best: the change comes right before a scheduled run, and every run
 * is answered at once. Worst: it comes right behind the start of a run that does not see it yet, and every later run
 * takes as long as it may.
 */
export function timeDetection(plan: CheckPlan, longest: Ms, gapsOf = findCronGaps): Detection {
  const { retry, delayBeforeRetry, rise, schedule, pace } = plan;
  const gaps =
    schedule.kind === 'cron' ? gapsOf(schedule.expression) : { shortest: schedule.every, longest: schedule.every };
  // From the start of a run to that of the next one, when runs take as long as they may.
  const apart = (delay: Ms): Ms => (pace === 'end' ? longest + delay : Math.max(longest, delay));
  // The calendar does not wait for the end of a run, but skips one whose time comes before.
  const wait = schedule.kind === 'interval' ? apart(gaps.longest) : longest + gaps.longest;
  return {
    leave: { best: retry * delayBeforeRetry, worst: gaps.longest + retry * apart(delayBeforeRetry) + longest },
    back: { best: rise === 1 ? 0 : (rise - 1) * gaps.shortest, worst: rise * wait + longest },
  };
}
