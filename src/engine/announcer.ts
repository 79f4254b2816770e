import { type Alert, type ChannelPlan, describeAlert } from '../model/alert.ts';
import type { Effect } from '../model/effect.ts';
import type { Remembered } from '../model/event.ts';
import type { VsId } from '../model/ids.ts';
import type { Log } from '../model/ports.ts';
import type { Notification, NotificationState, Store } from '../model/store.ts';
import type { Clock, EpochMs, Ms } from '../model/time.ts';
import type { Transition } from '../model/transition.ts';

type ScriptEffect = Extract<Effect, { type: 'script' }>;
export type Announcement = Exclude<Effect, { type: 'ipvs' }>;

/** The ways out; none of them throws. */
export interface Announcers {
  /** In order per virtual server, with a time limit; resolves when the script has ended. `time`: of the change. */
  readonly runScript: (
    effect: ScriptEffect,
    time: EpochMs,
  ) => Promise<{ readonly outcome: 'delivered' | 'failed'; readonly detail: string }>;
  readonly writeFifo: (line: string) => void;
  /** Takes over a mail that the store already has (or could not take). */
  readonly sendMail: (mail: Notification) => void;
  /** The same for an alert, one for each channel. */
  readonly sendAlert: (alert: Notification) => void;
}

/** Who is told, by the configuration of the moment. */
export interface Outlets {
  readonly routerId: string;
  /** Whether mail is configured at all. */
  readonly mail: boolean;
  readonly channels: readonly ChannelPlan[];
}

/** A script that was owed when the agent died is still run after a restart, unless it is older than this. */
const scriptsExpire: Ms = 15 * 60_000;

/**
 * Tells the world what was committed: first the store, then scripts and FIFO, last mails and alerts. What is in the store is
 * what a restart goes by, so a change is kept before it is told: after `kill -9` nothing is told twice.
 */
export class Announcer {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #newId: () => string;
  readonly #announcers: Announcers;
  /** Change with a reload. */
  readonly #outlets: () => Outlets;
  readonly #chains = new Map<VsId, Promise<void>>();
  readonly #scripts = new Set<Promise<void>>();

  constructor(modules: {
    readonly store: Store;
    readonly clock: Clock;
    readonly log: Log;
    readonly newId: () => string;
    readonly announcers: Announcers;
    readonly outlets: () => Outlets;
  }) {
    this.#store = modules.store;
    this.#clock = modules.clock;
    this.#log = modules.log;
    this.#newId = modules.newId;
    this.#announcers = modules.announcers;
    this.#outlets = modules.outlets;
  }

  /**
   * Keeps and tells one step of a virtual server's health core. Steps of one virtual server stay in order.
   * @param remember undefined if nothing is told for which a restart must know it
   */
  tell(
    virtualServer: VsId,
    remember: Remembered | null | undefined,
    transitions: readonly Transition[],
    announcements: readonly Announcement[],
  ): void {
    const time = this.#clock.wall();
    const owed = announcements.map(effect => ({ effect, notifications: this.#notificationsOf(effect, time) }));
    const notifications = owed.flatMap(entry => entry.notifications);
    const kept = this.#store.commit({
      time,
      virtualServer,
      transitions,
      notifications,
      ...(remember !== undefined && { remember }),
    });
    if (owed.length === 0) return;
    const before = this.#chains.get(virtualServer) ?? Promise.resolve();
    const chain = Promise.all([before, kept]).then(() => {
      for (const { effect, notifications: kept } of owed) this.#announce(effect, kept);
      if (this.#chains.get(virtualServer) === chain) this.#chains.delete(virtualServer);
    });
    this.#chains.set(virtualServer, chain);
  }

  /** Runs what an earlier life of the agent owed and had not begun. Mails and alerts are the business of their queues. */
  resume(pending: readonly NotificationState[]): void {
    for (const notification of pending) {
      if (notification.channel !== 'script' || notification.outcome !== 'queued') continue;
      if (this.#clock.wall() - notification.time > scriptsExpire) {
        void this.#update(notification.id, 'given-up', 0, 'too old when the agent came back');
      } else {
        this.#run(JSON.parse(notification.body) as ScriptEffect, notification);
      }
    }
  }

  /** Scripts that have not ended. */
  waitingScripts(): number {
    return this.#scripts.size;
  }

  /** Resolves when everything told so far has been kept and handed on, and the scripts have ended. */
  async idle(): Promise<void> {
    while (this.#chains.size > 0 || this.#scripts.size > 0) {
      await Promise.all([...this.#chains.values(), ...this.#scripts]);
    }
  }

  #notificationsOf(effect: Announcement, time: number): readonly Notification[] {
    if (effect.type === 'fifo') return [];
    const { routerId, mail, channels } = this.#outlets();
    const { virtualServer, realServer } = effect;
    const common = { time, virtualServer, realServer };
    switch (effect.type) {
      case 'mail': {
        const subject = `[${routerId}] ${effect.subject}`;
        return mail ? [{ id: this.#newId(), ...common, channel: 'smtp', subject, body: effect.body }] : [];
      }
      case 'script': {
        const subject = `${effect.event} ${effect.script.argv.join(' ')}`;
        return [{ id: this.#newId(), ...common, channel: 'script', subject, body: JSON.stringify(effect) }];
      }
      case 'alert':
        return channels
          .filter(({ about }) => about === 'all' || realServer === null)
          .map(({ id: channel }) => {
            const alert = alertOf(effect, { id: this.#newId(), time, routerId });
            const subject = `[${routerId}] ${describeAlert(alert)}`;
            return { id: alert.id, ...common, channel, subject, body: JSON.stringify(alert) };
          });
    }
  }

  #announce(effect: Announcement, notifications: readonly Notification[]): void {
    if (effect.type === 'fifo') this.#announcers.writeFifo(effect.line);
    for (const notification of notifications) {
      if (effect.type === 'mail') this.#announcers.sendMail(notification);
      else if (effect.type === 'alert') this.#announcers.sendAlert(notification);
      else if (effect.type === 'script') this.#run(effect, notification);
    }
  }

  #run(effect: ScriptEffect, { id, time }: Notification): void {
    const running = this.#update(id, 'started', 1, '')
      .then(() => this.#announcers.runScript(effect, time))
      .then(async ({ outcome, detail }) => {
        const about = `${effect.event} of ${effect.realServer ?? effect.virtualServer}`;
        if (outcome === 'failed') this.#log.warn(`${about} failed: ${detail}`);
        else this.#log.debug(`${about} has run: ${detail}`);
        await this.#update(id, outcome, 1, detail);
      })
      .finally(() => this.#scripts.delete(running));
    this.#scripts.add(running);
  }

  #update(
    id: string,
    outcome: 'started' | 'delivered' | 'failed' | 'given-up',
    attempts: number,
    detail: string,
  ): Promise<boolean> {
    return this.#store.updateNotifications({ ids: [id], outcome, attempts, nextAttempt: null, detail });
  }
}

function alertOf(
  { virtualServer, realServer, state, since, weight, reason, detail }: Effect & { readonly type: 'alert' },
  { id, time, routerId }: Pick<Alert, 'id' | 'time' | 'routerId'>,
): Alert {
  const kind = realServer === null ? 'virtual_server' : 'real_server';
  return { id, time, kind, virtualServer, realServer, state, since, reason, detail, weight, routerId };
}
