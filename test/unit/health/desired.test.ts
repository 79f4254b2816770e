import * as assert from 'uvu/assert';
import { desiredTable, dropServices, ipvsServices, sameTable } from '../../../src/health/desired.ts';
import { createState } from '../../../src/health/step.ts';
import type { HealthSettings } from '../../../src/model/health.ts';
import type { DesiredService } from '../../../src/model/ipvs.ts';
import type { ServiceKey, VirtualServer } from '../../../src/model/server.ts';
import { suite } from '../../support/suite.ts';
import { makeCheck, makeRs, makeVs, Run, settings, sorry, tableText } from './make.ts';

const test = suite('health/desired');

const alphaRs = (n: number, fields = {}) => makeRs(n, { checks: [makeCheck(`c${n}`, { alpha: true })], ...fields });
const inhibited = { ...sorry, inhibit: true };

function started(plan: VirtualServer, policy: HealthSettings['policy'] = 'manage'): Run {
  return new Run(plan, { policy }).start();
}
const table = (run: Run) => tableText(desiredTable(run.state));

test('nothing is asked for before the start', () => {
  assert.equal(desiredTable(createState(makeVs([makeRs(1)]), settings)), []);
});

test('manage: a server assumed up is in, an alpha server is not, unless inhibited at weight 0', () => {
  assert.is(table(started(makeVs([makeRs(1), alphaRs(2), alphaRs(3, { inhibitOnFailure: true })]))), '1=1 3=0');
});

test('manage: a server that is down leaves, or drops to weight 0 with inhibit_on_failure', () => {
  const run = started(makeVs([makeRs(1), makeRs(2), makeRs(3, { inhibitOnFailure: true })]));
  run.fail('c2');
  run.fail('c3');
  assert.is(table(run), '1=1 3=0');
});

test('manage: the sorry server takes the place of all, inhibited ones stay at 0', () => {
  const plan = makeVs([makeRs(1, { weight: 5 }), makeRs(2, { inhibitOnFailure: true })], {
    sorryServer: sorry,
    quorum: 6,
  });
  const run = started(plan);
  assert.is(table(run), '1=5 2=1');
  run.fail('c2');
  assert.is(table(run), '2=0 99=1');
  run.pass('c2');
  assert.is(table(run), '1=5 2=1');
});

test('manage: sorry_server_inhibit keeps it in the table at weight 0', () => {
  const run = started(makeVs([makeRs(1)], { sorryServer: inhibited }));
  assert.is(table(run), '1=1 99=0');
  run.fail('c1');
  assert.is(table(run), '99=1');
});

test('manage: without a sorry server the living stay though the quorum is lost', () => {
  const run = started(makeVs([makeRs(1), makeRs(2)], { quorum: 2 }));
  run.fail('c1');
  assert.is(run.state.committed.quorum, 'down');
  assert.is(table(run), '2=1');
});

test('weights: no opinion before the verdict, then weight 0 or the effective weight', () => {
  const run = started(makeVs([makeRs(1, { weight: 4 }), makeRs(2), makeRs(3)]), 'weights');
  assert.equal(desiredTable(run.state), []);
  run.pass('c1');
  run.fail('c2');
  assert.is(table(run), '1=4 2=0');
});

test('weights: a server without checks is left alone: another checker may have taken it out', () => {
  const run = started(makeVs([makeRs(1, { checks: [], weight: 3 }), makeRs(2)]), 'weights');
  assert.equal(desiredTable(run.state), []);
  run.pass('c2');
  assert.is(table(run), '2=1');
});

test('weights: a server without checks does not prove a quorum', () => {
  const run = started(makeVs([makeRs(1, { checks: [] })], { sorryServer: sorry }), 'weights');
  assert.equal(desiredTable(run.state), []);
  assert.is(run.state.committed.quorum, 'up');
});

test('weights: the sorry server that we have raised is lowered again, whoever else is without checks', () => {
  const run = started(makeVs([makeRs(1, { checks: [] }), makeRs(2)], { sorryServer: sorry, quorum: 2 }), 'weights');
  run.pass('c2');
  assert.is(table(run), '2=1');
  run.fail('c2');
  assert.is(table(run), '2=0 99=1');
  run.pass('c2');
  assert.is(table(run), '2=1 99=0');
});

test('weights: the sorry server is lowered only by a quorum that was seen, and raised when it is lost', () => {
  const run = started(makeVs([makeRs(1), makeRs(2)], { sorryServer: sorry }), 'weights');
  assert.equal(desiredTable(run.state), [], 'the quorum is only assumed');
  run.fail('c2');
  assert.is(table(run), '2=0');
  run.pass('c1');
  assert.is(table(run), '1=1 2=0 99=0');
  run.fail('c1');
  assert.is(table(run), '1=0 2=0 99=1');
});

test('weights: the living are withheld while the sorry server stands in', () => {
  const run = started(makeVs([makeRs(1), makeRs(2)], { sorryServer: sorry, quorum: 2 }), 'weights');
  run.pass('c1');
  run.fail('c2');
  assert.is(table(run), '1=0 2=0 99=1');
});

test('weights: where nobody put the sorry server into the table, the living are not withheld for it', () => {
  const run = started(makeVs([makeRs(1), makeRs(2)], { sorryServer: sorry, quorum: 2 }), 'weights');
  run.pass('c1');
  run.fail('c2');
  const otherwise = desiredTable(run.state)[0]?.otherwise;
  assert.equal(otherwise?.missing, { address: sorry.address, port: sorry.port });
  assert.equal(
    otherwise?.destinations.map(({ weight }) => weight),
    [1, 0],
  );
});

test('a sorry server that is also a real server is one destination, in service if either is to be', () => {
  const plan = makeVs([makeRs(1), makeRs(99)], { sorryServer: sorry });
  const managed = started(plan);
  assert.is(table(managed), '1=1 99=1');
  managed.fail('c99');
  assert.is(table(managed), '1=1');
  managed.fail('c1');
  assert.is(table(managed), '99=1');
  const weights = started(plan, 'weights');
  weights.pass('c1');
  assert.is(table(weights), '1=1', 'no weight 0 for a server without a verdict');
  weights.fail('c99');
  weights.fail('c1');
  assert.is(table(weights), '1=0 99=1');
});

test('every service of a group gets every destination, on its own port where the server names none', () => {
  const services: ServiceKey[] = [
    { kind: 'address', protocol: 'TCP', address: '192.0.2.1', port: 80 },
    { kind: 'address', protocol: 'TCP', address: '192.0.2.1', port: 443 },
    { kind: 'fwmark', fwmark: 7, family: 'inet' },
  ];
  const plan = makeVs(
    [makeRs(1, { port: 0 }), makeRs(2, { port: 8080 }), makeRs(3, { port: 8080, forwarding: { kind: 'DR' } })],
    { services },
  );
  const ports = desiredTable(started(plan).state).map(({ destinations }) => destinations.map(({ port }) => port));
  assert.equal(ports, [
    [80, 8080, 80],
    [443, 8080, 443],
    [0, 8080, 0],
  ]);
});

test('the service and the thresholds are those of the plan', () => {
  const persistence = { timeout: 50 };
  const plan = makeVs([makeRs(1, { upperThreshold: 9, lowerThreshold: 4 })], {
    scheduler: 'sh',
    schedulerFlags: ['sh-port'],
    persistence,
    onePacket: true,
  });
  const [service] = desiredTable(started(plan).state);
  const [key] = plan.services;
  assert.equal(service?.service, { key, scheduler: 'sh', schedulerFlags: ['sh-port'], onePacket: true, persistence });
  assert.equal(service?.destinations, [
    {
      address: '10.0.0.1',
      port: 80,
      forwarding: { kind: 'NAT' },
      weight: 1,
      upperThreshold: 9,
      lowerThreshold: 4,
    },
  ]);
});

test('tables differ by any field', () => {
  const make = (fields: object = {}, service: object = {}, rest: object = {}): DesiredService[] =>
    desiredTable(started(makeVs([makeRs(1)])).state).map(entry => ({
      ...entry,
      service: { ...entry.service, ...service },
      destinations: entry.destinations.map(destination => ({ ...destination, ...fields })),
      ...rest,
    }));
  assert.ok(sameTable(make(), make()));
  assert.ok(sameTable(make({ forwarding: { kind: 'DR' } }), make({ forwarding: { kind: 'DR' } })));
  const others = [
    make({ weight: 2 }),
    make({ address: '10.0.0.2' }),
    make({ port: 81 }),
    make({ forwarding: { kind: 'DR' } }),
    make({ upperThreshold: 1 }),
    make({ lowerThreshold: 1 }),
    make({}, { scheduler: 'rr' }),
    make({}, {}, { absent: true }),
    make({}, {}, { destinations: [] }),
    [],
  ];
  for (const other of others) assert.not.ok(sameTable(make(), other));
});

test('services that left are absent once, those that stay are not', () => {
  const services: ServiceKey[] = [
    { kind: 'fwmark', fwmark: 7, family: 'inet' },
    { kind: 'fwmark', fwmark: 7, family: 'inet6' },
  ];
  const plan = makeVs([makeRs(1)], { services });
  const [first, second] = ipvsServices(plan);
  assert.ok(first && second);
  const dropped = dropServices([first, second, second], [{ service: first, absent: false, destinations: [] }]);
  assert.equal(dropped, [{ service: second, absent: true, destinations: [] }]);
});

/** `2:up-3`: last octet, state and change of the weight. */
const verdicts = (run: Run) =>
  desiredTable(run.state).flatMap(({ verdicts: found = [] }) =>
    found.map(({ realServer, up, weightChange }) => `${realServer} ${up ? 'up' : 'down'} ${weightChange}`),
  );

test('verdicts: nothing before the verdict, then the state and the change of the weight', () => {
  const run = started(makeVs([makeRs(1, { weight: 4 }), makeRs(2, { weight: 4 }), makeRs(3)]), 'verdicts');
  assert.equal(desiredTable(run.state), []);
  run.pass('c1', 1);
  run.fail('c2');
  assert.equal(verdicts(run), ['10.0.0.1:80 up -3', '10.0.0.2:80 down 0']);
});

test('verdicts: who is assumed down (alpha) is told of at once, as nobody else knows of alpha', () => {
  const run = started(makeVs([alphaRs(1), makeRs(2)]), 'verdicts');
  assert.equal(verdicts(run), ['10.0.0.1:80 down 0']);
  run.pass('c1');
  assert.equal(verdicts(run), ['10.0.0.1:80 up 0']);
});

test('verdicts: a lost quorum withholds nobody, and inhibit_on_failure is not ours', () => {
  const plan = makeVs([makeRs(1), makeRs(2, { inhibitOnFailure: true })], { quorum: 2, sorryServer: sorry });
  const run = started(plan, 'verdicts');
  run.pass('c1');
  run.fail('c2');
  assert.is(run.state.committed.quorum, 'down');
  assert.equal(verdicts(run), ['10.0.0.1:80 up 0', '10.0.0.2:80 down 0']);
});

test('verdicts: a group of services has one verdict for each real server', () => {
  const key = (port: number): ServiceKey => ({ kind: 'address', protocol: 'TCP', address: '192.0.2.1', port });
  const run = started(makeVs([makeRs(1)], { services: [key(80), key(81)] }), 'verdicts');
  run.fail('c1');
  assert.equal(verdicts(run), ['10.0.0.1:80 down 0']);
});

test('verdicts: the same ones are not asked for again, and none is taken back at the end', () => {
  const run = started(makeVs([makeRs(1), makeRs(2)]), 'verdicts');
  run.fail('c1');
  run.pass('c2');
  assert.ok(sameTable(desiredTable(run.state), structuredClone(desiredTable(run.state))));
  run.clear();
  run.fail('c1');
  run.give({ type: 'stopping', release: true });
  assert.equal(
    run.effects.filter(({ type }) => type === 'ipvs'),
    [],
  );
});

test.run();
