import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import * as assert from 'uvu/assert';
import { catalogue, type MetricFamily } from '../../../src/metrics/catalogue.ts';
import { Counters } from '../../../src/metrics/counters.ts';
import { formatServers } from '../../../src/metrics/servers.ts';
import { TrafficLines } from '../../../src/metrics/traffic.ts';
import { type FailureReason, failureReasons } from '../../../src/model/check.ts';
import { rsId, vsId } from '../../../src/model/ids.ts';
import type { VirtualServerReading } from '../../../src/model/inspection.ts';
import type { TrafficTable } from '../../../src/model/traffic.ts';
import { planRealServer, planVirtualServer } from '../../support/plans.ts';
import { suite } from '../../support/suite.ts';
import { readVirtualServer } from './readings.ts';

const test = suite('metrics/servers');

const text = (
  readings: readonly VirtualServerReading[],
  counters = new Counters(),
  table: TrafficTable | null = null,
): string => [...formatServers(readings, counters, new TrafficLines(table))].join('');

/** One with each strange character that a label may have, and one of a mark. */
const strange = planVirtualServer([planRealServer(1), planRealServer(2, { id: rsId('a\\b"c\nd'), weight: 0 })], {
  id: vsId('group/say "hi"\\\n:0'),
  target: { kind: 'group', group: 'say "hi"\\\n', ordinal: 0 },
});
const marked = planVirtualServer([planRealServer(3)], {
  id: vsId('fwmark/7'),
  target: { kind: 'fwmark', fwmark: 7 },
  services: [{ kind: 'fwmark', fwmark: 7, family: 'inet' }],
  protocol: null,
  quorum: 2,
});
const readings = [
  readVirtualServer(strange, [{}, { effectiveWeight: 0, ipvsWeight: null, desiredWeight: 0, since: null }]),
  readVirtualServer(marked, [{ up: false, ipvsWeight: 0, desiredWeight: null, since: 1_767_225_601_234 }], false),
];

/** Of the first of them. */
const traffic: TrafficTable = new Map([
  [
    'tcp/10.0.0.1:80',
    {
      own: { connections: 1, incomingPackets: 2, outgoingPackets: 3, incomingBytes: 4, outgoingBytes: 5e21 },
      destinations: new Map([
        [
          '10.0.0.1:80',
          {
            connections: 11,
            incomingPackets: 12,
            outgoingPackets: 13,
            incomingBytes: 14,
            outgoingBytes: 15,
            active: 16,
            inactive: 17,
          },
        ],
      ]),
    },
  ],
]);

test('the text is that of prom-client on the same data, byte for byte', async () => {
  const registry = new Registry();
  const registers = [registry];
  const gauge = ({ name, help, labels }: MetricFamily) => new Gauge({ name, help, labelNames: [...labels], registers });
  const counter = ({ name, help, labels }: MetricFamily) =>
    new Counter({ name, help, labelNames: [...labels], registers });
  const [one, two] = [{ virtual_server: strange.id }, { virtual_server: marked.id }];
  const info = { scheduler: 'wlc', forwarding: 'NAT' };
  const infos = gauge(catalogue.virtualServerInfo);
  infos.set({ ...one, address: '', port: '', protocol: 'TCP', fwmark: '', ...info }, 1);
  infos.set({ ...two, address: '', port: '', protocol: '', fwmark: '7', ...info }, 1);
  const pairs: readonly [MetricFamily, number, number][] = [
    [catalogue.virtualServerUp, 1, 0],
    [catalogue.configuredRealServers, 2, 1],
    [catalogue.availableRealServers, 1, 0],
    [catalogue.quorum, 1, 2],
    [catalogue.backupActive, 0, 0],
  ];
  for (const [family, first, second] of pairs) {
    const metric = gauge(family);
    metric.set(one, first);
    metric.set(two, second);
  }
  const serviceTraffic: readonly [MetricFamily, number][] = [
    [catalogue.ipvsConnections, 1],
    [catalogue.ipvsIncomingPackets, 2],
    [catalogue.ipvsOutgoingPackets, 3],
    [catalogue.ipvsIncomingBytes, 4],
    [catalogue.ipvsOutgoingBytes, 5e21],
  ];
  for (const [family, value] of serviceTraffic) counter(family).inc(one, value);
  const servers = [
    { ...one, real_server: '10.0.0.1:80' },
    { ...one, real_server: 'a\\b"c\nd' },
    { ...two, real_server: '10.0.0.3:80' },
  ];
  const triples: readonly [MetricFamily, readonly (number | null)[]][] = [
    [catalogue.realServerUp, [1, 1, 0]],
    [catalogue.lastTransition, [1_767_225_600.5, null, 1_767_225_601.234]],
    [catalogue.weight, [1, null, 0]],
    [catalogue.desiredWeight, [1, 0, null]],
  ];
  for (const [family, values] of triples) {
    const metric = gauge(family);
    for (const [index, value] of values.entries()) if (value !== null) metric.set(servers[index] ?? {}, value);
  }
  const [first] = servers;
  gauge(catalogue.activeConnections).set(first ?? {}, 16);
  gauge(catalogue.inactiveConnections).set(first ?? {}, 17);
  counter(catalogue.serverConnections).inc(first ?? {}, 11);
  counter(catalogue.serverIncomingPackets).inc(first ?? {}, 12);
  counter(catalogue.serverOutgoingPackets).inc(first ?? {}, 13);
  counter(catalogue.serverIncomingBytes).inc(first ?? {}, 14);
  counter(catalogue.serverOutgoingBytes).inc(first ?? {}, 15);
  gauge(catalogue.certificateExpiry).set(first ?? {}, 1_800_000_000);

  const counters = new Counters();
  const checks = counter(catalogue.checks);
  const { name, help, labels, buckets } = catalogue.checkDuration;
  const duration = new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers });
  const failures = counter(catalogue.checkFailures);
  // In the order in which they are printed: prom-client prints in the order of the first call.
  const ended: readonly [number, FailureReason | 'ok', number][] = [
    [0, 'ok', 0.3],
    [0, 'refused', 1],
    [0, 'refused', 5],
    [1, 'ok', 2_500],
    [1, 'local', 12_345.678],
    [2, 'ok', 0],
  ];
  const observers = servers.map(({ virtual_server, real_server }, index) =>
    counters.observe({ virtualServer: virtual_server, realServer: real_server, checkType: index < 2 ? 'A' : 'B' }),
  );
  for (const [index, result, took] of ended) {
    const check = { virtual_server: servers[index]?.virtual_server ?? '', check: index < 2 ? 'A' : 'B' };
    checks.inc({ ...check, result });
    duration.observe(check, took / 1000);
    if (result !== 'ok') failures.inc({ ...servers[index], reason: result });
    const outcome =
      result === 'ok'
        ? { ok: true as const, took, detail: '', ...(index === 0 && { certificateEnds: 1_800_000_000_000 }) }
        : { ok: false as const, took, reason: result, detail: '' };
    observers[index]?.finished(0, outcome);
  }

  // Families are apart by a blank line; behind the last one prom-client leaves it out.
  assert.is(text(readings, counters, traffic), `${await registry.metrics()}\n`);
});

test('a check that never failed has its ok from the beginning, and nothing else', () => {
  const counters = new Counters();
  counters.observe({ virtualServer: marked.id, realServer: '10.0.0.3:80', checkType: 'TCP_CHECK' });
  const lines = text(readings, counters).split('\n');
  const told = lines.filter(line => /^checkalived_(?:checks|check_failures)_total\{/.test(line));
  assert.equal(told, ['checkalived_checks_total{virtual_server="fwmark/7",check="TCP_CHECK",result="ok"} 0']);
});

test('every reason of a check is a result', () => {
  const counters = new Counters();
  const seen = { virtualServer: marked.id, realServer: '10.0.0.3:80', checkType: 'TCP_CHECK' };
  const observer = counters.observe(seen);
  for (const reason of failureReasons) observer.finished(0, { ok: false, took: 1, reason, detail: '' });
  for (const reason of failureReasons) {
    assert.match(text(readings, counters), `check="TCP_CHECK",result="${reason}"} 1\n`);
    assert.match(text(readings, counters), `real_server="10.0.0.3:80",reason="${reason}"} 1\n`);
  }
});

test('lines of one family stand together', () => {
  const counters = new Counters();
  for (const { plan } of readings) {
    for (const { id } of plan.realServers) {
      const observer = counters.observe({ virtualServer: plan.id, realServer: id, checkType: 'TCP_CHECK' });
      observer.finished(0, { ok: false, took: 1, reason: 'refused', detail: '' });
    }
  }
  const families = text(readings, counters)
    .split('\n')
    .filter(line => line.startsWith('checkalived_'))
    .map(line => line.replace(/\{.*/, '').replace(/_(?:bucket|sum|count)$/, ''));
  const changes = families.filter((name, index) => name !== families[index - 1]);
  assert.equal(changes, [...new Set(families)]);
});

test.run();
