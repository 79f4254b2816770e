import * as assert from 'uvu/assert';
import { desiredTable } from '../../../src/health/desired.ts';
import { remember } from '../../../src/health/remember.ts';
import type { CheckPlan } from '../../../src/model/check.ts';
import { suite } from '../../support/suite.ts';
import { makeCheck, makeRs, makeVs, Run, sorry, tableText } from './make.ts';

const test = suite('health/step');

const withCheck = (fields: Partial<CheckPlan>) => makeVs([makeRs(1, { checks: [makeCheck('c1', fields)] })]);

test('a passing check that changes nothing leaves the same state and says only when it runs next', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2)])).start();
  run.pass('c1');
  const before = run.state;
  const { state, transitions, effects, next } = run.pass('c1');
  assert.is(state, before);
  assert.equal([transitions, effects], [[], []]);
  assert.equal(next, [{ checker: 'c1', after: 10_000, from: 'end' }]);
});

test('S01: three transitions and notifications for D, U, D', () => {
  const run = new Run(withCheck({ retry: 5 }), { firstVerdict: 'at_once' }).start().clear();
  run.fail('c1');
  run.pass('c1');
  for (let failure = 0; failure < 5; failure++) run.fail('c1');
  const lines = () => run.told().filter(line => line.startsWith('RS'));
  assert.is(lines().length, 2);
  run.fail('c1');
  const rs = 'RS [10.0.0.1]:tcp:80 [192.0.2.1]:tcp:80';
  assert.equal(lines(), [`${rs} DOWN`, `${rs} UP`, `${rs} DOWN`]);
});

test('K07: retries come after delay_before_retry, measured as the checker paces', () => {
  const run = new Run(withCheck({ retry: 1, pace: 'start' })).start();
  assert.equal(run.fail('c1').next, [{ checker: 'c1', after: 3_000, from: 'start', retry: true }]);
  assert.equal(run.fail('c1').next, [{ checker: 'c1', after: 10_000, from: 'start' }]);
  assert.equal(run.fail('c1').next, [{ checker: 'c1', after: 10_000, from: 'start' }]);
});

test('a check on the calendar is only due by itself while it is retried', () => {
  const run = new Run(withCheck({ retry: 1, schedule: { kind: 'cron', expression: '* * * * *' } })).start();
  assert.equal(run.pass('c1').next, []);
  assert.equal(run.fail('c1').next, [{ checker: 'c1', after: 3_000, from: 'end', retry: true }]);
  assert.equal(run.fail('c1').next, []);
});

test('a run that did not count changes nothing and comes again soon', () => {
  const run = new Run(withCheck({})).start();
  const before = run.state;
  assert.equal(run.fail('c1', 'internal').next, [{ checker: 'c1', after: 1_000, from: 'end' }]);
  assert.equal(run.fail('c1', 'local').next, [{ checker: 'c1', after: 10_000, from: 'end' }]);
  assert.is(run.state, before);
  const hasty = new Run(withCheck({ delayBeforeRetry: 200 })).start();
  assert.is(hasty.fail('c1', 'internal').next[0]?.after, 200);
  const none = new Run(withCheck({ delayBeforeRetry: 0 })).start();
  assert.is(none.fail('c1', 'internal').next[0]?.after, 1_000);
});

test('results of checks that are not in the plan, or come too early or too late, are ignored', () => {
  const run = new Run(withCheck({}));
  const created = run.state;
  assert.equal(run.fail('c1').next, []);
  assert.is(run.state, created);
  run.start();
  const before = run.state;
  assert.equal(run.fail('other').next, []);
  assert.is(run.state, before);
  run.give({ type: 'removed' });
  assert.equal(run.fail('c1').next, []);
});

test('a second start is ignored', () => {
  const run = new Run(withCheck({})).start();
  const before = run.state;
  run.start();
  assert.is(run.state, before);
});

test('nothing is told before the table has acknowledged', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2)])).start().clear();
  run.acknowledges = false;
  run.fail('c1');
  assert.equal(run.told(), ['ipvs']);
  assert.equal(run.transitions, []);
  assert.is(tableText(desiredTable(run.state)), '1=1 2=1');
  run.ack();
  assert.is(tableText(desiredTable(run.state)), '2=1');
  assert.equal(run.told().slice(1), [
    'run down1',
    'RS [10.0.0.1]:tcp:80 [192.0.2.1]:tcp:80 DOWN',
    'mail Realserver [10.0.0.1]:tcp:80 of virtual server [192.0.2.1]:tcp:80 - DOWN: => TCP CHECK failed on service <=',
  ]);
});

test('the last real server and the sorry server change places in one change', () => {
  const run = new Run(makeVs([makeRs(1)], { sorryServer: sorry })).start().clear();
  run.fail('c1');
  assert.is(run.effects.filter(effect => effect.type === 'ipvs').length, 1);
  assert.is(run.asked(), '99=1');
  assert.equal(
    run.moves(),
    ['real_server up>down refused', 'virtual_server up>down quorum', 'sorry_server inactive>active quorum'].map(move =>
      move.replace('real_server up', 'real_server unknown'),
    ),
  );
});

test('scripts and lines of real servers come before the quorum’s, mails last', () => {
  const run = new Run(makeVs([makeRs(1)], { sorryServer: sorry })).start();
  run.pass('c1');
  run.clear();
  run.fail('c1');
  assert.equal(run.told(), [
    'ipvs',
    'run down1',
    'RS [10.0.0.1]:tcp:80 [192.0.2.1]:tcp:80 DOWN',
    'run qdown',
    'VS [192.0.2.1]:tcp:80 DOWN',
    'mail Virtualserver [192.0.2.1]:tcp:80 - DOWN: => Lost quorum 1+0=1 <= 0 <=',
    'mail Realserver [10.0.0.1]:tcp:80 of virtual server [192.0.2.1]:tcp:80 - DOWN: => TCP CHECK failed on service <=',
  ]);
});

test('a change that failed leaves everything as it was, and the next result tries again', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2)])).start().clear();
  run.acknowledges = false;
  run.fail('c1');
  const healths = remember(run.state).realServers;
  run.refuse();
  assert.equal(remember(run.state).realServers, healths);
  assert.equal(run.moves(), []);
  assert.is(run.pass('c2').effects[0]?.type, 'ipvs');
  assert.is(run.state.pending?.change, 3);
  run.ack();
  assert.ok(run.moves().includes('real_server unknown>down refused'));
});

test('after a failed change the table is asserted even if all is as before', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2)])).start();
  run.pass('c1');
  run.acknowledges = false;
  run.fail('c1');
  run.refuse();
  run.clear();
  run.pass('c1');
  assert.is(run.asked(), '1=1 2=1');
  run.ack();
  assert.equal(run.moves(), []);
  assert.not.ok(run.state.unsettled);
});

test('a start that fails is tried again, by the next result or the next word on the address', () => {
  for (const nudge of ['check', 'address']) {
    const run = new Run(makeVs([makeRs(1)]));
    run.acknowledges = false;
    run.start();
    run.refuse();
    assert.equal(desiredTable(run.state), []);
    run.clear();
    if (nudge === 'check') run.pass('c1');
    else run.give({ type: 'address', present: true });
    assert.is(run.asked(), '1=1');
    run.ack();
    assert.ok(run.told().includes('VS [192.0.2.1]:tcp:80 UP'));
  }
});

test('what the checks find while a change is under way becomes the next change', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2), makeRs(3)])).start().clear();
  run.acknowledges = false;
  run.fail('c1');
  run.fail('c2');
  run.fail('c3');
  run.pass('c3');
  assert.is(run.asked(), '2=1 3=1');
  run.ack();
  assert.is(run.asked(), '3=1');
  run.ack();
  assert.equal(run.moves(), [
    'real_server unknown>down refused',
    'real_server unknown>down refused',
    'real_server unknown>up ok',
  ]);
  assert.is(run.state.pending, null);
});

test('a change that has waited is renewed with what was found meanwhile', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2), makeRs(3)])).start().clear();
  run.acknowledges = false;
  run.fail('c1');
  run.fail('c2');
  run.pass('c3');
  assert.is(run.asked(), '2=1 3=1');
  const first = run.state.pending?.change ?? -1;
  run.give({ type: 'ipvs-waiting', change: first });
  assert.is(run.asked(), '3=1');
  assert.is(run.state.pending?.change, first + 1);
  run.give({ type: 'ipvs-acked', change: first });
  assert.equal(run.moves(), []);
  run.ack();
  assert.is(run.moves().length, 3);
  assert.is(run.state.pending, null);
});

test('a change that has waited and would be the same stays', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2)])).start();
  run.acknowledges = false;
  run.fail('c1');
  const before = run.state;
  run.give({ type: 'ipvs-waiting', change: before.pending?.change ?? -1 });
  assert.is(run.state, before);
});

test('a change that has waited is withdrawn when nothing is left of it', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2)])).start();
  run.pass('c1');
  run.clear();
  run.acknowledges = false;
  run.fail('c1');
  run.pass('c1');
  const change = run.state.pending?.change ?? -1;
  run.give({ type: 'ipvs-waiting', change });
  assert.is(run.state.pending, null);
  assert.equal(run.moves(), []);
});

test('answers with another number are ignored', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2)])).start();
  run.acknowledges = false;
  run.fail('c1');
  const before = run.state;
  run.give({ type: 'ipvs-acked', change: 77 });
  run.give({ type: 'ipvs-failed', change: 77, detail: '' });
  assert.is(run.state, before);
});

test('ha_suspend: while the address is elsewhere checks only keep their rhythm', () => {
  const run = new Run(makeVs([makeRs(1)], { haSuspend: true })).start();
  run.give({ type: 'address', present: false });
  const before = run.state;
  assert.equal(run.fail('c1').next, [{ checker: 'c1', after: 10_000, from: 'end' }]);
  assert.is(run.state, before);
  run.give({ type: 'address', present: true });
  run.fail('c1');
  assert.is(run.asked(), '');
});

test('the address matters only with ha_suspend', () => {
  const run = new Run(makeVs([makeRs(1)])).start();
  run.give({ type: 'address', present: false });
  run.fail('c1');
  assert.is(run.asked(), '');
  const before = run.state;
  run.give({ type: 'address', present: false });
  assert.is(run.state, before);
});

test('K08: a dynamic weight goes to the table and is told; a failure withdraws it', () => {
  const checks = [makeCheck('a'), makeCheck('b')];
  const run = new Run(makeVs([makeRs(1, { weight: 10, checks }), makeRs(2)])).start().clear();
  run.pass('a', 2);
  assert.is(run.asked(), '1=2 2=1');
  assert.equal(run.moves(), ['weight 10>2 ok']);
  run.pass('b');
  run.pass('a', 20);
  run.pass('a', 30);
  assert.is(run.asked(), '1=30 2=1', 'relative to the configured weight, not to the last one');
  run.pass('a');
  assert.is(run.asked(), '1=10 2=1');
  run.pass('b', 12);
  run.fail('a');
  run.fail('b');
  run.pass('a', 5);
  run.pass('b');
  assert.is(run.asked(), '1=5 2=1');
});

test('K08: weight 0 is no failure, but may cost the quorum', () => {
  const run = new Run(makeVs([makeRs(1)])).start().clear();
  run.pass('c1', 0);
  assert.is(run.asked(), '1=0');
  assert.equal(run.moves(), ['real_server unknown>up ok', 'weight 1>0 ok', 'virtual_server up>down quorum']);
});

test('K09: with quorum 2 and hysteresis 1 the sorry server comes at 0 and goes at 3', () => {
  const plan = makeVs([makeRs(1), makeRs(2), makeRs(3)], { quorum: 2, hysteresis: 1, sorryServer: sorry });
  const run = new Run(plan).start();
  const tables = ['-c1', '-c2', '-c3', '+c1', '+c2', '+c3'].map(turn => {
    if (turn.startsWith('-')) run.fail(turn.slice(1));
    else run.pass(turn.slice(1));
    return tableText(desiredTable(run.state));
  });
  assert.equal(tables, ['2=1 3=1', '3=1', '99=1', '99=1', '99=1', '1=1 2=1 3=1']);
});

test('K09: weights that change behind the sorry server are held back until the quorum returns', () => {
  const plan = makeVs([makeRs(1), makeRs(2)], { quorum: 5, sorryServer: sorry });
  const run = new Run(plan).start();
  assert.is(run.asked(), '99=1');
  run.clear();
  run.pass('c1', 3);
  assert.is(run.asked(), 'nothing');
  run.pass('c2', 4);
  assert.is(run.asked(), '1=3 2=4');
});

test('K09: alpha servers start out of service', () => {
  const alpha = (n: number) => makeRs(n, { checks: [makeCheck(`c${n}`, { alpha: true })] });
  const run = new Run(makeVs([alpha(1), alpha(2)])).start();
  assert.is(run.asked(), '');
  run.pass('c2');
  assert.is(run.asked(), '2=1');
});

test('the reason of a change names what changes', () => {
  const run = new Run(
    makeVs(
      [1, 2, 3, 4, 5].map(n => makeRs(n)),
      { quorum: 4 },
    ),
  ).start();
  run.pass('c5', 7);
  run.acknowledges = false;
  for (const n of [1, 2, 3, 4]) run.fail(`c${n}`);
  run.ack();
  run.refuse();
  run.pass('c2');
  run.ack();
  run.pass('c5');
  run.ack();
  run.fail('c5');
  run.refuse();
  run.pass('c5');
  run.ack();
  run.give({ type: 'reloaded', plan: makeVs([makeRs(6)]) });
  const reasons = run.effects.flatMap(effect => (effect.type === 'ipvs' ? [effect.reason] : []));
  assert.equal(reasons, [
    'start',
    '[10.0.0.5]:tcp:80 weight 1 -> 7',
    '[10.0.0.1]:tcp:80 DOWN (refused)',
    '[10.0.0.2]:tcp:80 DOWN (refused), [10.0.0.3]:tcp:80 DOWN (refused), [10.0.0.4]:tcp:80 DOWN (refused)',
    '[10.0.0.3]:tcp:80 DOWN (refused), [10.0.0.4]:tcp:80 DOWN (refused)',
    '[10.0.0.5]:tcp:80 weight 7 -> 1, quorum down',
    '[10.0.0.5]:tcp:80 DOWN (refused)',
    'again after a failure',
    'reload',
  ]);
});

test('many servers in one change are counted, and a first verdict is a change of weights', () => {
  const plan = makeVs([1, 2, 3, 4, 5].map(n => makeRs(n)));
  const run = new Run(plan, { policy: 'weights' }).start();
  run.acknowledges = false;
  run.pass('c1');
  for (const n of [2, 3, 4, 5]) run.fail(`c${n}`);
  run.ack();
  const reasons = run.effects.flatMap(effect => (effect.type === 'ipvs' ? [effect.reason] : []));
  const down = (n: number) => `[10.0.0.${n}]:tcp:80 DOWN (refused)`;
  assert.equal(reasons, ['[10.0.0.1]:tcp:80 UP', `${down(2)}, ${down(3)}, ${down(4)}, and 1 more`]);
});

test.run();
