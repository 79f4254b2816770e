import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { makeCheck, makeRs, makeVs, Run, sorry } from './make.ts';

const test = suite('health/tell');

const rs1 = '[10.0.0.1]:tcp:80';
const vs = '[192.0.2.1]:tcp:80';
const mail = (word: string, text: string) => `mail Realserver ${rs1} of virtual server ${vs} - ${word}: => ${text} <=`;
const alphaRs = (n: number) => makeRs(n, { checks: [makeCheck(`c${n}`, { alpha: true })] });

test('an ordinary start tells the quorum and nothing about real servers', () => {
  const run = new Run(makeVs([makeRs(1)])).start();
  assert.equal(run.told(), [
    'ipvs',
    'run qup',
    `VS ${vs} UP`,
    `mail Virtualserver ${vs} - UP: => Starting with quorum up 1+0=1 <= 1 <=`,
  ]);
  assert.equal(run.moves(), ['virtual_server unknown>up start']);
});

test('a start without a quorum tells so, with or without a sorry server', () => {
  for (const sorryServer of [null, sorry]) {
    const run = new Run(makeVs([alphaRs(1)], { sorryServer })).start();
    assert.equal(run.told(), [
      'ipvs',
      'run qdown',
      `VS ${vs} DOWN`,
      `mail Virtualserver ${vs} - DOWN: => Starting with quorum down 1+0=1 <= 0 <=`,
    ]);
    assert.is(run.asked(), sorryServer ? '99=1' : '');
    const raised = sorryServer ? ['sorry_server inactive>active start'] : [];
    assert.equal(run.moves(), ['virtual_server unknown>down start', ...raised]);
  }
});

test('rs_init_notifies: who is assumed up at the start is told UP, without a mail', () => {
  const run = new Run(makeVs([makeRs(1), alphaRs(2)]), { rsInitNotifies: true }).start();
  assert.equal(run.told().slice(0, 4), ['ipvs', 'run up1', `RS ${rs1} ${vs} UP`, 'run qup']);
  run.clear();
  run.pass('c1');
  assert.equal(run.told(), []);
});

test('the first success of a server that was assumed up is a transition, but told to nobody', () => {
  const run = new Run(makeVs([makeRs(1)])).start().clear();
  run.pass('c1');
  assert.equal(run.told(), []);
  assert.equal(run.moves(), ['real_server unknown>up ok']);
});

test('the first success of an alpha server is told', () => {
  const run = new Run(makeVs([alphaRs(1), makeRs(2)])).start().clear();
  run.pass('c1');
  assert.equal(run.told(), ['ipvs', 'run up1', `RS ${rs1} ${vs} UP`, mail('UP', 'TCP CHECK succeed on service')]);
});

test('the first failure of an alpha server is told once, without a mail, for it was never there', () => {
  const checks = [makeCheck('a', { alpha: true }), makeCheck('b', { alpha: true })];
  const run = new Run(makeVs([makeRs(1, { checks }), makeRs(2)])).start().clear();
  run.fail('a');
  assert.equal(run.told(), ['run down1', `RS ${rs1} ${vs} DOWN`]);
  assert.equal(run.moves(), ['real_server unknown>down refused']);
  run.clear();
  run.fail('b');
  run.fail('b');
  assert.equal(run.told(), []);
});

test('a checker that changes its mind without its server is mailed, with the state of the server', () => {
  const run = new Run(makeVs([makeRs(1, { checks: [makeCheck('a'), makeCheck('b')] }), makeRs(2)])).start();
  run.fail('a');
  run.clear();
  run.fail('b');
  run.pass('a');
  assert.equal(run.told(), [mail('DOWN', 'TCP CHECK failed on service'), mail('DOWN', 'TCP CHECK succeed on service')]);
  assert.equal(run.moves(), []);
});

test('no_checker_emails: only the server’s own changes are mailed', () => {
  const plan = makeVs([makeRs(1, { checks: [makeCheck('a'), makeCheck('b')] }), makeRs(2)]);
  const run = new Run(plan, { noCheckerEmails: true }).start().clear();
  for (const checker of ['a', 'b']) run.fail(checker);
  for (const checker of ['a', 'b']) run.pass(checker);
  assert.equal(
    run.told().filter(line => line.startsWith('mail')),
    [mail('DOWN', 'TCP CHECK failed on service'), mail('UP', 'TCP CHECK succeed on service')],
  );
});

test('checkers that fail while the table is changed are mailed one by one', () => {
  const run = new Run(makeVs([makeRs(1, { checks: [makeCheck('a'), makeCheck('b')] }), makeRs(2)])).start();
  run.acknowledges = false;
  run.fail('c2');
  run.clear();
  run.fail('b');
  run.fail('a');
  run.ack();
  run.ack();
  assert.is(run.told().filter(line => line === mail('DOWN', 'TCP CHECK failed on service')).length, 2);
});

test('mail texts: the detail is filled in, a script that timed out has its own', () => {
  const texts = { up: 'fine', down: 'failed: {detail}', timedOut: 'timed out' };
  const run = new Run(makeVs([makeRs(1, { checks: [makeCheck('c1', { mail: texts })] }), makeRs(2)])).start();
  const bodies = (): string[] =>
    run.effects.flatMap(effect => (effect.type === 'mail' && effect.realServer ? [effect.body] : []));
  run.fail('c1', 'script');
  run.pass('c1');
  run.fail('c1', 'timeout_script');
  run.fail('c2', 'timeout_script');
  assert.equal(bodies(), [
    '=> failed: said script <=',
    '=> fine <=',
    '=> timed out <=',
    '=> TCP CHECK failed on service <=',
  ]);
});

test('smtp_alert off: no mails; no script configured: none is run, the FIFO is written all the same', () => {
  const silent = { smtpAlert: false, notifyUp: null, notifyDown: null };
  const plan = makeVs([makeRs(1, silent)], { smtpAlert: false, quorumUp: null, quorumDown: null });
  const run = new Run(plan).start().clear();
  run.fail('c1');
  assert.equal(run.told(), ['ipvs', `RS ${rs1} ${vs} DOWN`, `VS ${vs} DOWN`]);
});

test('a script effect carries the weight and the reason', () => {
  const run = new Run(makeVs([makeRs(1, { weight: 7 })])).start().clear();
  run.fail('c1', 'timeout_connect');
  const scripts = run.effects.flatMap(effect =>
    effect.type === 'script' ? [[effect.event, effect.realServer, effect.state, effect.weight, effect.reason]] : [],
  );
  assert.equal(scripts, [
    ['notify_down', '10.0.0.1:80', 'DOWN', 7, 'timeout_connect'],
    ['quorum_down', null, 'DOWN', 0, 'quorum'],
  ]);
});

test('the transition of a virtual server carries the weight that is alive, and keepalived’s words', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2)], { quorum: 2 })).start().clear();
  run.fail('c1');
  const [, last] = run.transitions;
  assert.equal([last?.object, last?.weight, last?.detail], ['virtual_server', 1, 'Lost quorum 2-0=2 > 1']);
});

test('a weight that changes while the server stays out is a transition too', () => {
  const run = new Run(makeVs([makeRs(1, { checks: [makeCheck('a'), makeCheck('b')] }), makeRs(2)])).start();
  run.fail('a');
  run.clear();
  run.pass('b', 9);
  assert.equal(run.told(), []);
  assert.equal(run.moves(), ['weight 1>9 ok']);
});

test('weights: at the start the quorum is told from what is assumed', () => {
  const run = new Run(makeVs([makeRs(1)], { sorryServer: sorry }), { policy: 'weights' }).start();
  assert.equal(run.told().slice(0, 2), ['run qup', `VS ${vs} UP`]);
});

test('weights: alpha servers leave the quorum open until their verdicts decide it', () => {
  const plan = makeVs([alphaRs(1), alphaRs(2)], { sorryServer: sorry });
  const run = new Run(plan, { policy: 'weights' }).start();
  assert.equal(run.told(), []);
  run.fail('c1');
  assert.is(run.asked(), '1=0');
  assert.is(run.state.committed.quorum, 'unknown');
  run.fail('c2');
  assert.is(run.asked(), '1=0 2=0 99=1');
  assert.equal(run.moves().at(-2), 'virtual_server unknown>down quorum');
  run.pass('c1');
  assert.is(run.asked(), '1=1 2=0 99=0');
});

test('weights: a quorum is not lost as long as a server without a verdict may carry it', () => {
  const run = new Run(makeVs([alphaRs(1), alphaRs(2)], { sorryServer: sorry }), { policy: 'weights' }).start();
  run.pass('c1');
  run.fail('c1');
  assert.is(run.state.committed.quorum, 'up');
  run.fail('c2');
  assert.is(run.state.committed.quorum, 'down');
});

test.run();
