import * as assert from 'uvu/assert';
import { createIpvsDriver } from '../../../src/ipvs/driver.ts';
import { createMemoryTable } from '../../../src/ipvs/memory.ts';
import type { IpvsTablePort } from '../../../src/ipvs/table.ts';
import type { IpvsCommand } from '../../../src/model/ipvs.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';
import { desired, destination, destinations, service, tableOf, tcp } from './build.ts';

const test = suite('ipvs/driver');

/** A memory table that counts how often it is read and written. */
function countCalls(table: IpvsTablePort) {
  const calls: string[] = [];
  const counted: IpvsTablePort = {
    ...table,
    read() {
      calls.push('read');
      return table.read();
    },
    write(commands) {
      calls.push(`write ${commands.length}`);
      return table.write(commands);
    },
  };
  return { calls, table: counted };
}

test('one batch carries all changes: read, written once, read back', async () => {
  const { calls, table } = countCalls(createMemoryTable());
  const driver = createIpvsDriver({ policy: 'manage' }, { table, log: new RecordingLog() });
  const other = service({ key: tcp(81) });
  const applied = await driver.apply([
    { desired: [desired({ destinations: destinations({ 2: 1 }) })] },
    { desired: [desired({ service: other, destinations: destinations({ 3: 1 }) })] },
  ]);
  assert.equal(calls, ['read', 'write 4', 'read']);
  assert.equal(applied.outcomes, [{ ok: true }, { ok: true }]);
  assert.is(applied.written[3]?.text, '-a -t 10.0.0.1:81 -r 10.0.0.3:80 -m -w 1');
  assert.equal(applied.table, await driver.read());
  assert.is(applied.table.services.length, 2);
});

test('nothing is written when nothing differs', async () => {
  const { calls, table } = countCalls(createMemoryTable(tableOf(service({}), destinations({ 2: 1 }))));
  const driver = createIpvsDriver({ policy: 'manage' }, { table, log: new RecordingLog() });
  const applied = await driver.apply([{ desired: [desired({ destinations: destinations({ 2: 1 }) })] }]);
  assert.equal(calls, ['read']);
  assert.equal(applied.outcomes, [{ ok: true }]);
  assert.equal(applied.written, []);
});

test('a change fails alone, with what is still so and what ipvsadm said', async () => {
  const table = createMemoryTable();
  const driver = createIpvsDriver({ policy: 'manage' }, { table, log: new RecordingLog() });
  const bad = destination({ lowerThreshold: 9, upperThreshold: 3 });
  const applied = await driver.apply([
    { desired: [desired({ destinations: [bad] })] },
    { desired: [desired({ service: service({ key: tcp(81) }), destinations: destinations({ 3: 1 }) })] },
  ]);
  assert.equal(applied.outcomes, [
    {
      ok: false,
      detail:
        'destination 10.0.0.2:80 of tcp/10.0.0.1:80 is not in the table (ipvsadm said: Numerical result out of range)',
    },
    { ok: true },
  ]);
});

test('a change that a later one of the same batch overruled is judged by the later one', async () => {
  const driver = createIpvsDriver({ policy: 'manage' }, { table: createMemoryTable(), log: new RecordingLog() });
  const applied = await driver.apply([
    { desired: [desired({ destinations: destinations({ 2: 1, 3: 1 }) })] },
    { desired: [desired({ destinations: destinations({ 3: 1 }) })] },
  ]);
  assert.equal(applied.outcomes, [{ ok: true }, { ok: true }]);
  assert.equal(applied.table.services[0]?.destinations, destinations({ 3: 1 }));
});

test('a write that another hand undid at once is a failure', async () => {
  const table = createMemoryTable(tableOf(service({}), destinations({ 2: 1 })));
  const write = async (commands: readonly IpvsCommand[]) => {
    await table.write(commands);
    const back = { type: 'edit-destination', service: tcp(80), destination: destination({}) } as const;
    return table.write([back]);
  };
  const driver = createIpvsDriver({ policy: 'weights' }, { table: { ...table, write }, log: new RecordingLog() });
  const applied = await driver.apply([{ desired: [desired({ destinations: destinations({ 2: 0 }) })] }]);
  assert.equal(applied.outcomes, [
    {
      ok: false,
      detail: 'destination 10.0.0.2:80 of tcp/10.0.0.1:80 is "NAT weight 1" instead of "NAT weight 0"',
    },
  ]);
});

test('the trouble of the whole table rejects', async () => {
  const read = () => Promise.reject(new Error('No permission.'));
  const driver = createIpvsDriver(
    { policy: 'weights' },
    { table: { ...createMemoryTable(), read }, log: new RecordingLog() },
  );
  await driver.apply([]).then(
    () => assert.unreachable(),
    fault => assert.is(fault.message, 'No permission.'),
  );
});

test('a flush leaves an empty table', async () => {
  const table = createMemoryTable(tableOf(service({}), destinations({ 2: 1 })));
  const driver = createIpvsDriver({ policy: 'manage' }, { table, log: new RecordingLog() });
  await driver.flush();
  assert.equal(await driver.read(), { services: [] });
});

test('weights are read in the quicker way, and all is read where more has changed', async () => {
  const { calls, table } = countCalls(createMemoryTable(tableOf(service({}), destinations({ 2: 1, 3: 1 }))));
  let quick = true;
  const withWeights: IpvsTablePort = {
    ...table,
    async readWeights(known) {
      calls.push(`weights of ${known.services[0]?.destinations.length}`);
      return quick ? known : null;
    },
  };
  const driver = createIpvsDriver({ policy: 'manage' }, { table: withWeights, log: new RecordingLog() });
  const wish = (weights: Record<number, number>) => [{ desired: [desired({ destinations: destinations(weights) })] }];
  await driver.apply(wish({ 2: 1, 3: 1 }), 'weights');
  assert.equal(calls.splice(0), ['read'], 'nothing is known at the start');
  const { outcomes } = await driver.apply(wish({ 2: 0, 3: 1 }), 'weights');
  assert.equal(outcomes, [{ ok: true }]);
  assert.equal(calls.splice(0), ['weights of 2', 'write 1', 'weights of 2']);
  await driver.apply(wish({ 3: 1 }), 'weights');
  assert.equal(calls.splice(0), ['weights of 2', 'write 1', 'weights of 1']);
  await driver.apply(wish({ 3: 1, 4: 1 }), 'whole');
  assert.equal(calls.splice(0), ['read', 'write 1', 'weights of 2']);
  quick = false;
  await driver.apply(wish({ 3: 1 }), 'weights');
  assert.equal(calls.splice(0), ['weights of 2', 'read', 'write 1', 'weights of 1', 'read']);
  quick = true;
  const edited = [
    { desired: [desired({ service: service({ scheduler: 'wlc' }), destinations: destinations({ 3: 1 }) })] },
  ];
  await driver.apply(edited, 'weights');
  assert.equal(calls.splice(0), ['weights of 1', 'write 1', 'read'], 'a scheduler is not seen there');
});

test('of what is written it is told what it was, and whether it has had its effect', async () => {
  const driver = createIpvsDriver({ policy: 'manage' }, { table: createMemoryTable(), log: new RecordingLog() });
  const refused = destination({ address: '10.0.0.3', lowerThreshold: 9, upperThreshold: 3 });
  const { written } = await driver.apply([
    { desired: [desired({ destinations: [...destinations({ 2: 1 }), refused] })] },
  ]);
  assert.equal(
    written.map(({ operation, ok }) => [operation, ok]),
    [
      ['add-service', true],
      ['add-destination', true],
      ['add-destination', false],
    ],
  );
});

test('where the whole table is read it is told how far it was from what is wanted', async () => {
  const driver = createIpvsDriver({ policy: 'manage' }, { table: createMemoryTable(), log: new RecordingLog() });
  const changes = [{ desired: [desired({ destinations: destinations({ 2: 1 }) })] }];
  assert.equal((await driver.apply(changes, 'whole')).drift, { missing: 2, extra: 0, weight: 0, other: 0 });
  assert.equal((await driver.apply(changes, 'whole')).drift, { missing: 0, extra: 0, weight: 0, other: 0 });
  assert.is((await driver.apply(changes, 'weights')).drift, undefined);
});

test.run();
