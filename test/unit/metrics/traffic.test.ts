import * as assert from 'uvu/assert';
import { TrafficLines } from '../../../src/metrics/traffic.ts';
import { rsId, vsId } from '../../../src/model/ids.ts';
import type { ServiceKey, VirtualServer } from '../../../src/model/server.ts';
import type { DestinationTraffic, Traffic, TrafficTable } from '../../../src/model/traffic.ts';
import { planRealServer, planVirtualServer } from '../../support/plans.ts';
import { suite } from '../../support/suite.ts';
import { readVirtualServer } from './readings.ts';

const test = suite('metrics/traffic');

/** Numbers that show what they are: 1,002 are the incoming packets of the thousand. */
const count = (base: number): Traffic => ({
  connections: base + 1,
  incomingPackets: base + 2,
  outgoingPackets: base + 3,
  incomingBytes: base + 4,
  outgoingBytes: base + 5,
});
const destination = (base: number): DestinationTraffic => ({ ...count(base), active: base + 6, inactive: base + 7 });
const entry = (base: number, destinations: Readonly<Record<string, number>> = {}) => ({
  own: count(base),
  destinations: new Map(Object.entries(destinations).map(([name, each]) => [name, destination(each)])),
});

/** The series, without their common prefix; `A` for the labels of a virtual server. */
function series(table: TrafficTable | null, ...plans: readonly VirtualServer[]) {
  const lines = new TrafficLines(table);
  const readings = plans.map(plan => readVirtualServer(plan));
  const strip = (families: ReturnType<TrafficLines['ofServices']>): readonly string[] =>
    families.flatMap(([, linesOf]) =>
      readings.flatMap(reading => [...linesOf(reading)]).map(line => line.replace('checkalived_', '').trimEnd()),
    );
  return {
    services: strip(lines.ofServices(({ id }) => id)),
    realServers: strip(lines.ofRealServers(({ realServers }) => realServers.map(({ id }) => id))),
  };
}
const tcp = (address: string, port: number): ServiceKey => ({ kind: 'address', protocol: 'TCP', address, port });

test('each virtual server and each real server has the counters of its service and destination', () => {
  const plan = planVirtualServer([planRealServer(2), planRealServer(3)], { id: vsId('vs') });
  const table = new Map([['tcp/10.0.0.1:80', entry(0, { '10.0.0.2:80': 100, '10.0.0.3:80': 200 })]]);
  assert.equal(series(table, plan), {
    services: [
      'ipvs_connections_total{vs} 1',
      'ipvs_incoming_packets_total{vs} 2',
      'ipvs_outgoing_packets_total{vs} 3',
      'ipvs_incoming_bytes_total{vs} 4',
      'ipvs_outgoing_bytes_total{vs} 5',
    ],
    realServers: [
      'real_server_active_connections{10.0.0.2:80} 106',
      'real_server_active_connections{10.0.0.3:80} 206',
      'real_server_inactive_connections{10.0.0.2:80} 107',
      'real_server_inactive_connections{10.0.0.3:80} 207',
      'ipvs_real_server_connections_total{10.0.0.2:80} 101',
      'ipvs_real_server_connections_total{10.0.0.3:80} 201',
      'ipvs_real_server_incoming_packets_total{10.0.0.2:80} 102',
      'ipvs_real_server_incoming_packets_total{10.0.0.3:80} 202',
      'ipvs_real_server_outgoing_packets_total{10.0.0.2:80} 103',
      'ipvs_real_server_outgoing_packets_total{10.0.0.3:80} 203',
      'ipvs_real_server_incoming_bytes_total{10.0.0.2:80} 104',
      'ipvs_real_server_incoming_bytes_total{10.0.0.3:80} 204',
      'ipvs_real_server_outgoing_bytes_total{10.0.0.2:80} 105',
      'ipvs_real_server_outgoing_bytes_total{10.0.0.3:80} 205',
    ],
  });
});

test('the services of a group are added, as are the destinations that one real server is in them', () => {
  const plan = planVirtualServer([planRealServer(2, { forwarding: { kind: 'DR' } }), planRealServer(3)], {
    services: [tcp('10.0.0.1', 80), tcp('10.0.0.1', 443), tcp('10.0.0.1', 8080)],
  });
  const table = new Map([
    ['tcp/10.0.0.1:80', entry(0, { '10.0.0.2:80': 100, '10.0.0.3:80': 200 })],
    ['tcp/10.0.0.1:443', entry(1_000, { '10.0.0.2:443': 3_000 })],
  ]);
  const { services, realServers } = series(table, plan);
  assert.is(services[0], `ipvs_connections_total{${plan.id}} 1002`);
  assert.is(services[4], `ipvs_outgoing_bytes_total{${plan.id}} 1010`);
  // DR keeps the port of the service.
  assert.equal(realServers.slice(0, 2), [
    'real_server_active_connections{10.0.0.2:80} 3112',
    'real_server_active_connections{10.0.0.3:80} 206',
  ]);
  assert.is(realServers.at(-2), 'ipvs_real_server_outgoing_bytes_total{10.0.0.2:80} 3110');
});

test('marks of both families, and IPv6', () => {
  const server = (address: string) => planRealServer(2, { id: rsId(address), address, port: 0 });
  const four = planVirtualServer([server('10.0.0.2')], {
    id: vsId('fwmark/7'),
    services: [{ kind: 'fwmark', fwmark: 7, family: 'inet' }],
  });
  const six = planVirtualServer([server('2001:db8::2')], {
    id: vsId('fwmark/7/inet6'),
    services: [{ kind: 'fwmark', fwmark: 7, family: 'inet6' }],
  });
  const web = planVirtualServer([planRealServer(2, { id: rsId('six'), address: '2001:db8::2' })], {
    id: vsId('web'),
    services: [tcp('2001:db8::1', 443)],
  });
  const table = new Map([
    ['fwmark/7', entry(0, { '10.0.0.2:0': 100 })],
    ['fwmark/7/inet6', entry(1_000, { '[2001:db8::2]:0': 200 })],
    ['tcp/[2001:db8::1]:443', entry(2_000, { '[2001:db8::2]:80': 300 })],
  ]);
  const { services, realServers } = series(table, four, six, web);
  assert.equal(services.slice(0, 3), [
    'ipvs_connections_total{fwmark/7} 1',
    'ipvs_connections_total{fwmark/7/inet6} 1001',
    'ipvs_connections_total{web} 2001',
  ]);
  assert.equal(realServers.slice(0, 3), [
    'real_server_active_connections{10.0.0.2} 106',
    'real_server_active_connections{2001:db8::2} 206',
    'real_server_active_connections{six} 306',
  ]);
});

test('what is not in the table has no series', () => {
  const plan = planVirtualServer([planRealServer(2), planRealServer(3)]);
  const table = new Map([['tcp/10.0.0.1:80', entry(0, { '10.0.0.3:80': 200 })]]);
  const { services, realServers } = series(table, plan);
  assert.is(services.length, 5);
  assert.is(realServers.length, 7);
  for (const line of realServers) assert.match(line, '{10.0.0.3:80}');
  for (const none of [new Map(), null]) assert.equal(series(none, plan), { services: [], realServers: [] });
});

test.run();
