import * as assert from 'uvu/assert';
import { desiredTable } from '../../../src/health/desired.ts';
import { remember } from '../../../src/health/remember.ts';
import type { Remembered } from '../../../src/model/event.ts';
import type { HealthSettings } from '../../../src/model/health.ts';
import type { VirtualServer } from '../../../src/model/server.ts';
import { suite } from '../../support/suite.ts';
import { makeCheck, makeRs, makeVs, Run, sorry } from './make.ts';

const test = suite('health/remember');

function again(run: Run, plan: VirtualServer, fields: Partial<HealthSettings> = {}): Run {
  const memory: Remembered = JSON.parse(JSON.stringify(remember(run.state)));
  return new Run(plan, fields).start(memory);
}

test('it holds committed healths, verdicts and streaks', () => {
  const run = new Run(makeVs([makeRs(1, { checks: [makeCheck('c1', { retry: 2 })] }), makeRs(2)])).start();
  run.pass('c1', 5);
  run.fail('c1');
  run.fail('c2');
  assert.equal(remember(run.state), {
    quorum: 'up',
    quorumSince: 1001,
    sorryActive: false,
    realServers: { '10.0.0.1:80': { health: 'up', since: 1003 }, '10.0.0.2:80': { health: 'down', since: 1006 } },
    checkers: {
      c1: { verdict: 'up', failures: 1, successes: 0, weight: 5 },
      c2: { verdict: 'down', failures: 1, successes: 0, weight: null },
    },
  });
});

test('a restart tells nothing again, asserts the same table and goes on counting', () => {
  const plan = makeVs([makeRs(1, { checks: [makeCheck('c1', { retry: 2 })] }), makeRs(2), makeRs(3)]);
  for (const policy of ['manage', 'weights'] as const) {
    const run = new Run(plan, { policy }).start();
    run.pass('c1', 5);
    run.fail('c1');
    run.fail('c2');
    const next = again(run, plan, { policy, rsInitNotifies: true });
    assert.equal(next.told(), ['ipvs']);
    assert.equal(next.moves(), []);
    assert.equal(desiredTable(next.state), desiredTable(run.state));
    assert.equal(remember(next.state), remember(run.state));
    next.fail('c1');
    next.fail('c1');
    assert.equal(next.moves(), ['real_server up>down refused']);
  }
});

test('a restart while the sorry server stands in keeps it', () => {
  const plan = makeVs([makeRs(1)], { sorryServer: sorry });
  const run = new Run(plan).start();
  run.fail('c1');
  assert.ok(remember(run.state).sorryActive);
  const next = again(run, plan);
  assert.equal(next.told(), ['ipvs']);
  assert.is(next.asked(), '99=1');
  assert.equal(next.moves(), []);
});

test('weights: who lost its checks while it was down gets its weight back, who never had any is left alone', () => {
  const before = makeVs([makeRs(1, { weight: 3 }), makeRs(2, { checks: [] })]);
  const run = new Run(before, { policy: 'weights' }).start();
  run.fail('c1');
  const after = makeVs([makeRs(1, { weight: 3, checks: [] }), makeRs(2, { checks: [] })]);
  assert.is(again(run, after, { policy: 'weights' }).asked(), '1=3');
});

test('weights: a sorry server that stood in before the restart is lowered when the quorum is back', () => {
  const plan = makeVs([makeRs(1), makeRs(2, { checks: [] })], { sorryServer: sorry, quorum: 2 });
  const run = new Run(plan, { policy: 'weights' }).start();
  run.fail('c1');
  const next = again(run, plan, { policy: 'weights' });
  assert.is(next.asked(), '1=0 99=1');
  next.pass('c1');
  assert.is(next.asked(), '1=1 99=0');
});

test('without memory weights asks for nothing, so a start writes nothing', () => {
  const run = new Run(makeVs([makeRs(1)]), { policy: 'weights' }).start(null);
  assert.is(run.asked(), 'nothing');
});

test('a verdict that was not yet in the table when the run ended is told by the next one', () => {
  const plan = makeVs([makeRs(1), makeRs(2)]);
  const run = new Run(plan).start();
  run.pass('c1');
  run.acknowledges = false;
  run.fail('c1');
  const next = again(run, plan);
  assert.is(next.asked(), '2=1');
  assert.equal(next.moves(), ['real_server up>down start']);
  assert.equal(next.told().slice(1), [
    'run down1',
    'RS [10.0.0.1]:tcp:80 [192.0.2.1]:tcp:80 DOWN',
    'mail Realserver [10.0.0.1]:tcp:80 of virtual server [192.0.2.1]:tcp:80 - DOWN: => TCP CHECK failed on service <=',
  ]);
});

test('a first failure that was not yet in the table is mailed by the next run, but not that of an alpha server', () => {
  const plan = makeVs([makeRs(1), makeRs(2, { checks: [makeCheck('c2', { alpha: true })] })]);
  const run = new Run(plan).start();
  run.acknowledges = false;
  run.fail('c1');
  run.fail('c2');
  const told = again(run, plan).told();
  assert.equal(
    told.filter(line => line.startsWith('RS ')).map(line => line.slice(0, 17)),
    ['RS [10.0.0.1]:tcp', 'RS [10.0.0.2]:tcp'],
  );
  assert.equal(
    told.filter(line => line.startsWith('mail Realserver')).map(line => line.slice(0, 30)),
    ['mail Realserver [10.0.0.1]:tcp'],
  );
});

test('checks that the memory does not know: down servers must pass them, servers in service stay', () => {
  const run = new Run(makeVs([makeRs(1), makeRs(2), makeRs(3)])).start();
  run.fail('c1');
  run.pass('c2');
  const edited = (n: number) => makeRs(n, { checks: [makeCheck(`new${n}`, { alpha: true })] });
  const next = again(run, makeVs([edited(1), edited(2), edited(3), edited(4)]));
  assert.is(next.asked(), '2=1', 'the third had no verdict: alpha as at any start');
  assert.equal(next.moves(), ['real_server up>unknown start']);
  next.pass('new1');
  assert.is(next.asked(), '1=1 2=1');
});

test('alpha checkers without a verdict are assumed as at any start', () => {
  const alpha = (n: number) => makeRs(n, { checks: [makeCheck(`a${n}`, { alpha: true }), makeCheck(`b${n}`)] });
  const plan = makeVs([alpha(1), alpha(2)]);
  const run = new Run(plan).start();
  run.pass('b1');
  assert.is(again(run, plan).asked(), '');
});

test('a start that was never acknowledged passes on what it had itself from before', () => {
  const plan = makeVs([makeRs(1), makeRs(2)]);
  const run = new Run(plan).start();
  run.fail('c1');
  const next = new Run(plan);
  next.acknowledges = false;
  next.start(remember(run.state));
  assert.equal(remember(next.state), remember(run.state));
});

test.run();
