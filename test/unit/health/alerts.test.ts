import * as assert from 'uvu/assert';
import { tellGone } from '../../../src/health/farewell.ts';
import { remember } from '../../../src/health/remember.ts';
import { vsId } from '../../../src/model/ids.ts';
import { suite } from '../../support/suite.ts';
import { makeCheck, makeRs, makeVs, Run } from './make.ts';

const test = suite('health/alerts');
const quiet = { smtpAlert: false };

test('channels are told what happens whether or not smtp_alert is on, real servers before the quorum', () => {
  const run = new Run(makeVs([makeRs(1, quiet), makeRs(2, quiet)], quiet)).start().clear();
  run.pass('c1');
  run.fail('c1');
  run.fail('c2', 'timeout_read');
  assert.equal(run.alerts(), [
    '10.0.0.1:80 DOWN since 1004 refused: said refused',
    '10.0.0.2:80 DOWN since 1006 timeout_read: said timeout_read',
    'quorum DOWN since 1006 quorum: Lost quorum 1-0=1 > 0',
  ]);
  run.clear().pass('c2');
  assert.equal(run.alerts(), [
    '10.0.0.2:80 UP since 1006 ok: ',
    'quorum UP since 1006 quorum: Gained quorum 1+0=1 <= 1',
  ]);
  assert.equal(
    run.told().filter(line => line.startsWith('mail')),
    [],
  );
});

test('a start tells of the quorum, which ends an outage that nobody remembers, and of no first success', () => {
  const run = new Run(makeVs([makeRs(1)])).start();
  run.pass('c1');
  assert.equal(run.alerts(), ['quorum UP since null start: Starting with quorum up 1+0=1 <= 1']);
});

test('since when the quorum is lost outlives a restart', () => {
  const plan = makeVs([makeRs(1)]);
  const run = new Run(plan).start();
  run.fail('c1');
  const memory = JSON.parse(JSON.stringify(remember(run.state)));
  assert.is(memory.quorumSince, 1003);
  const next = new Run(plan).start(memory);
  assert.equal(next.alerts(), []);
  next.now = 9_000;
  next.pass('c1');
  assert.equal(next.alerts(), [
    '10.0.0.1:80 UP since 1003 ok: ',
    'quorum UP since 1003 quorum: Gained quorum 1+0=1 <= 1',
  ]);
  const { quorumSince: _, ...older } = memory;
  const old = new Run(plan).start(older);
  old.pass('c1');
  assert.match(old.alerts()[1] ?? '', /^quorum UP since null/);
});

test('a server with alpha that was never there is down all the same', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2, { checks: [makeCheck('c2', { alpha: true })] })])).start().clear();
  run.fail('c2');
  assert.equal(run.alerts(), ['10.0.0.2:80 DOWN since 1003 refused: said refused']);
});

test('what a reload takes out is removed, which ends its outage', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2), makeRs(3)])).start();
  run.fail('c2');
  run.clear().give({ type: 'reloaded', plan: makeVs([makeRs(1)]) });
  assert.equal(run.alerts(), [
    '10.0.0.2:80 REMOVED since 1003 config: Removing',
    '10.0.0.3:80 REMOVED since null config: Removing',
  ]);
  run.clear().give({ type: 'removed' });
  assert.equal(run.alerts(), [
    '10.0.0.1:80 REMOVED since null config: Removing',
    'quorum REMOVED since null config: Removing',
  ]);
});

test('a stop with omega tells of the virtual server alone, and without it of nothing', () => {
  for (const [omega, expected] of [
    [true, ['quorum DOWN since null stop: Shutting down']],
    [false, []],
  ] as const) {
    const run = new Run(makeVs([makeRs(1), makeRs(2)], { omega })).start().clear();
    run.give({ type: 'stopping', release: true });
    assert.equal(run.alerts(), expected);
  }
});

test('what left the configuration while nobody looked has its outages ended', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2)], { quorum: 2 })).start();
  run.fail('c1');
  const told = tellGone(vsId('tcp/192.0.2.1:80'), remember(run.state));
  assert.equal(
    told.map(({ realServer, state, since }) => [realServer, state, since]),
    [
      ['10.0.0.1:80', 'REMOVED', 1003],
      [null, 'REMOVED', 1003],
    ],
  );
  assert.equal(tellGone(vsId('x'), remember(new Run(makeVs([makeRs(1)])).start().state)), []);
});

test.run();
