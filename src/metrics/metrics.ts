import type { Config, MetricsDetail } from '../model/config.ts';
import type { Exposition, ExpositionFormat, ReloadResult } from '../model/exposition.ts';
import type { Inspection, VirtualServerReading } from '../model/inspection.ts';
import type { IpvsDriver } from '../model/ipvs.ts';
import type { DeliveryObserver, Meter } from '../model/observer.ts';
import type { Clock } from '../model/time.ts';
import { Activity } from './activity.ts';
import { catalogue } from './catalogue.ts';
import { Counters } from './counters.ts';
import { contentTypeOf, negotiate } from './negotiate.ts';
import { AgentRegistry, type Totals } from './registry.ts';
import { formatServers, labelsOf } from './servers.ts';
import type { SeeTraffic } from './share-traffic.ts';
import { convertText, formatEnd, formatHead } from './text.ts';
import { TrafficLines } from './traffic.ts';
import { TransitionCounts } from './transitions.ts';
import { createTurns } from './turns.ts';

export interface Metrics extends Exposition {
  readonly meter: Meter;
  readonly deliveries: DeliveryObserver;
  /** The driver, with what it does counted. */
  measure(driver: IpvsDriver): IpvsDriver;
  /** What a reload brings. */
  configure(config: Config): void;
  reloaded(result: ReloadResult): void;
}

export interface MetricsModules {
  readonly clock: Clock;
  readonly inspect: () => Inspection;
  /** Commands that wait for a free place. */
  readonly countQueued: () => number;
  /** The text of the metrics of keepalived on this host, in the format `text`. */
  readonly formatHost: () => Promise<string>;
  readonly seeTraffic: SeeTraffic;
  /** The text of the metrics of this process, in the format `text`. */
  readonly formatProcess: () => Promise<string>;
}

/** Real servers that are read on one turn of the loop. About a millisecond of work, as are the characters. */
const serversATurn = 1_000;
/** Characters that are written on one turn. With smaller pieces a loop that is slow would make the scrape too late. */
const charactersATurn = 131_072;

/** All metrics of an agent. */
export function createMetrics(
  options: { readonly version: string; readonly nodeVersion: string; readonly detail: MetricsDetail },
  modules: MetricsModules,
): Metrics {
  const { clock, inspect, countQueued, formatHost, seeTraffic, formatProcess } = modules;
  const counters = new Counters();
  const transitions = new TransitionCounts();
  const registry = new AgentRegistry(options, clock.wall());
  const activity = new Activity(clock);
  const takeTurn = createTurns(clock);
  let { detail } = options;

  async function* make(format: ExpositionFormat): AsyncGenerator<string, void> {
    const inspection = inspect();
    const style = { format, detail };
    const end = formatEnd(format);
    await takeTurn();
    const readings: VirtualServerReading[] = [];
    let servers = 0;
    for (const reading of inspection.virtualServers) {
      readings.push(reading);
      labelsOf(reading.plan);
      servers += reading.realServers.length;
      if (servers < serversATurn) continue;
      servers = 0;
      await takeTurn();
    }
    const traffic = new TrafficLines(await seeTraffic(takeTurn));
    const own = [
      convertText(await registry.format(inspection, countAll(readings)), format),
      formatLag(counters, format),
      convertText(await activity.format(inspection, countQueued(), transitions), format),
      convertText(await formatHost(), format),
    ];
    yield `${own.join(end)}${end}`;
    await takeTurn();
    const seen = { readings, counters, transitions, traffic, lastRun: inspection.lastRun };
    let piece = '';
    for (const line of formatServers(seen, style)) {
      piece += line;
      if (piece.length < charactersATurn) continue;
      yield piece;
      piece = '';
      await takeTurn();
    }
    yield piece;
    await takeTurn();
    yield convertText(await formatProcess(), format);
    if (format === 'openmetrics') yield '# EOF\n';
  }

  return {
    meter: {
      observe: check => counters.observe(check),
      started: lag => counters.started(lag),
      overran: () => activity.overran(),
      changed: transition => transitions.changed(transition),
    },
    deliveries: activity,
    measure: driver => activity.measure(driver),
    configure({ settings, virtualServers }) {
      detail = settings.metricsDetail;
      transitions.keep(virtualServers);
    },
    reloaded: result => registry.reloaded(result, clock.wall()),
    scrape(accept) {
      const format = negotiate(accept);
      return { contentType: contentTypeOf(format), pieces: make(format) };
    },
  };
}

function formatLag({ schedulerLag }: Counters, format: ExpositionFormat): string {
  const { name } = catalogue.schedulerLag;
  return `${formatHead(catalogue.schedulerLag, format)}${schedulerLag.format(name, '', format)}`;
}

function countAll(readings: readonly VirtualServerReading[]): Totals {
  const realServers = readings.flatMap(({ plan }) => plan.realServers);
  const checks = realServers.reduce((sum, server) => sum + server.checks.length, 0);
  return { virtualServers: readings.length, realServers: realServers.length, checks };
}
