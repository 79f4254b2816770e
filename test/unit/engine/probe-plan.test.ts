import * as assert from 'uvu/assert';
import { type PlannedCheck, planProbes } from '../../../src/engine/probe-plan.ts';
import type { Checker, CheckPlan } from '../../../src/model/check.ts';
import { vsId } from '../../../src/model/ids.ts';
import { secret } from '../../../src/model/secret.ts';
import { planCheck, planRealServer, planVirtualServer } from '../../support/plans.ts';
import { suite } from '../../support/suite.ts';
import { fakeChecker } from '../config/read-text.ts';

const test = suite('planProbes');
const peer = { address: '10.0.0.2', port: 80 };
const checker: Checker = { ...fakeChecker('FAKE_CHECK'), peer: () => peer };
const alone: Checker = { ...fakeChecker('ALONE_CHECK'), solitary: 'it is shy' };

/** One check in each of so many virtual servers. */
function plan(...overs: Partial<CheckPlan>[]): PlannedCheck[] {
  return overs.map((over, index) => {
    const check = planCheck(`check-${index}`, { spec: { ...peer, timeout: 1000 }, ...over });
    const realServer = planRealServer(2, { checks: [check] });
    return {
      virtualServer: planVirtualServer([realServer], { id: vsId(`tcp/10.0.1.${index}:80`) }),
      realServer,
      plan: check,
    };
  });
}

test('checks that ask the same of the same with the same timing are one probe', () => {
  const found = planProbes(plan({}, {}, {}), [checker]);
  assert.equal([found.checks, found.probes], [3, 1]);
  assert.equal([found.checksPerSecond, found.probesPerSecond], [3, 1]);
  assert.equal(found.apart, []);
});

test('what only one real server cares for keeps no checks apart', () => {
  const overs = [{}, { alpha: true }, { logAllFailures: true }, { warmup: 5 }, { mail: { up: 'a', down: 'b' } }];
  assert.is(planProbes(plan(...overs), [checker]).probes, 1);
});

test('what keeps checks of one address apart is named', () => {
  const other = { spec: { ...peer, timeout: 2000 } };
  const slow = { schedule: { kind: 'interval', every: 2000 } } as const;
  const found = planProbes(plan({}, {}, other, slow, { retry: 3 }, { rise: 2 }, { delayBeforeRetry: 5 }), [checker]);
  assert.is(found.probes, 6);
  assert.equal(found.apart, [
    {
      type: 'FAKE_CHECK',
      peer: '10.0.0.2:80',
      checks: 7,
      probes: 6,
      differ: ['timeout', 'delay_loop', 'retry', 'delay_before_retry', 'rise'],
    },
  ]);
});

test('checks that differ in a secret are told apart, without the secret', () => {
  const asking = (cookie: string) => ({ spec: { ...peer, cookie: secret(cookie) } });
  const found = planProbes(plan(asking('red'), asking('blue')), [checker]);
  assert.equal(
    found.apart.map(({ probes, differ }) => [probes, differ]),
    [[2, ['cookie']]],
  );
  assert.not.match(JSON.stringify(found), 'red');
});

test('a checker that is never shared says why', () => {
  const found = planProbes(plan({ type: 'ALONE_CHECK' }, { type: 'ALONE_CHECK' }), [alone]);
  assert.is(found.probes, 2);
  assert.equal(found.solitary, [{ type: 'ALONE_CHECK', checks: 2, because: 'it is shy' }]);
  assert.equal(found.apart, []);
});

test('checks on a calendar have no rate', () => {
  const schedule = { kind: 'cron', expression: '* * * * * *' } as const;
  assert.is(planProbes(plan({ schedule }, {}), [checker]).checksPerSecond, 1);
});

test.run();
