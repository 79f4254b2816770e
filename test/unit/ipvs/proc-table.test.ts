import * as assert from 'uvu/assert';
import { refreshWeights } from '../../../src/ipvs/proc-table.ts';
import type { IpvsDestination, IpvsTable } from '../../../src/model/ipvs.ts';
import { suite } from '../../support/suite.ts';
import { destination, destinations, service, tableOf, tcp } from './build.ts';

const test = suite('ipvs/proc-table');

/** As Linux writes /proc/net/ip_vs. */
const file = (lines: readonly string[]): string =>
  [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
    ...lines,
    '',
  ].join('\n');
const web = 'TCP  0A000001:0050 rr  ';
const two = '  -> 0A000002:0050      Masq    5      12         7';
const three = '  -> 0A000003:0050      Masq    0      0          0';
const known = tableOf(service({}), destinations({ 2: 1, 3: 1 }));
const weightsOf = (table: IpvsTable | null): readonly number[] | undefined =>
  table?.services.flatMap(({ destinations: entries }) => entries.map(({ weight }) => weight));

test('the weights of the file stand in the known table, in its order', () => {
  assert.equal(weightsOf(refreshWeights(known, file([web, two, three]))), [5, 0]);
  assert.equal(weightsOf(refreshWeights(known, file([web, three, two]))), [5, 0]);
});

test('what has not changed is the same object', () => {
  const same = refreshWeights(known, file([web, two.replace('5 ', '1 '), three.replace(' 0   ', ' 1   ')]));
  assert.is(same?.services[0]?.destinations[0], known.services[0]?.destinations[0]);
});

test('another service or destination, or one that is gone, asks for all to be read', () => {
  const cases = [
    [web, two],
    [web, two, three, '  -> 0A000004:0050      Masq    1      0          0'],
    [web, two, three, 'TCP  0A000001:0051 rr  '],
    ['UDP  0A000001:0050 rr  ', two, three],
    [web, two, three.replace('0050', '0051')],
    [],
  ];
  for (const lines of cases) assert.is(refreshWeights(known, file(lines)), null, lines.join('|'));
});

test('another forwarding method asks for all to be read; that of a local destination cannot be told', () => {
  assert.is(refreshWeights(known, file([web, two.replace('Masq ', 'Route'), three])), null);
  assert.equal(weightsOf(refreshWeights(known, file([web, two.replace('Masq ', 'Local'), three]))), [5, 0]);
});

test('services by mark, and of several protocols', () => {
  const entries: readonly IpvsDestination[] = [destination({ port: 0, forwarding: { kind: 'DR' } })];
  const table: IpvsTable = {
    services: [
      { service: service({ key: { kind: 'fwmark', fwmark: 26, family: 'inet' } }), destinations: entries },
      { service: service({ key: tcp(443) }), destinations: [] },
    ],
  };
  const text = file([
    'FWM  0000001A wlc persistent 300 FFFFFFFF',
    '  -> 0A000002:0000      Route   3      0          0',
    'TCP  0A000001:01BB rr  ',
  ]);
  assert.equal(weightsOf(refreshWeights(table, text)), [3]);
});

test('IPv6 is not compared', () => {
  const table = tableOf(service({}), [destination({ address: '2001:db8::2' })]);
  const line = '  -> [2001:0db8:0000:0000:0000:0000:0000:0002]:0050      Masq    1      0          0';
  assert.is(refreshWeights(table, file([web, line])), null);
});

test.run();
