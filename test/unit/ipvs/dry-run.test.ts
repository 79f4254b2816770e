import * as assert from 'uvu/assert';
import { createDryRunTable } from '../../../src/ipvs/dry-run.ts';
import { createMemoryTable } from '../../../src/ipvs/memory.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';
import { destination, destinations, service, tableOf, tcp } from './build.ts';

const test = suite('ipvs/dry-run');
const drain = { type: 'edit-destination', service: tcp(80), destination: destination({ weight: 0 }) } as const;

test('commands are said and not done, and reading back agrees', async () => {
  const real = createMemoryTable(tableOf(service({}), destinations({ 2: 1 })));
  const log = new RecordingLog();
  const table = createDryRunTable({ table: real, log });
  await table.open();
  assert.equal(await table.write([drain]), []);
  await table.setTimeouts({ tcp: 900, tcpfin: 0, udp: 300 });
  assert.equal(await table.read(), tableOf(service({}), destinations({ 2: 0 })));
  await table.flush();
  assert.equal(await table.read(), { services: [] });
  assert.equal(await real.read(), tableOf(service({}), destinations({ 2: 1 })));
  assert.equal(
    log.lines.map(line => `${line.level}: ${line.message}`),
    [
      'info: Dry run, not done: ipvsadm -e -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 0',
      'info: Dry run, not done: ipvsadm --set 900 0 300',
      'info: Dry run, not done: ipvsadm -C',
    ],
  );
});

test('a real table that could not be read is tried again', async () => {
  const real = createMemoryTable(tableOf(service({}), destinations({ 2: 1 })));
  let attempts = 0;
  const read = () => (attempts++ === 0 ? Promise.reject(new Error('busy')) : real.read());
  const table = createDryRunTable({ table: { ...real, read }, log: new RecordingLog() });
  assert.is(await table.read().catch((fault: Error) => fault.message), 'busy');
  assert.equal(await table.read(), tableOf(service({}), destinations({ 2: 1 })));
});

test.run();
