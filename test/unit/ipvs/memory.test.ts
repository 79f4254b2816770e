import * as assert from 'uvu/assert';
import { createMemoryTable } from '../../../src/ipvs/memory.ts';
import type { IpvsCommand } from '../../../src/model/ipvs.ts';
import { suite } from '../../support/suite.ts';
import { destination, destinations, service, tableOf, tcp } from './build.ts';

const test = suite('ipvs/memory');
const known = service({});
const unknown = service({ key: tcp(99) });
const here = { service: tcp(80), destination: destination({}) };
const nowhere = { service: tcp(99), destination: destination({}) };
const other = { service: tcp(80), destination: destination({ address: '10.0.0.9' }) };

// As ipvsadm 1.31 on Linux 6.1 says it.
for (const [command, complaint] of [
  [{ type: 'add-service', service: known }, 'Service already exists'],
  [{ type: 'edit-service', service: unknown }, 'No such service'],
  [{ type: 'delete-service', service: unknown }, 'No such service'],
  [{ type: 'add-destination', ...here }, 'Destination already exists'],
  [{ type: 'add-destination', ...nowhere }, 'Service not defined'],
  [{ type: 'edit-destination', ...other }, 'No such destination'],
  [{ type: 'edit-destination', ...nowhere }, 'Service not defined'],
  [{ type: 'delete-destination', ...other }, 'No such destination'],
  [{ type: 'delete-destination', ...nowhere }, 'Service not defined'],
] as const satisfies readonly (readonly [IpvsCommand, string])[]) {
  test(`${command.type} is refused with "${complaint}", and the next command is run`, async () => {
    const table = createMemoryTable(tableOf(known, [destination({})]));
    const lower = { ...here, destination: destination({ weight: 0 }) };
    assert.equal(await table.write([command, { type: 'edit-destination', ...lower }]), [complaint]);
    assert.equal(await table.read(), tableOf(known, [destination({ weight: 0 })]));
  });
}

test('commands build, change and remove services and destinations', async () => {
  const table = createMemoryTable();
  const wlc = service({ scheduler: 'wlc' });
  await table.write([
    { type: 'add-service', service: known },
    { type: 'add-destination', ...here },
    { type: 'add-destination', ...other },
    { type: 'edit-service', service: wlc },
    { type: 'delete-destination', ...other },
  ]);
  assert.equal(await table.read(), tableOf(wlc, [destination({})]));
  await table.write([{ type: 'delete-service', service: known }]);
  assert.equal(await table.read(), { services: [] });
});

test('a table that was read does not change afterwards', async () => {
  const table = createMemoryTable(tableOf(known, destinations({ 2: 1 })));
  const before = await table.read();
  await table.write([{ type: 'delete-destination', ...here }]);
  assert.equal(before, tableOf(known, destinations({ 2: 1 })));
});

test.run();
