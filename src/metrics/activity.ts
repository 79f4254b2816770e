import { type Counter, Registry } from 'prom-client';
import type { Inspection } from '../model/inspection.ts';
import type { IpvsCommand, IpvsDriver, IpvsWritten } from '../model/ipvs.ts';
import type { DeliveryObserver, DeliveryOutcome } from '../model/observer.ts';
import type { Clock, Ms } from '../model/time.ts';
import { catalogue } from './catalogue.ts';
import { createFactory } from './factory.ts';
import type { TransitionCounts } from './transitions.ts';

const operations = [
  'add-service',
  'edit-service',
  'delete-service',
  'add-destination',
  'edit-destination',
  'delete-destination',
] as const satisfies readonly IpvsCommand['type'][];
const outcomes = ['delivered', 'failed', 'given_up'] as const satisfies readonly DeliveryOutcome[];

/** What the agent does, without a server in its labels: checks, table, notifications, store. */
export class Activity implements DeliveryObserver {
  readonly #clock: Clock;
  readonly #registry = new Registry();
  readonly #make = createFactory(this.#registry);
  readonly #inFlight = this.#make.gauge(catalogue.checksInFlight);
  readonly #queued = this.#make.gauge(catalogue.checksQueued);
  readonly #overrun = this.#make.counter(catalogue.checksOverrun);
  readonly #syncDuration = this.#make.histogram(catalogue.ipvsSyncDuration);
  readonly #operations = this.#make.counter(catalogue.ipvsSyncOperations);
  readonly #drift = this.#make.gauge(catalogue.ipvsDrift);
  readonly #notifications = this.#make.counter(catalogue.notifications);
  readonly #notificationDuration = this.#make.histogram(catalogue.notificationDuration);
  readonly #waiting = this.#make.gauge(catalogue.notificationsWaiting);
  readonly #transitions = this.#make.counter(catalogue.transitions);
  readonly #storeSize = this.#make.gauge(catalogue.storeSize);
  readonly #writeErrors = this.#make.counter(catalogue.storeWriteErrors);
  /** Those that stand at 0 before anything went out. */
  readonly #channels = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
    for (const operation of operations) {
      for (const ok of [true, false]) this.#operations.inc(labelsOf({ operation, ok }), 0);
    }
  }

  /** A time of a cron schedule has passed while the check before was still under way. */
  overran(): void {
    this.#overrun.inc();
  }

  attempted(channel: string, result: DeliveryOutcome, took: Ms | null): void {
    this.#begin(channel);
    this.#notifications.inc({ channel, result });
    if (took !== null) this.#notificationDuration.observe({ channel }, took / 1000);
  }

  /** The driver, with what it does to the table counted. */
  measure(driver: IpvsDriver): IpvsDriver {
    return {
      ...driver,
      apply: async (changes, reading) => {
        const begun = this.#clock.now();
        const applied = await driver.apply(changes, reading);
        const { written, drift } = applied;
        if (written.length > 0) this.#syncDuration.observe((this.#clock.now() - begun) / 1000);
        for (const each of written) this.#operations.inc(labelsOf(each));
        for (const [kind, count] of Object.entries(drift ?? {})) this.#drift.set({ kind }, count);
        return applied;
      },
    };
  }

  /** The text of all of them, as they are now. */
  format(inspection: Inspection, queued: number, transitions: TransitionCounts): Promise<string> {
    this.#inFlight.set(inspection.running);
    this.#queued.set(queued);
    // A reload may have taken a channel out.
    this.#waiting.reset();
    for (const [channel, count] of Object.entries(inspection.waitingNotifications)) {
      this.#begin(channel);
      this.#waiting.set({ channel }, count);
    }
    this.#transitions.reset();
    for (const [object, count] of Object.entries(transitions.objects)) this.#transitions.inc({ object }, count);
    this.#storeSize.set(inspection.storeSize);
    setTotal(this.#writeErrors, inspection.storeWriteErrors);
    return this.#registry.metrics();
  }

  #begin(channel: string): void {
    if (this.#channels.has(channel)) return;
    this.#channels.add(channel);
    for (const result of outcomes) this.#notifications.inc({ channel, result }, 0);
    this.#notificationDuration.zero({ channel });
  }
}

/** Somebody else counts it. */
function setTotal(counter: Counter, total: number): void {
  counter.reset();
  counter.inc(total);
}

function labelsOf({ operation, ok }: Pick<IpvsWritten, 'operation' | 'ok'>): { op: string; result: string } {
  return { op: operation.replace('-', '_'), result: ok ? 'ok' : 'failed' };
}
