import * as assert from 'uvu/assert';
import { timeChecks, timeDetection } from '../../../src/config/timing.ts';
import type { CheckPlan } from '../../../src/model/check.ts';
import { planCheck } from '../../support/plans.ts';
import { suite } from '../../support/suite.ts';
import { readText, realServer, virtualServer } from './read-text.ts';

const test = suite('config/timing');
/** Best and worst to leave, best and worst to come back, in seconds. */
function times(over: Partial<CheckPlan>, longest: number): readonly number[] {
  const plan = planCheck('check', { delayBeforeRetry: 1000, ...over });
  const { leave, back } = timeDetection(plan, longest * 1000);
  return [leave.best, leave.worst, back.best, back.worst].map(ms => ms / 1000);
}
const every = (seconds: number) => ({ schedule: { kind: 'interval', every: seconds * 1000 } }) as const;

test('without retries a check sees it at its next run, at the latest at its deadline', () => {
  assert.equal(times(every(10), 3), [0, 13, 0, 16]);
});
test('each retry waits delay_before_retry, and at worst runs into its deadline too', () => {
  assert.equal(times({ ...every(6), retry: 3, delayBeforeRetry: 3000 }, 3), [9, 27, 0, 12]);
});
test('rise needs as many good runs', () => {
  assert.equal(times({ ...every(10), rise: 3 }, 3), [0, 13, 20, 42]);
});
test('a checker that keeps its pace from start to start does not wait for the end of a run', () => {
  assert.equal(times({ ...every(10), pace: 'start', retry: 1, delayBeforeRetry: 5000 }, 3), [5, 18, 0, 13]);
  assert.equal(times({ ...every(10), pace: 'start', retry: 1, delayBeforeRetry: 1000 }, 12), [1, 34, 0, 24]);
});
test('a calendar counts with its gaps', () => {
  const schedule = { kind: 'cron', expression: '*/25 * * * *' } as const;
  assert.equal(times({ schedule, rise: 2 }, 3), [0, 1503, 600, 3009]);
});
test('a calendar without a second run never sees a thing', () => {
  const schedule = { kind: 'cron', expression: '0 0 30 2 *' } as const;
  assert.equal(times({ schedule }, 3)[1], Number.POSITIVE_INFINITY);
});
test('every check of a configuration has its row, and a real server without one too', () => {
  const text = `${realServer('TCP_CHECK {\n}\nMISC_CHECK {\nmisc_path "true"\n}')}${virtualServer('real_server 10.0.0.3 80 {\n}', '10.0.0.9 80')}`;
  assert.equal(
    timeChecks(readText(text).config, () => 1000).map(row => [row.virtualServer, row.realServer, row.check?.type]),
    [
      ['tcp/10.0.0.1:80', '10.0.0.2:80', 'TCP_CHECK'],
      ['tcp/10.0.0.1:80', '10.0.0.2:80', 'MISC_CHECK'],
      ['tcp/10.0.0.9:80', '10.0.0.3:80', undefined],
    ],
  );
});

test.run();
