import type { RealServerReading, VirtualServerReading } from '../model/inspection.ts';
import type { VirtualServer } from '../model/server.ts';
import { catalogue, type MetricFamily } from './catalogue.ts';
import { formatCertificates } from './certificates.ts';
import { type Counters, results, type ServerTally } from './counters.ts';
import { formatHead, formatLabels } from './text.ts';
import type { TrafficLines } from './traffic.ts';

/** Gauges of a virtual server. */
const virtualServerGauges: readonly [MetricFamily, (reading: VirtualServerReading) => number][] = [
  [catalogue.virtualServerUp, ({ up }) => Number(up)],
  [catalogue.configuredRealServers, ({ plan }) => plan.realServers.length],
  [catalogue.availableRealServers, ({ realServers }) => realServers.filter(isAvailable).length],
  [catalogue.quorum, ({ plan }) => plan.quorum],
  [catalogue.backupActive, ({ sorryActive }) => Number(sorryActive)],
];

/** Gauges of a real server; null: it has none. */
const realServerGauges: readonly [MetricFamily, (reading: RealServerReading) => number | null][] = [
  [catalogue.realServerUp, ({ up }) => Number(up)],
  [catalogue.lastTransition, ({ since }) => (since === null ? null : since / 1000)],
  [catalogue.weight, ({ ipvsWeight }) => ipvsWeight],
  [catalogue.desiredWeight, ({ desiredWeight }) => desiredWeight],
];

/**
 * All lines with a virtual server in their labels, family after family as the format wants it. What is counted is read
 * when its line is made, and what has gone meanwhile is left out.
 */
export function* formatServers(
  readings: readonly VirtualServerReading[],
  counters: Counters,
  traffic: TrafficLines,
): Generator<string> {
  const info = catalogue.virtualServerInfo;
  yield formatHead(info);
  for (const { plan } of readings) yield `${info.name}{${formatInfo(plan)}} 1\n`;
  yield '\n';
  for (const [family, read] of virtualServerGauges) {
    yield formatHead(family);
    for (const reading of readings) yield `${family.name}{${labelsOf(reading.plan).own}} ${read(reading)}\n`;
    yield '\n';
  }
  yield* traffic.formatServices(readings, plan => labelsOf(plan).own);
  for (const [family, read] of realServerGauges) yield* formatRealServers(family, read, readings);
  yield* traffic.formatRealServers(readings, plan => labelsOf(plan).realServers);
  yield* formatCertificates(readings, counters, plan => labelsOf(plan).realServers);
  yield* formatTallies(catalogue.checks, readings, counters, formatResults);
  yield* formatTallies(catalogue.checkDuration, readings, counters, formatDurations);
  yield* formatTallies(catalogue.checkFailures, readings, counters, formatFailures);
}

function* formatRealServers(
  family: MetricFamily,
  read: (reading: RealServerReading) => number | null,
  readings: readonly VirtualServerReading[],
): Generator<string> {
  const begin = `${family.name}{`;
  yield formatHead(family);
  for (const { plan, realServers } of readings) {
    const labels = labelsOf(plan).realServers;
    for (let index = 0; index < realServers.length; index++) {
      const value = read(realServers[index] as RealServerReading);
      if (value !== null) yield `${begin}${labels[index]}} ${value}\n`;
    }
  }
  yield '\n';
}

function* formatTallies(
  family: MetricFamily,
  readings: readonly VirtualServerReading[],
  counters: Counters,
  format: (tally: ServerTally, virtualServer: string) => Iterable<string>,
): Generator<string> {
  yield formatHead(family);
  for (const { plan } of readings) {
    const tally = counters.of(plan.id);
    if (tally) yield* format(tally, plan.id);
  }
  yield '\n';
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

function* formatDurations({ checks }: ServerTally, virtualServer: string): Generator<string> {
  const { name, labels } = catalogue.checkDuration;
  for (const { checkType, duration } of checks.values()) {
    yield duration.format(name, formatLabels(labels, [virtualServer, checkType]));
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
