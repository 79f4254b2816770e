import * as assert from 'uvu/assert';
import { desiredTable } from '../../../src/health/desired.ts';
import { remember } from '../../../src/health/remember.ts';
import type { HealthSettings } from '../../../src/model/health.ts';
import type { RealServer, ServiceKey, VirtualServer } from '../../../src/model/server.ts';
import { suite } from '../../support/suite.ts';
import { makeCheck, makeRs, makeVs, Run, sorry, tableText } from './make.ts';

const test = suite('health/reload');

const vs = '[192.0.2.1]:tcp:80';
const edited = (n: number, fields: Partial<RealServer> = {}) =>
  makeRs(n, { checks: [makeCheck(`new${n}`, { alpha: true })], ...fields });
const table = (run: Run) => tableText(desiredTable(run.state));

function reload(run: Run, plan: VirtualServer): void {
  run.clear().give({ type: 'reloaded', plan });
}
function started(plan: VirtualServer, fields: Partial<HealthSettings> = {}): Run {
  return new Run(plan, fields).start();
}

test('the same plan again changes and tells nothing', () => {
  const make = () =>
    makeVs([makeRs(1), makeRs(2, { checks: [makeCheck('c2', { retry: 3 })] })], { sorryServer: sorry });
  const run = started(make());
  run.pass('c2', 4);
  run.fail('c2');
  run.fail('c1');
  const memory = remember(run.state);
  reload(run, make());
  assert.equal(run.told(), []);
  assert.equal(run.moves(), []);
  assert.equal(remember(run.state), memory);
});

test('an edited check does not bring a failed server back before it passes', () => {
  const run = started(makeVs([makeRs(1), makeRs(2)]));
  run.fail('c1');
  reload(run, makeVs([edited(1), makeRs(2)]));
  assert.is(table(run), '2=1');
  assert.equal(run.told(), []);
  run.pass('new1');
  assert.is(table(run), '1=1 2=1');
  assert.equal(run.moves(), ['real_server down>up ok']);
});

test('an edited check does not take out a server that is up, alpha or not', () => {
  const run = started(makeVs([makeRs(1), makeRs(2)]));
  run.pass('c1');
  reload(run, makeVs([edited(1), makeRs(2)]));
  assert.equal(run.told(), []);
  assert.equal(run.moves(), ['real_server up>unknown config']);
  assert.is(table(run), '1=1 2=1');
  run.clear().pass('new1');
  assert.equal(run.told(), []);
  assert.equal(run.moves(), ['real_server unknown>up ok']);
});

test('weights: a server keeps its weight while its edited check has no verdict', () => {
  const run = started(makeVs([makeRs(1), makeRs(2)], { sorryServer: sorry, quorum: 2 }), { policy: 'weights' });
  run.pass('c1');
  run.fail('c2');
  assert.is(table(run), '1=0 2=0 99=1');
  reload(run, makeVs([edited(1), makeRs(2)], { sorryServer: sorry }));
  assert.is(table(run), '1=1 2=0 99=0');
});

test('a check that was taken away no longer keeps its server down', () => {
  const checks = [makeCheck('a'), makeCheck('b')];
  const run = started(makeVs([makeRs(1, { checks }), makeRs(2)]));
  run.fail('a');
  run.pass('b');
  reload(run, makeVs([makeRs(1, { checks: checks.slice(1) }), makeRs(2)]));
  assert.equal(run.moves(), ['real_server down>up config']);
  assert.equal(run.told(), [
    'ipvs',
    'run up1',
    `RS [10.0.0.1]:tcp:80 ${vs} UP`,
    `mail Realserver [10.0.0.1]:tcp:80 of virtual server ${vs} - UP: => Configuration changed <=`,
  ]);
});

test('a server that is back in service without a verdict is told UP, and DOWN again when it fails', () => {
  const checks = [makeCheck('a'), makeCheck('b')];
  const run = started(makeVs([makeRs(1, { checks }), makeRs(2)]));
  run.fail('a');
  reload(run, makeVs([makeRs(1, { checks: checks.slice(1) }), makeRs(2)]));
  run.fail('b');
  const lines = run.told().filter(line => line.startsWith('RS'));
  assert.equal(lines, [`RS [10.0.0.1]:tcp:80 ${vs} UP`, `RS [10.0.0.1]:tcp:80 ${vs} DOWN`]);
});

test('a new server comes as at the start: silently, or with rs_init_notifies', () => {
  for (const rsInitNotifies of [false, true]) {
    const run = started(makeVs([makeRs(1)]), { rsInitNotifies });
    reload(run, makeVs([makeRs(2), makeRs(1), edited(3)]));
    assert.is(run.asked(), '2=1 1=1');
    assert.equal(run.told().slice(1), rsInitNotifies ? ['run up2', `RS [10.0.0.2]:tcp:80 ${vs} UP`] : []);
  }
});

test('a server that leaves while in service is told DOWN, and the quorum is counted anew', () => {
  const run = started(makeVs([makeRs(1), makeRs(2), makeRs(3)], { quorum: 2 }));
  run.pass('c1');
  run.fail('c3');
  reload(run, makeVs([makeRs(2)], { quorum: 2 }));
  assert.is(run.asked(), '2=1');
  assert.equal(run.told().slice(1), [
    'run down1',
    `RS [10.0.0.1]:tcp:80 ${vs} DOWN`,
    'run qdown',
    `VS ${vs} DOWN`,
    `mail Virtualserver ${vs} - DOWN: => Lost quorum 2+0=2 <= 1 <=`,
    `mail Realserver [10.0.0.1]:tcp:80 of virtual server ${vs} - DOWN: => Removing <=`,
  ]);
  assert.equal(run.moves(), [
    'real_server up>unknown config',
    'real_server down>unknown config',
    'virtual_server up>down quorum',
  ]);
});

test('services that left are absent in the change, and the rest waits for its acknowledgement', () => {
  const one: ServiceKey = { kind: 'fwmark', fwmark: 1, family: 'inet' };
  const two: ServiceKey = { kind: 'fwmark', fwmark: 2, family: 'inet' };
  const run = started(makeVs([makeRs(1)], { services: [one, two] }));
  run.acknowledges = false;
  reload(run, makeVs([makeRs(1)], { services: [two] }));
  assert.is(run.asked(), '1=1 | absent');
  assert.is(table(run), '1=1 | 1=1');
  run.refuse();
  run.give({ type: 'reloaded', plan: makeVs([makeRs(1)], { services: [two] }) });
  assert.is(run.asked(), '1=1 | absent', 'a failed change is made again');
  run.ack();
  assert.is(table(run), '1=1');
});

test('a real server that left in a failed change is told once the table agrees', () => {
  const run = started(makeVs([makeRs(1), makeRs(2)]));
  run.acknowledges = false;
  reload(run, makeVs([makeRs(2)]));
  run.refuse();
  run.pass('c2');
  assert.equal(run.moves(), []);
  run.ack();
  assert.ok(run.told().includes('run down1'));
});

test('a sorry server that comes, goes or changes while the quorum is down', () => {
  const down = started(makeVs([makeRs(1), makeRs(2)], { quorum: 2 }));
  down.fail('c2');
  reload(down, makeVs([makeRs(1), makeRs(2)], { quorum: 2, sorryServer: sorry }));
  assert.is(table(down), '99=1');
  assert.equal(down.moves(), ['sorry_server inactive>active config']);
  reload(down, makeVs([makeRs(1), makeRs(2)], { quorum: 2, sorryServer: { ...sorry, address: '10.0.0.98' } }));
  assert.is(table(down), '98=1');
  reload(down, makeVs([makeRs(1), makeRs(2)], { quorum: 2 }));
  assert.is(table(down), '1=1');
  assert.equal(down.moves(), ['sorry_server active>inactive config']);
  assert.is(down.transitions[0]?.detail, '[10.0.0.98]:80');
});

test('fault 5: a quorum that returns by the reload itself swaps all servers back', () => {
  const run = started(makeVs([makeRs(1), makeRs(2)], { quorum: 2, sorryServer: sorry }));
  run.fail('c2');
  reload(run, makeVs([makeRs(1), makeRs(2)], { quorum: 1, sorryServer: sorry }));
  assert.is(table(run), '1=1');
});

test('a configured weight that changed is a transition with the reason "config"', () => {
  const run = started(makeVs([makeRs(1)]));
  reload(run, makeVs([makeRs(1, { weight: 6 })]));
  assert.is(table(run), '1=6');
  assert.equal(run.moves(), ['weight 1>6 config']);
});

test('thresholds and the scheduler reach the table', () => {
  const run = started(makeVs([makeRs(1)]));
  reload(run, makeVs([makeRs(1, { upperThreshold: 5 })]));
  assert.equal(run.told(), ['ipvs']);
  reload(run, makeVs([makeRs(1, { upperThreshold: 5 })], { scheduler: 'rr' }));
  assert.equal(run.told(), ['ipvs']);
});

test('a server that is left unchecked by a fault stays out if it was down', () => {
  const unchecked = (n: number) => makeRs(n, { checks: [], unchecked: 'no such file' });
  const run = started(makeVs([makeRs(1), makeRs(2)]));
  run.fail('c1');
  run.pass('c2');
  reload(run, makeVs([unchecked(1), unchecked(2)]));
  assert.is(table(run), '2=1');
  assert.equal(run.moves(), ['real_server down>unknown config', 'real_server up>unknown config']);
  reload(run, makeVs([unchecked(1), unchecked(2)]));
  assert.is(table(run), '2=1');
});

test('a reload before the start replaces the plan', () => {
  const run = new Run(makeVs([makeRs(1)], { services: [{ kind: 'fwmark', fwmark: 1, family: 'inet' }] }));
  reload(run, makeVs([makeRs(2)]));
  run.start();
  assert.is(run.asked(), '2=1');
});

test.run();
