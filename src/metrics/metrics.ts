import type { Exposition, ReloadResult } from '../model/exposition.ts';
import type { Inspection, VirtualServerReading } from '../model/inspection.ts';
import type { Meter } from '../model/observer.ts';
import type { Clock } from '../model/time.ts';
import { catalogue } from './catalogue.ts';
import { Counters } from './counters.ts';
import { AgentRegistry, type Totals } from './registry.ts';
import { formatServers, labelsOf } from './servers.ts';
import type { SeeTraffic } from './share-traffic.ts';
import { formatHead } from './text.ts';
import { TrafficLines } from './traffic.ts';
import { createTurns } from './turns.ts';

export interface Metrics extends Exposition {
  readonly meter: Meter;
  reloaded(result: ReloadResult): void;
}

/** Real servers that are read on one turn of the loop. About a millisecond of work, as are the characters. */
const serversATurn = 1_000;
/** Characters that are written on one turn. With smaller pieces a loop that is slow would make the scrape too late. */
const charactersATurn = 131_072;

/** All metrics of an agent. */
export function createMetrics(
  options: { readonly version: string; readonly nodeVersion: string },
  modules: {
    readonly clock: Clock;
    readonly inspect: () => Inspection;
    /** The text of the metrics of keepalived on this host. */
    readonly formatHost: () => Promise<string>;
    readonly seeTraffic: SeeTraffic;
    /** The text of the metrics of this process. */
    readonly formatProcess: () => Promise<string>;
  },
): Metrics {
  const { clock, inspect, formatHost, seeTraffic, formatProcess } = modules;
  const counters = new Counters();
  const registry = new AgentRegistry(options, clock.wall());
  const takeTurn = createTurns(clock);
  return {
    meter: counters,
    reloaded: result => registry.reloaded(result, clock.wall()),
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    async *scrape() {
      const inspection = inspect();
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
      yield `${await registry.format(inspection, countAll(readings))}\n${formatLag(counters)}\n${await formatHost()}`;
      await takeTurn();
      let piece = '';
      for (const line of formatServers(readings, counters, traffic)) {
        piece += line;
        if (piece.length < charactersATurn) continue;
        yield piece;
        piece = '';
        await takeTurn();
      }
      yield piece;
      await takeTurn();
      yield await formatProcess();
    },
  };
}

function formatLag({ schedulerLag }: Counters): string {
  return `${formatHead(catalogue.schedulerLag)}${schedulerLag.format(catalogue.schedulerLag.name, '')}`;
}

function countAll(readings: readonly VirtualServerReading[]): Totals {
  const realServers = readings.flatMap(({ plan }) => plan.realServers);
  const checks = realServers.reduce((sum, server) => sum + server.checks.length, 0);
  return { virtualServers: readings.length, realServers: realServers.length, checks };
}
