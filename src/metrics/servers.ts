import type { MetricsDetail } from '../model/config.ts';
import type { ExpositionFormat } from '../model/exposition.ts';
import type { Inspection, LastRun, RealServerReading, VirtualServerReading } from '../model/inspection.ts';
import type { VirtualServer } from '../model/server.ts';
import { catalogue, type MetricFamily } from './catalogue.ts';
import { formatCertificates } from './certificates.ts';
import { type Counters, results, type ServerTally } from './counters.ts';
import { formatEnd, formatHead, formatLabels, type Lines } from './text.ts';
import type { TrafficLines } from './traffic.ts';
import type { TransitionCounts } from './transitions.ts';

/** Gauges of a virtual server. */
const virtualServerGauges: readonly [MetricFamily, (reading: VirtualServerReading) => number][] = [
  [catalogue.virtualServerUp, ({ up }) => Number(up)],
  [catalogue.configuredRealServers, ({ plan }) => plan.realServers.length],
  [catalogue.availableRealServers, ({ realServers }) => realServers.filter(isAvailable).length],
  [catalogue.quorum, ({ plan }) => plan.quorum],
  [catalogue.backupActive, ({ sorryActive }) => Number(sorryActive)],
];

/** Gauges of a real server; null: it has none. */
const realServerGauges: readonly [MetricFamily, ReadServer][] = [
  [catalogue.realServerUp, ({ up }) => Number(up)],
  [catalogue.lastTransition, ({ since }) => (since === null ? null : since / 1000)],
  [catalogue.weight, ({ ipvsWeight }) => ipvsWeight],
  [catalogue.desiredWeight, ({ desiredWeight }) => desiredWeight],
  [catalogue.stateCode, stateCode],
];
type ReadServer = (reading: RealServerReading, server: VirtualServerReading) => number | null;

/** What the lines are made of. */
export interface Seen {
  readonly readings: readonly VirtualServerReading[];
  readonly lastRun: Inspection['lastRun'];
  readonly counters: Counters;
  readonly transitions: TransitionCounts;
  readonly traffic: TrafficLines;
}

/** How they are made. */
export interface Style {
  readonly format: ExpositionFormat;
  readonly detail: MetricsDetail;
}

/**
 * All lines with a virtual server in their labels, family after family as the format wants it. What is counted is read
 * when its line is made, and what has gone meanwhile is left out.
 */
export function* formatServers(seen: Seen, style: Style): Generator<string> {
  const { readings } = seen;
  for (const [family, lines] of listFamilies(seen, style.format)) {
    if (!isShown(family, style.detail)) continue;
    yield formatHead(family, style.format);
    for (const reading of readings) yield* lines(reading);
    yield formatEnd(style.format);
  }
}

function listFamilies(
  { counters, transitions, traffic, lastRun }: Seen,
  format: ExpositionFormat,
): readonly [MetricFamily, Lines][] {
  const tally =
    (lines: (tally: ServerTally, plan: VirtualServer) => Iterable<string>): Lines =>
    ({ plan }) => {
      const found = counters.of(plan.id);
      return found ? lines(found, plan) : [];
    };
  return [
    [catalogue.virtualServerInfo, ({ plan }) => [`${catalogue.virtualServerInfo.name}{${formatInfo(plan)}} 1\n`]],
    ...virtualServerGauges.map(([family, read]): [MetricFamily, Lines] => [
      family,
      reading => [`${family.name}{${labelsOf(reading.plan).own}} ${read(reading)}\n`],
    ]),
    [catalogue.quorumTransitions, ({ plan }) => formatQuorum(plan, transitions)],
    ...traffic.ofServices(plan => labelsOf(plan).own),
    ...realServerGauges.map(([family, read]): [MetricFamily, Lines] => [
      family,
      reading => formatRealServers(family, read, reading),
    ]),
    [catalogue.serverTransitions, ({ plan }) => formatChanges(plan, transitions)],
    ...traffic.ofRealServers(plan => labelsOf(plan).realServers),
    [catalogue.certificateExpiry, tally((found, plan) => formatCertificates(found, plan, labelsOf(plan).realServers))],
    [catalogue.lastDuration, ({ plan }) => formatLastDurations(plan, lastRun)],
    [catalogue.checks, tally((found, { id }) => formatResults(found, id))],
    [catalogue.checkDuration, tally((found, { id }) => formatDurations(found, id, format))],
    [catalogue.checkFailures, tally(formatFailures)],
  ];
}

/** `basic` and `off` are for directors whose Prometheus minds the number of series. */
function isShown({ full, labels }: MetricFamily, detail: MetricsDetail): boolean {
  return detail === 'full' || (!full && (detail === 'basic' || !labels.includes('real_server')));
}

function* formatRealServers(
  { name }: MetricFamily,
  read: ReadServer,
  reading: VirtualServerReading,
): Generator<string> {
  const begin = `${name}{`;
  const { plan, realServers } = reading;
  const labels = labelsOf(plan).realServers;
  for (let index = 0; index < realServers.length; index++) {
    const value = read(realServers[index] as RealServerReading, reading);
    if (value !== null) yield `${begin}${labels[index]}} ${value}\n`;
  }
}

function stateCode({ health, effectiveWeight }: RealServerReading, { suspended }: VirtualServerReading): number {
  if (suspended) return 4;
  if (health === 'unknown') return 3;
  if (health === 'down') return 0;
  return effectiveWeight === 0 ? 2 : 1;
}

function* formatQuorum(plan: VirtualServer, transitions: TransitionCounts): Generator<string> {
  const begin = `${catalogue.quorumTransitions.name}{${labelsOf(plan).own},to=`;
  const { up, down } = transitions.of(plan.id)?.quorum ?? { up: 0, down: 0 };
  yield `${begin}"up"} ${up}\n`;
  yield `${begin}"down"} ${down}\n`;
}

function* formatChanges(plan: VirtualServer, transitions: TransitionCounts): Generator<string> {
  const changes = transitions.of(plan.id)?.realServers;
  if (!changes || changes.size === 0) return;
  const labels = labelsOf(plan).realServers;
  for (const [index, { id }] of plan.realServers.entries()) {
    const found = changes.get(id);
    if (!found) continue;
    const begin = `${catalogue.serverTransitions.name}{${labels[index]},to=`;
    yield `${begin}"up"} ${found.up}\n`;
    yield `${begin}"down"} ${found.down}\n`;
  }
}

function* formatLastDurations(plan: VirtualServer, lastRun: Inspection['lastRun']): Generator<string> {
  const labels = labelsOf(plan).realServers;
  for (const [index, { checks }] of plan.realServers.entries()) {
    const latest = new Map<string, LastRun>();
    for (const { id, type } of checks) {
      const run = lastRun(id);
      // Two checks of one type are one series.
      if (run && run.outcome !== null && run.lastRunAt >= (latest.get(type)?.lastRunAt ?? 0)) latest.set(type, run);
    }
    for (const [type, { took }] of latest) {
      yield `${catalogue.lastDuration.name}{${labels[index]},check="${type}"} ${took / 1000}\n`;
    }
  }
}

function* formatResults({ checks }: ServerTally, virtualServer: string): Generator<string> {
  const { name, labels } = catalogue.checks;
  for (const { checkType, ended } of checks.values()) {
    for (const [place, count] of ended.entries()) {
      const result = results[place] as string;
      if (count > 0 || place === 0) {
        yield `${name}{${formatLabels(labels, [virtualServer, checkType, result])}} ${count}\n`;
      }
    }
  }
}

function* formatDurations({ checks }: ServerTally, virtualServer: string, format: ExpositionFormat): Generator<string> {
  const { name, labels } = catalogue.checkDuration;
  for (const { checkType, duration } of checks.values()) {
    yield duration.format(name, formatLabels(labels, [virtualServer, checkType]), format);
  }
}

function* formatFailures({ failures }: ServerTally): Generator<string> {
  const { name } = catalogue.checkFailures;
  for (const tally of failures.values()) {
    const { failed, virtualServer, realServer } = tally;
    if (!failed) continue;
    tally.labels ??= formatLabels(catalogue.realServerUp.labels, [virtualServer, realServer]);
    for (let place = 0; place < failed.length; place++) {
      const count = failed[place] as number;
      if (count > 0) yield `${name}{${tally.labels},reason="${results[place]}"} ${count}\n`;
    }
  }
}

function isAvailable({ up, effectiveWeight }: RealServerReading): boolean {
  return up && effectiveWeight > 0;
}

function formatInfo({ id, target, protocol, scheduler, forwarding }: VirtualServer): string {
  const [address, port] = target.kind === 'address' ? [target.address, target.port] : ['', ''];
  const fwmark = target.kind === 'fwmark' ? target.fwmark : '';
  return formatLabels(catalogue.virtualServerInfo.labels, [
    id,
    address,
    port,
    protocol ?? '',
    fwmark,
    scheduler,
    forwarding.kind,
  ]);
}

interface Labels {
  readonly own: string;
  readonly realServers: readonly string[];
}

const known = new WeakMap<VirtualServer, Labels>();

/** The labels of a virtual server and its real servers: made once for each plan, they go with it. */
export function labelsOf(plan: VirtualServer): Labels {
  const labels = known.get(plan) ?? {
    own: formatLabels(catalogue.virtualServerUp.labels, [plan.id]),
    realServers: plan.realServers.map(({ id }) => formatLabels(catalogue.realServerUp.labels, [plan.id, id])),
  };
  known.set(plan, labels);
  return labels;
}
