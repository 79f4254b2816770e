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
}

/** A script that was owed when the agent died is still run after a restart, unless it is older than this. */
const scriptsExpire: Ms = 15 * 60_000;

/**
 * Tells the world what was committed: first the store, then scripts and FIFO, last the mail. What is in the store is
 * what a restart goes by, so a change is kept before it is told: after `kill -9` nothing is told twice.
 */
export class Announcer {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #newId: () => string;
  readonly #announcers: Announcers;
  /** `[router_id] ` and whether mail is configured at all; changes with a reload. */
  readonly #mail: () => { readonly routerId: string; readonly wanted: boolean };
  readonly #chains = new Map<VsId, Promise<void>>();
  readonly #scripts = new Set<Promise<void>>();

  constructor(modules: {
    readonly store: Store;
    readonly clock: Clock;
    readonly log: Log;
    readonly newId: () => string;
    readonly announcers: Announcers;
    readonly mail: () => { readonly routerId: string; readonly wanted: boolean };
  }) {
    this.#store = modules.store;
    this.#clock = modules.clock;
    this.#log = modules.log;
    this.#newId = modules.newId;
    this.#announcers = modules.announcers;
    this.#mail = modules.mail;
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
    const owed = announcements.map(effect => ({ effect, notification: this.#notificationOf(effect, time) }));
    const notifications = owed.map(entry => entry.notification).filter(notification => notification !== null);
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
      for (const { effect, notification } of owed) this.#announce(effect, notification);
      if (this.#chains.get(virtualServer) === chain) this.#chains.delete(virtualServer);
    });
    this.#chains.set(virtualServer, chain);
  }

  /** Runs what an earlier life of the agent owed and had not begun. Mails are the mailer's own business. */
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

  #notificationOf(effect: Announcement, time: number): Notification | null {
    const common = { id: this.#newId(), time, virtualServer: effect.virtualServer };
    switch (effect.type) {
      case 'fifo':
        return null;
      case 'mail': {
        const { routerId, wanted } = this.#mail();
        if (!wanted) return null;
        const subject = `[${routerId}] ${effect.subject}`;
        return { ...common, channel: 'smtp', subject, body: effect.body, realServer: effect.realServer };
      }
      case 'script': {
        const subject = `${effect.event} ${effect.script.argv.join(' ')}`;
        return { ...common, channel: 'script', subject, body: JSON.stringify(effect), realServer: effect.realServer };
      }
    }
  }

  #announce(effect: Announcement, notification: Notification | null): void {
    switch (effect.type) {
      case 'fifo':
        this.#announcers.writeFifo(effect.line);
        break;
      case 'mail':
        if (notification) this.#announcers.sendMail(notification);
        break;
      case 'script':
        if (notification) this.#run(effect, notification);
        break;
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
    return this.#store.updateNotification({ id, outcome, attempts, nextAttempt: null, detail });
  }
}
