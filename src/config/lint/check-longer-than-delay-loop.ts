import type { CheckPlan } from '../../model/check.ts';
import type { Ms } from '../../model/time.ts';
import { timeDetection } from '../timing.ts';
import { exampleService } from './example.ts';
import type { LintRule } from './rule.ts';

const example = (retry: string) =>
  exampleService({
    lines: ['protocol TCP', 'delay_loop 10'],
    reals: { '10.0.0.2 80': ['TCP_CHECK {', 'connect_timeout 3', retry, 'delay_before_retry 3', '}'] },
  });

export const checkLongerThanDelayLoop: LintRule = {
  code: 'check-longer-than-delay-loop',
  severity: 'hint',
  keepalived: false,
  meaning: 'A check with all its retries takes longer than delay_loop.',
  why: `A server that refuses connections is seen at once, but one that is cut off or hangs lets every attempt run into its
deadline. Then the check takes connect_timeout (for checkers that wait for an answer: twice), and for each retry delay_before_retry
and that time again. If this is longer than delay_loop, it is the retries and not delay_loop that decide how long clients are sent to a dead server. Nothing is
wrong with that if it is meant, as it must be where delay_before_retry is as long as delay_loop (the default of DNS_CHECK): of that nothing is told unless a single attempt is longer. \`checkalived test --timing\` shows the times.`,
  bad: { text: example('retry 3') },
  good: { text: example('retry 1') },
  find({ drafts, longest, report }) {
    const found = new Map<string, Slow>();
    for (const check of drafts.flatMap(server => server.realServers.flatMap(real => real.checks))) {
      const { schedule, type, retry, delayBeforeRetry } = check;
      if (schedule.kind !== 'interval' || retry === 0) continue;
      const run = longest(check);
      // Retries in the step of the interval cannot fit into it (the default of DNS_CHECK), but a run can.
      if (delayBeforeRetry === schedule.every && run <= schedule.every) continue;
      const whole = run + retry * (delayBeforeRetry + run);
      if (whole <= schedule.every) continue;
      const key = [type, schedule.every, retry, delayBeforeRetry, run].join();
      const same = found.get(key);
      if (same === undefined) found.set(key, { check, every: schedule.every, run, whole, others: 0 });
      else same.others++;
    }
    for (const { check, every, run, whole, others } of found.values()) {
      const more = others === 0 ? '' : ` (and ${others} more like it)`;
      const retries = check.retry === 1 ? 'retry' : `${check.retry} retries`;
      const { worst } = timeDetection(check, run).leave;
      const message = `This ${check.type}${more} can take ${seconds(whole)} with its ${retries}, longer than delay_loop (${seconds(every)}): a server that hangs leaves after up to ${seconds(worst)}.`;
      const advice =
        'Shorten connect_timeout, retry or delay_before_retry if that is too long; checkalived test --timing shows all times.';
      report(check.span, message, advice);
    }
  },
};

/** Checks with the same times are one piece of advice. */
interface Slow {
  readonly check: CheckPlan;
  readonly every: Ms;
  readonly run: Ms;
  /** With all retries. */
  readonly whole: Ms;
  others: number;
}

function seconds(ms: Ms): string {
  return `${Number((ms / 1000).toFixed(3))} s`;
}
