import type { Alert, AlertChannel, AlertMessage, ChannelPlan } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import type { DeliveryResult } from '../model/delivery.ts';
import { groupBy } from '../model/group-by.ts';
import type { Notification, NotificationState } from '../model/store.ts';
import type { Cancel, EpochMs, Ms } from '../model/time.ts';
import { formAlerts, isAlert, type OwedMessage } from './form-alerts.ts';
import { formRepetition } from './form-repetition.ts';
import { DeliveryQueue, type Outlet, type QueueModules } from './queue.ts';

/** What is known of the channel behind a plan, and how to send to it. */
export interface OpenChannel extends Pick<AlertChannel, 'groups' | 'largest' | 'repeats'> {
  /** Never rejects. null: nothing may be sent (a dry run). */
  readonly send: ((message: AlertMessage, signal: AbortSignal) => Promise<DeliveryResult>) | null;
}

export interface ChannelModules extends QueueModules {
  readonly open: (plan: ChannelPlan) => OpenChannel;
  /** What is down now. */
  readonly outages: () => Iterable<Alert>;
}

/** Delivers alerts to every channel of the configuration; one that is down does not hold up another. */
export interface Channels {
  /** Takes over an alert that is in the store's outbox. */
  send(alert: Notification): void;
  /** Takes over what an earlier life of the agent owed; scripts and mails are left alone. From now on states are repeated. */
  resume(pending: readonly NotificationState[]): void;
  /** After a reload: what is owed to a channel that is gone is given up, the others go on with their new settings. */
  configure(config: Config): void;
  /** Alerts that are not delivered yet, by channel. */
  waiting(): ReadonlyMap<string, number>;
  trouble(): { readonly since: EpochMs; readonly message: string } | null;
  /** Tries once more what is due, for at most `limit`, and leaves the rest to the next start. */
  close(limit: Ms): Promise<void>;
}

/** Alertmanager takes what it was not told of for five minutes for over. */
const repeatEvery: Ms = 60_000;

export function createChannels(config: Config, modules: ChannelModules): Channels {
  return new QueuedChannels(config, modules);
}

type Owed = Pick<NotificationState, 'id' | 'attempts'>;

interface Channel {
  plan: ChannelPlan;
  opened: OpenChannel;
  readonly queue: DeliveryQueue<OwedMessage>;
}

class QueuedChannels implements Channels {
  readonly #modules: ChannelModules;
  readonly #channels = new Map<string, Channel>();
  #repeating: Cancel | null = null;

  constructor(config: Config, modules: ChannelModules) {
    this.#modules = modules;
    this.configure(config);
  }

  send(alert: Notification): void {
    const channel = this.#channels.get(alert.channel);
    if (channel) channel.queue.add(alert);
    // A reload took the channel out while the store was writing.
    else this.#giveUpGone(alert.channel, [{ ...alert, attempts: 0 }]);
  }

  resume(pending: readonly NotificationState[]): void {
    const ours = pending.filter(({ channel }) => channel !== 'script' && channel !== 'smtp');
    for (const [id, entries] of groupBy(ours, ({ channel }) => channel)) {
      const channel = this.#channels.get(id);
      if (channel) this.#resume(channel.queue, id, entries);
      else this.#giveUpGone(id, entries);
    }
    this.#repeatLater();
  }

  configure(config: Config): void {
    const { channels } = config.settings;
    const ids = new Set(channels.map(({ id }) => id));
    for (const [id, { queue }] of this.#channels) {
      if (ids.has(id)) continue;
      const owed = queue.waiting();
      if (owed > 0) this.#modules.log.warn(describeGone(id, owed));
      queue.abandon(goneDetail);
      this.#channels.delete(id);
    }
    for (const plan of channels) {
      const opened = this.#modules.open(plan);
      const outlet = createOutlet(config, plan, opened);
      const known = this.#channels.get(plan.id);
      if (known) {
        known.plan = plan;
        known.opened = opened;
        known.queue.configure(outlet);
      } else {
        const words = { server: plan.id, message: 'alert' };
        this.#channels.set(plan.id, { plan, opened, queue: new DeliveryQueue(plan.id, words, outlet, this.#modules) });
      }
    }
  }

  waiting(): ReadonlyMap<string, number> {
    return new Map([...this.#channels].map(([id, { queue }]) => [id, queue.waiting()]));
  }

  trouble(): { readonly since: EpochMs; readonly message: string } | null {
    const troubles = [...this.#channels.values()].map(({ queue }) => queue.trouble()).filter(each => each !== null);
    if (troubles.length === 0) return null;
    return {
      since: Math.min(...troubles.map(({ since }) => since)),
      message: troubles.map(({ message }) => message).join(' '),
    };
  }

  async close(limit: Ms): Promise<void> {
    this.#repeating?.();
    await Promise.all([...this.#channels.values()].map(({ queue }) => queue.close(limit)));
  }

  #repeatLater(): void {
    const { clock } = this.#modules;
    this.#repeating = clock.at(clock.now() + repeatEvery, () => {
      for (const { plan, opened, queue } of this.#channels.values()) {
        if (opened.repeats) queue.repeat(() => formRepetition(this.#modules.outages(), plan, opened.largest));
      }
      this.#repeatLater();
    });
  }

  #resume(queue: DeliveryQueue<OwedMessage>, id: string, entries: readonly NotificationState[]): void {
    for (const entry of entries.filter(isAlert)) queue.resume(entry);
    const strange = entries.filter(entry => !isAlert(entry));
    if (strange.length === 0) return;
    this.#modules.log.warn(`${id}: gave up ${countAlerts(strange.length)} of an earlier version, which cannot be read`);
    this.#giveUp(id, strange, 'it cannot be read');
  }

  #giveUpGone(id: string, entries: readonly Owed[]): void {
    this.#modules.log.warn(describeGone(id, entries.length));
    this.#giveUp(id, entries, goneDetail);
  }

  #giveUp(channel: string, entries: readonly Owed[], detail: string): void {
    const { store, observer } = this.#modules;
    for (const { id, attempts } of entries) {
      void store.updateNotifications({ ids: [id], outcome: 'given-up', attempts, nextAttempt: null, detail });
      observer?.attempted(channel, 'given_up', null);
    }
  }
}

const goneDetail = 'the channel is not in the configuration any more';

function describeGone(id: string, owed: number): string {
  return `${id} is not in the configuration any more: gave up ${countAlerts(owed)} that it was owed`;
}

function countAlerts(count: number): string {
  return count === 1 ? '1 alert' : `${count} alerts`;
}

function createOutlet(
  { settings }: Config,
  { timeout }: ChannelPlan,
  { groups, largest, send }: OpenChannel,
): Outlet<OwedMessage> {
  return {
    window: settings.mailWindow,
    giveUp: settings.mailGiveUp,
    // The channel's own time limit comes first.
    patience: timeout + 10_000,
    form: changes => formAlerts(changes, groups, largest),
    send: send && (({ id, read }, signal) => send({ id, alerts: read() }, signal)),
  };
}
