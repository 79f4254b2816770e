import {
  Counter,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  type PrometheusContentType,
  Registry,
} from 'prom-client';
import * as assert from 'uvu/assert';
import { catalogue, type MetricFamily } from '../../../src/metrics/catalogue.ts';
import { Counters } from '../../../src/metrics/counters.ts';
import { formatServers, type Seen, type Style } from '../../../src/metrics/servers.ts';
import { TrafficLines } from '../../../src/metrics/traffic.ts';
import { TransitionCounts } from '../../../src/metrics/transitions.ts';
import { type FailureReason, failureReasons } from '../../../src/model/check.ts';
import type { MetricsDetail } from '../../../src/model/config.ts';
import type { ExpositionFormat } from '../../../src/model/exposition.ts';
import { rsId, vsId } from '../../../src/model/ids.ts';
import type { VirtualServerReading } from '../../../src/model/inspection.ts';
import type { VirtualServer } from '../../../src/model/server.ts';
import type { TrafficTable } from '../../../src/model/traffic.ts';
import type { Transition } from '../../../src/model/transition.ts';
import { readOpenMetrics } from '../../support/openmetrics.ts';
import { planCheck, planRealServer, planVirtualServer } from '../../support/plans.ts';
import { suite } from '../../support/suite.ts';
import { readVirtualServer } from './readings.ts';

const test = suite('metrics/servers');

interface Made {
  readonly counters?: Counters;
  readonly transitions?: TransitionCounts;
  readonly lastRun?: Seen['lastRun'];
  readonly table?: TrafficTable | null;
  readonly style?: Partial<Style>;
}

const text = (readings: readonly VirtualServerReading[], made: Made = {}): string => {
  const { counters = new Counters(), transitions = new TransitionCounts(), lastRun = () => undefined } = made;
  const traffic = new TrafficLines(made.table ?? null);
  const style: Style = { format: 'text', detail: 'full', ...made.style };
  return [...formatServers({ readings, counters, transitions, traffic, lastRun }, style)].join('');
};

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
const start = 1_767_225_600_000;
const change = (
  object: Transition['object'],
  { id, realServers }: VirtualServer,
  realServer: number | null,
  to: string,
): Transition => ({
  object,
  virtualServer: id,
  realServer: realServer === null ? null : (realServers[realServer]?.id ?? null),
  from: to === 'down' ? 'up' : 'down',
  to,
  weight: 1,
  reason: 'ok',
  detail: '',
});
const readings = [
  readVirtualServer(strange, [{}, { effectiveWeight: 0, ipvsWeight: null, desiredWeight: 0, since: null }]),
  readVirtualServer(
    marked,
    [{ up: false, health: 'down', ipvsWeight: 0, desiredWeight: null, since: 1_767_225_601_234 }],
    false,
  ),
];

/** Of the first of them. */
const table: TrafficTable = new Map([
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

const formats: readonly [ExpositionFormat, PrometheusContentType | OpenMetricsContentType][] = [
  ['text', Registry.PROMETHEUS_CONTENT_TYPE],
  ['openmetrics', Registry.OPENMETRICS_CONTENT_TYPE],
];

for (const [format, contentType] of formats) {
  test(`the text is that of prom-client on the same data, byte for byte: ${format}`, async () => {
    const made = {
      counters: new Counters(),
      transitions: new TransitionCounts(),
      lastRun: lastRunOf,
      table,
      style: { format },
    };
    const expected = await fillRegistry(contentType, made.counters, made.transitions);
    const written = text(readings, made);
    // Families are apart by a blank line; behind the last one prom-client leaves it out.
    if (format === 'text') assert.is(written, `${expected}\n`);
    // prom-client tells no units, and takes the time of an exemplar from the clock.
    else assert.is(withoutTimes(written.replace(/^# UNIT .*\n/gm, '')), withoutTimes(expected.replace('# EOF\n', '')));
  });
}

const withoutTimes = (lines: string): string => lines.replace(/( # \{.*\} \S+) \S+$/gm, '$1');
const took = (check: string): number | undefined => ({ 'check-1': 0.3, 'check-3': 2_500 })[check];
const lastRunOf: Seen['lastRun'] = check => {
  const last = took(check);
  return last === undefined ? undefined : { lastRunAt: 1, outcome: 'ok', took: last };
};

/** prom-client with the same; fills ours meanwhile. */
async function fillRegistry(
  contentType: PrometheusContentType | OpenMetricsContentType,
  counters: Counters,
  transitions: TransitionCounts,
): Promise<string> {
  const registry = new Registry();
  registry.setContentType(contentType as PrometheusContentType);
  const enableExemplars = contentType === Registry.OPENMETRICS_CONTENT_TYPE;
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
  const quorum = counter(catalogue.quorumTransitions);
  for (const [server, up, down] of [[one, 0, 0] as const, [two, 1, 2] as const]) {
    quorum.inc({ ...server, to: 'up' }, up);
    quorum.inc({ ...server, to: 'down' }, down);
  }
  for (const to of ['down', 'up', 'down']) transitions.changed(change('virtual_server', marked, null, to));
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
    [catalogue.stateCode, [1, 2, 0]],
  ];
  for (const [family, values] of triples) {
    const metric = gauge(family);
    for (const [index, value] of values.entries()) if (value !== null) metric.set(servers[index] ?? {}, value);
  }
  const changes = counter(catalogue.serverTransitions);
  changes.inc({ ...servers[1], to: 'up' }, 0);
  changes.inc({ ...servers[1], to: 'down' }, 1);
  transitions.changed(change('real_server', strange, 1, 'down'));
  const [first] = servers;
  gauge(catalogue.activeConnections).set(first ?? {}, 16);
  gauge(catalogue.inactiveConnections).set(first ?? {}, 17);
  counter(catalogue.serverConnections).inc(first ?? {}, 11);
  counter(catalogue.serverIncomingPackets).inc(first ?? {}, 12);
  counter(catalogue.serverOutgoingPackets).inc(first ?? {}, 13);
  counter(catalogue.serverIncomingBytes).inc(first ?? {}, 14);
  counter(catalogue.serverOutgoingBytes).inc(first ?? {}, 15);
  gauge(catalogue.certificateExpiry).set(first ?? {}, 1_800_000_000);
  const lastDurations = gauge(catalogue.lastDuration);
  lastDurations.set({ ...servers[0], check: 'FAKE_CHECK' }, 0.0003);
  lastDurations.set({ ...servers[2], check: 'FAKE_CHECK' }, 2.5);

  const checks = counter(catalogue.checks);
  const { name, help, labels, buckets } = catalogue.checkDuration;
  const duration = new Histogram({
    name,
    help,
    labelNames: [...labels],
    buckets: [...buckets],
    registers,
    enableExemplars,
  });
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
    const exemplar = { real_server: servers[index]?.real_server ?? '', event_id: String(start) };
    checks.inc({ ...check, result });
    if (enableExemplars) duration.observe({ labels: check, value: took / 1000, exemplarLabels: exemplar });
    else duration.observe(check, took / 1000);
    if (result !== 'ok') failures.inc({ ...servers[index], reason: result });
    const outcome =
      result === 'ok'
        ? { ok: true as const, took, detail: '', ...(index === 0 && { certificateEnds: 1_800_000_000_000 }) }
        : { ok: false as const, took, reason: result, detail: '' };
    observers[index]?.finished(start, outcome, true);
  }
  return registry.metrics();
}

test('OpenMetrics is read by a reader that takes nothing else, and its exemplars say when and who', () => {
  const counters = new Counters();
  const observer = counters.observe({ virtualServer: strange.id, realServer: 'a\\b"c\nd', checkType: 'A' });
  observer.finished(start, { ok: false, took: 30.4, reason: 'refused', detail: '' }, true);
  observer.finished(start + 1, { ok: true, took: 31, detail: '' }, false);
  const written = text(readings, { counters, style: { format: 'openmetrics' } });
  const families = readOpenMetrics(`${written}# EOF\n`);
  const duration = families.find(({ name }) => name === catalogue.checkDuration.name);
  assert.is(duration?.unit, 'seconds');
  const exemplars = duration?.samples.flatMap(({ exemplar }) => exemplar ?? []);
  const labels = new Map([
    ['real_server', 'a\\b"c\nd'],
    ['event_id', String(start)],
  ]);
  assert.equal(exemplars, [{ labels, value: 0.0304, time: start / 1000 + 0.03 }]);
});

test('basic leaves out what is full, and off all with a real server', () => {
  const counters = new Counters();
  const transitions = new TransitionCounts();
  transitions.changed(change('real_server', strange, 0, 'down'));
  const observer = counters.observe({ virtualServer: strange.id, realServer: '10.0.0.1:80', checkType: 'A' });
  observer.finished(start, { ok: false, took: 1, reason: 'refused', detail: '', certificateEnds: start });
  const families = (detail: MetricsDetail): string[] => [
    ...new Set(
      text(readings, { counters, transitions, lastRun: lastRunOf, table, style: { detail } })
        .split('\n')
        .filter(line => line.includes('real_server='))
        .map(line => line.replace(/^checkalived_(.*)\{.*/, '$1')),
    ),
  ];
  const basic = [
    'real_server_up',
    'real_server_last_transition_timestamp_seconds',
    'real_server_weight',
    'real_server_weight_desired',
    'real_server_transitions_total',
    'certificate_expiry_timestamp_seconds',
    'check_failures_total',
  ];
  assert.equal(families('off'), []);
  assert.equal(families('basic'), basic);
  const full = [
    'real_server_state_code',
    'real_server_active_connections',
    'real_server_inactive_connections',
    'ipvs_real_server_connections_total',
    'ipvs_real_server_incoming_packets_total',
    'ipvs_real_server_outgoing_packets_total',
    'ipvs_real_server_incoming_bytes_total',
    'ipvs_real_server_outgoing_bytes_total',
    'check_last_duration_seconds',
  ];
  assert.equal(families('full').sort(), [...basic, ...full].sort());
  assert.match(text(readings, { counters, style: { detail: 'off' } }), 'checkalived_virtual_server_up{');
});

test('a state has its number', () => {
  const code = (changes: Parameters<typeof readVirtualServer>[1], suspended = false): string | undefined => {
    const reading = { ...readVirtualServer(marked, changes), suspended };
    return /real_server_state_code\{.*\} (\d)/.exec(text([reading]))?.[1];
  };
  assert.is(code([{ health: 'down', up: false }]), '0');
  assert.is(code([{}]), '1');
  assert.is(code([{ effectiveWeight: 0 }]), '2');
  assert.is(code([{ health: 'unknown' }]), '3');
  assert.is(code([{}], true), '4');
});

test('of two checks of one type the last run counts', () => {
  const checks = [planCheck('early'), planCheck('late'), planCheck('never')];
  const plan = planVirtualServer([planRealServer(1, { checks })]);
  const lastRun: Seen['lastRun'] = id =>
    id === 'never'
      ? { lastRunAt: 10, outcome: null, took: 0 }
      : { lastRunAt: id === 'late' ? 9 : 5, outcome: 'ok', took: id === 'late' ? 2 : 1 };
  const lines = text([readVirtualServer(plan)], { lastRun }).match(/^checkalived_check_last_duration.*$/gm);
  assert.equal(lines, [
    'checkalived_check_last_duration_seconds{virtual_server="tcp/10.0.0.1:80",real_server="10.0.0.1:80",check="FAKE_CHECK"} 0.002',
  ]);
});

test('a check that never failed has its ok from the beginning, and nothing else', () => {
  const counters = new Counters();
  counters.observe({ virtualServer: marked.id, realServer: '10.0.0.3:80', checkType: 'TCP_CHECK' });
  const lines = text(readings, { counters }).split('\n');
  const told = lines.filter(line => /^checkalived_(?:checks|check_failures)_total\{/.test(line));
  assert.equal(told, ['checkalived_checks_total{virtual_server="fwmark/7",check="TCP_CHECK",result="ok"} 0']);
});

test('every reason of a check is a result', () => {
  const counters = new Counters();
  const seen = { virtualServer: marked.id, realServer: '10.0.0.3:80', checkType: 'TCP_CHECK' };
  const observer = counters.observe(seen);
  for (const reason of failureReasons) observer.finished(0, { ok: false, took: 1, reason, detail: '' });
  for (const reason of failureReasons) {
    assert.match(text(readings, { counters }), `check="TCP_CHECK",result="${reason}"} 1\n`);
    assert.match(text(readings, { counters }), `real_server="10.0.0.3:80",reason="${reason}"} 1\n`);
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
  const families = text(readings, { counters })
    .split('\n')
    .filter(line => line.startsWith('checkalived_'))
    .map(line => line.replace(/\{.*/, '').replace(/_(?:bucket|sum|count)$/, ''));
  const changes = families.filter((name, index) => name !== families[index - 1]);
  assert.equal(changes, [...new Set(families)]);
});

test.run();
