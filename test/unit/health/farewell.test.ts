import * as assert from 'uvu/assert';
import { desiredTable } from '../../../src/health/desired.ts';
import { remember } from '../../../src/health/remember.ts';
import type { ServiceKey } from '../../../src/model/server.ts';
import { suite } from '../../support/suite.ts';
import { makeRs, makeVs, Run, sorry, tableText } from './make.ts';

const test = suite('health/farewell');

const vs = '[192.0.2.1]:tcp:80';
const line = (n: number) => `RS [10.0.0.${n}]:tcp:80 ${vs} DOWN`;
const mail = (n: number, text: string) =>
  `mail Realserver [10.0.0.${n}]:tcp:80 of virtual server ${vs} - DOWN: => ${text} <=`;

test('without omega a stop tells nothing and remembers everything', () => {
  const run = new Run(makeVs([makeRs(1)])).start();
  run.pass('c1');
  const before = remember(run.state);
  run.clear().give({ type: 'stopping', release: true });
  assert.equal(run.told(), ['ipvs']);
  assert.is(run.asked(), 'absent');
  assert.equal(run.moves(), []);
  assert.equal(remember(run.state), before);
});

test('without release, and in the policy weights, the table stays', () => {
  const kept = new Run(makeVs([makeRs(1)])).start().clear();
  kept.give({ type: 'stopping', release: false });
  assert.equal(kept.told(), []);
  assert.is(tableText(desiredTable(kept.state)), '1=1');
  const weights = new Run(makeVs([makeRs(1)]), { policy: 'weights' }).start().clear();
  weights.give({ type: 'stopping', release: true });
  assert.equal(weights.told(), []);
});

test('omega tells who was in service, then the quorum, and forgets', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2), makeRs(3)], { omega: true })).start();
  run.pass('c1');
  run.fail('c2');
  run.clear().give({ type: 'stopping', release: true });
  assert.equal(run.told(), [
    'ipvs',
    'run down1',
    line(1),
    'run down3',
    line(3),
    'run qdown',
    `VS ${vs} DOWN`,
    `mail Virtualserver ${vs} - DOWN: => Shutting down <=`,
    mail(1, 'Shutting down'),
    mail(3, 'Shutting down'),
  ]);
  assert.equal(run.moves(), [
    'real_server up>unknown stop',
    'real_server down>unknown stop',
    'virtual_server up>unknown stop',
  ]);
  assert.equal(remember(run.state), { quorum: 'unknown', sorryActive: false, realServers: {}, checkers: {} });
});

test('omega: a quorum that was down is not told again, displaced servers are', () => {
  const plan = makeVs([makeRs(1), makeRs(2)], { omega: true, quorum: 2, sorryServer: sorry });
  const run = new Run(plan).start();
  run.fail('c2');
  run.clear().give({ type: 'stopping', release: true });
  assert.equal(run.told(), ['ipvs', 'run down1', line(1), mail(1, 'Shutting down')]);
});

test('a virtual server that left the configuration is told without omega, and its services go', () => {
  const services: ServiceKey[] = [
    { kind: 'fwmark', fwmark: 1, family: 'inet' },
    { kind: 'fwmark', fwmark: 2, family: 'inet' },
  ];
  const run = new Run(makeVs([makeRs(1)], { services })).start().clear();
  run.give({ type: 'removed' });
  assert.is(run.asked(), 'absent | absent');
  assert.is(tableText(desiredTable(run.state)), 'absent | absent');
  assert.equal(run.told().slice(1), [
    'run down1',
    line(1),
    'run qdown',
    `VS ${vs} DOWN`,
    `mail Virtualserver ${vs} - DOWN: => Lost quorum 1+0=1 <= 0 <=`,
    mail(1, 'Removing'),
  ]);
  assert.is(run.effects.find(effect => effect.type === 'script')?.reason, 'config');
});

test('what an unfinished or failed change may have added goes too', () => {
  const withService = (fwmark: number) =>
    makeVs([makeRs(1)], { services: [{ kind: 'fwmark', fwmark, family: 'inet' }] });
  const run = new Run(withService(1)).start();
  run.acknowledges = false;
  run.give({ type: 'reloaded', plan: withService(2) });
  run.refuse();
  run.give({ type: 'reloaded', plan: withService(3) });
  assert.is(run.asked(), '1=1 | absent | absent', 'three, and without the first two');
  run.refuse();
  run.give({ type: 'reloaded', plan: withService(4) });
  run.give({ type: 'stopping', release: true });
  assert.is(run.asked(), 'absent | absent | absent | absent');
});

test('a stop in the middle of reloads releases the services of all of them', () => {
  const withService = (fwmark: number) =>
    makeVs([makeRs(1)], { services: [{ kind: 'fwmark', fwmark, family: 'inet' }] });
  const run = new Run(withService(1)).start();
  run.acknowledges = false;
  run.give({ type: 'reloaded', plan: withService(2) });
  run.give({ type: 'reloaded', plan: withService(3) });
  run.give({ type: 'stopping', release: true });
  assert.is(run.asked(), 'absent | absent | absent');
});

test('after the end no event counts, and answers do not either', () => {
  const run = new Run(makeVs([makeRs(1)])).start();
  run.give({ type: 'stopping', release: true });
  const before = run.state;
  run.clear();
  run.give({ type: 'ipvs-acked', change: before.lastChange });
  run.give({ type: 'reloaded', plan: makeVs([makeRs(2)]) });
  run.give({ type: 'stopping', release: true });
  assert.is(run.state, before);
  assert.equal(run.told(), []);
});

test('a stop before the start tells nothing', () => {
  const run = new Run(makeVs([makeRs(1)], { omega: true }));
  run.give({ type: 'stopping', release: true });
  assert.equal(run.told(), ['ipvs']);
});

test.run();
