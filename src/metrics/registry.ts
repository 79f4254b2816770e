import { Registry } from 'prom-client';
import type { ReloadResult } from '../model/exposition.ts';
import type { Inspection } from '../model/inspection.ts';
import type { EpochMs } from '../model/time.ts';
import { catalogue } from './catalogue.ts';
import { createFactory } from './factory.ts';

/** How many there are of what. */
export interface Totals {
  readonly virtualServers: number;
  readonly realServers: number;
  readonly checks: number;
}

/** The agent's own few metrics, those without a server in their labels. */
export class AgentRegistry {
  readonly #registry = new Registry();
  readonly #make = createFactory(this.#registry);
  readonly #buildInfo = this.#make.gauge(catalogue.buildInfo);
  readonly #startTime = this.#make.gauge(catalogue.startTime);
  readonly #reloads = this.#make.counter(catalogue.configReloads);
  readonly #reloadOk = this.#make.gauge(catalogue.configReloadOk);
  readonly #reloadTime = this.#make.gauge(catalogue.configReloadTime);
  readonly #virtualServers = this.#make.gauge(catalogue.virtualServers);
  readonly #realServers = this.#make.gauge(catalogue.realServers);
  readonly #checks = this.#make.gauge(catalogue.checksConfigured);
  readonly #probes = this.#make.gauge(catalogue.probes);
  readonly #trouble = this.#make.gauge(catalogue.trouble);
  readonly #droppedResults = this.#make.counter(catalogue.droppedResults);
  readonly #droppedMinutes = this.#make.counter(catalogue.droppedMinutes);

  constructor(options: { readonly version: string; readonly nodeVersion: string }, now: EpochMs) {
    const { version, nodeVersion } = options;
    this.#buildInfo.set({ version, node_version: nodeVersion }, 1);
    for (const result of ['ok', 'invalid', 'failed'] satisfies ReloadResult[]) this.#reloads.inc({ result }, 0);
    this.#reloadOk.set(1);
    this.#reloadTime.set(now / 1000);
  }

  reloaded(result: ReloadResult, now: EpochMs): void {
    this.#reloads.inc({ result });
    this.#reloadOk.set(Number(result === 'ok'));
    if (result === 'ok') this.#reloadTime.set(now / 1000);
  }

  /** The text of all of them, as they are now. */
  format({ startedAt, probes, troubles, droppedResults, droppedMinutes }: Inspection, totals: Totals): Promise<string> {
    this.#startTime.set(startedAt / 1000);
    this.#virtualServers.set(totals.virtualServers);
    this.#realServers.set(totals.realServers);
    this.#checks.set(totals.checks);
    this.#probes.set(probes);
    for (const [component, trouble] of Object.entries(troubles))
      this.#trouble.set({ component }, Number(trouble !== null));
    this.#droppedResults.reset();
    this.#droppedResults.inc(droppedResults);
    this.#droppedMinutes.reset();
    this.#droppedMinutes.inc(droppedMinutes);
    return this.#registry.metrics();
  }
}
