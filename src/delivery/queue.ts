import type { DeliveryResult } from '../model/delivery.ts';
import type { DeliveryObserver, DeliveryOutcome } from '../model/observer.ts';
import type { Log, Random } from '../model/ports.ts';
import type { Notification, NotificationState, NotificationUpdate, Store } from '../model/store.ts';
import type { Cancel, Clock, EpochMs, Ms } from '../model/time.ts';
import { pauseAfter } from './backoff.ts';

/** A message and the notifications that it tells; none: it repeats what is so, and is not in the outbox. */
export interface Draft<Message> {
  readonly members: readonly Notification[];
  /** Of the newest change. */
  readonly time: EpochMs;
  /** For the log and the store. */
  readonly title: string;
  readonly message: Message;
}

/** How the messages of a channel are made and sent, by the configuration of the moment. */
export interface Outlet<Message> {
  /** Changes are collected for so long from the first one. */
  readonly window: Ms;
  /** A message that is older is given up. */
  readonly giveUp: Ms;
  /** An attempt that takes longer is broken off. */
  readonly patience: Ms;
  form(changes: readonly Notification[]): readonly Draft<Message>[];
  /** Never rejects. null: there is nobody to send to; what is owed waits. */
  readonly send: ((message: Message, signal: AbortSignal) => Promise<DeliveryResult>) | null;
}

/** How the log speaks of it. */
export interface QueueWords {
  /** With its article: `The mail server`. */
  readonly server: string;
  /** `mail`, of which several are `mails`. */
  readonly message: string;
}

export interface QueueModules {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly store: Pick<Store, 'updateNotifications'>;
  readonly observer?: DeliveryObserver;
}

interface Queued<Message> {
  readonly draft: Draft<Message>;
  readonly attempts: number;
  /** On the monotonic clock. */
  readonly due: Ms;
}

/**
 * The messages of one channel, delivered one after the other and in the order of the changes; nobody is made to wait.
 * While the server does not serve us, one message at a time probes it, and everything else collects.
 */
export class DeliveryQueue<Message> {
  readonly #channel: string;
  readonly #words: QueueWords;
  readonly #modules: QueueModules;
  #outlet: Outlet<Message>;

  #collected: Notification[] = [];
  #window: Cancel | null = null;
  #queue: Queued<Message>[] = [];
  /** Attempts of earlier lives, by notification. */
  readonly #attempts = new Map<string, number>();
  #sending: AbortController | null = null;
  #timer: Cancel | null = null;
  #server: { readonly since: EpochMs; readonly failures: number; readonly probe: Ms; readonly detail: string } | null =
    null;
  /** `closing`: resolves the promise of `close`. */
  #state: { readonly kind: 'open' | 'closed' } | { readonly kind: 'closing'; readonly finish: () => void } = {
    kind: 'open',
  };

  constructor(channel: string, words: QueueWords, outlet: Outlet<Message>, modules: QueueModules) {
    this.#channel = channel;
    this.#words = words;
    this.#outlet = outlet;
    this.#modules = modules;
  }

  /** Takes over a notification that is in the store's outbox. */
  add(notification: Notification): void {
    if (this.#state.kind === 'closed') return;
    this.#collected.push(notification);
    this.#window ??= this.#after(this.#outlet.window, () => {
      this.#window = null;
      this.#pump();
    });
  }

  /** Takes over what an earlier life of the agent owed. */
  resume({ attempts, ...notification }: NotificationState): void {
    this.#attempts.set(notification.id, attempts);
    this.add(notification);
  }

  /** Says once more what is so, unless there is news to tell first, or the server is known to be down. */
  repeat(make: () => readonly Draft<Message>[]): void {
    const { clock } = this.#modules;
    const isDown = this.#server !== null && this.#server.probe > clock.now();
    if (this.#state.kind !== 'open' || this.#sending || this.#queue.length > 0 || isDown || !this.#outlet.send) return;
    this.#queue = make().map(draft => ({ draft, attempts: 0, due: clock.now() }));
    this.#pump();
  }

  /** After a reload: the server may be another one, and is tried at once. */
  configure(outlet: Outlet<Message>): void {
    this.#outlet = outlet;
    this.#probeNow();
    this.#pump();
  }

  /** Notifications that are not delivered yet. */
  waiting(): number {
    return this.#collected.length + this.#queue.reduce((sum, { draft }) => sum + draft.members.length, 0);
  }

  trouble(): { readonly since: EpochMs; readonly message: string } | null {
    if (!this.#server) return null;
    const { since, detail } = this.#server;
    return { since, message: `${this.#refusal()} (${detail}); ${this.waiting()} wait.` };
  }

  /** Tries once more what is due, for at most `limit`, and leaves the rest to the next start. */
  close(limit: Ms): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#after(limit, () => finish());
      const finish = (): void => {
        cancel();
        this.#end();
        resolve();
      };
      this.#state = { kind: 'closing', finish };
      this.#window?.();
      this.#window = null;
      this.#queue = this.#queue.filter(isOwed);
      // Known to be down or not: one try, now.
      this.#probeNow();
      this.#pump();
    });
  }

  /** The channel is gone: what it owes is given up. */
  abandon(detail: string): void {
    for (const { members, attempts } of this.#all()) this.#giveUp(members, attempts, detail);
    this.#window?.();
    this.#queue = [];
    this.#collected = [];
    this.#end();
  }

  #end(): void {
    this.#state = { kind: 'closed' };
    this.#timer?.();
    this.#sending?.abort();
  }

  /** Sends the next message that is due, or waits for it. */
  #pump(): void {
    const { clock } = this.#modules;
    const { send } = this.#outlet;
    this.#timer?.();
    this.#timer = null;
    if (this.#sending || this.#state.kind === 'closed') return;
    this.#giveUpOld();
    if (!this.#window && (!this.#server || this.#queue.length === 0)) this.#form();
    const now = clock.now();
    const probe = this.#server?.probe ?? now;
    const due = this.#queue.find(queued => queued.due <= now);
    if (send && due && probe <= now) {
      void this.#attempt(due, send);
      return;
    }
    if (this.#state.kind === 'closing') this.#state.finish();
    else if (send && this.#queue.length > 0) {
      const next = Math.max(probe, Math.min(...this.#queue.map(queued => queued.due)));
      this.#timer = clock.at(next, () => this.#pump());
    }
  }

  #form(): void {
    const drafts = this.#outlet.form(this.#collected);
    this.#collected = [];
    for (const draft of drafts) {
      const attempts = Math.max(...draft.members.map(member => this.#attempts.get(member.id) ?? 0));
      for (const { id } of draft.members) this.#attempts.delete(id);
      const queued = { draft, attempts, due: this.#modules.clock.now() };
      this.#queue.push(queued);
      if (draft.members.length > 1) this.#update(queued, 'grouped', null, draft.title);
    }
  }

  async #attempt(queued: Queued<Message>, send: NonNullable<Outlet<Message>['send']>): Promise<void> {
    const { clock, observer } = this.#modules;
    const controller = new AbortController();
    this.#sending = controller;
    const begun = clock.now();
    // A server that answers one byte at a time must not hold up the others for ever.
    const cancel = this.#after(this.#outlet.patience, () => controller.abort());
    const result = await send(queued.draft.message, controller.signal);
    cancel();
    this.#sending = null;
    // Stopped while it was under way: it stays in the outbox as it was.
    if (this.#state.kind === 'closed' && result.kind === 'failed') return;
    observer?.attempted(this.#channel, outcomeOf(result), clock.now() - begun);
    this.#queue = this.#queue.filter(other => other !== queued);
    this.#settle({ ...queued, attempts: queued.attempts + 1 }, result);
    this.#pump();
  }

  #settle(queued: Queued<Message>, result: DeliveryResult): void {
    if (result.kind === 'delivered') {
      this.#update(queued, 'delivered', null, result.detail);
      this.#serverWorks();
      return;
    }
    if (!isOwed(queued)) {
      // The next repetition says it anew, whatever was wrong with this one.
      this.#queue = this.#queue.filter(isOwed);
      this.#serverFails(result);
      return;
    }
    const { clock } = this.#modules;
    switch (result.retry) {
      case 'server': {
        const pause = this.#serverFails(result);
        this.#update(queued, 'failed', clock.wall() + pause, result.detail);
        // It stays the first, so that messages go in the order of the changes.
        this.#queue.unshift(queued);
        break;
      }
      case 'message': {
        const pause = pauseAfter(queued.attempts, result.retryAfter, this.#modules.random());
        this.#update(queued, 'failed', clock.wall() + pause, result.detail);
        this.#queue.push({ ...queued, due: clock.now() + pause });
        this.#serverWorks();
        break;
      }
      case 'never':
        this.#update(queued, 'failed', null, result.detail);
        this.#modules.log.error(`${this.#words.server} refuses "${queued.draft.title}": ${result.detail}`);
        this.#serverWorks();
        break;
    }
  }

  #serverFails({ detail, retryAfter }: DeliveryResult & { readonly kind: 'failed' }): Ms {
    const { clock, log, random } = this.#modules;
    const failures = (this.#server?.failures ?? 0) + 1;
    const pause = pauseAfter(failures, retryAfter, random());
    const since = this.#server?.since ?? clock.wall();
    if (!this.#server) log.warn(`${this.#refusal()}, they wait and are tried again: ${detail}`);
    this.#server = { since, failures, probe: clock.now() + pause, detail };
    if (this.#state.kind === 'closing') this.#state.finish();
    return pause;
  }

  #serverWorks(): void {
    if (!this.#server) return;
    this.#server = null;
    this.#modules.log.info(`${this.#words.server} takes ${this.#words.message}s again.`);
  }

  #refusal(): string {
    return `${this.#words.server} does not take ${this.#words.message}s`;
  }

  #probeNow(): void {
    if (this.#server) this.#server = { ...this.#server, probe: this.#modules.clock.now() };
  }

  /** A message is as old as the newest change that it tells. */
  #giveUpOld(): void {
    const { clock, log } = this.#modules;
    const oldest = clock.wall() - this.#outlet.giveUp;
    const isOld = ({ time }: { readonly time: EpochMs }): boolean => time < oldest;
    if (!this.#collected.some(isOld) && !this.#queue.some(({ draft }) => isOld(draft))) return;
    const detail = this.#server?.detail ?? 'too old';
    for (const { title, members, attempts, time } of this.#all()) {
      if (!isOld({ time })) continue;
      this.#giveUp(members, attempts, detail);
      log.error(`Gave up the ${this.#words.message} "${title}" after ${attempts} attempts: ${detail}`);
    }
    this.#collected = this.#collected.filter(change => !isOld(change));
    this.#queue = this.#queue.filter(({ draft }) => !isOld(draft));
  }

  /** What is owed: changes that are no message yet, and messages. */
  #all(): readonly (Omit<Draft<Message>, 'message'> & { readonly attempts: number })[] {
    const lone = this.#collected.map(change => {
      const { id, time, subject: title } = change;
      return { members: [change], time, title, attempts: this.#attempts.get(id) ?? 0 };
    });
    return [...lone, ...this.#queue.map(({ draft, attempts }) => ({ ...draft, attempts }))];
  }

  #giveUp(members: readonly Notification[], attempts: number, detail: string): void {
    this.#note(members, { outcome: 'given-up', attempts, nextAttempt: null, detail });
    this.#modules.observer?.attempted(this.#channel, 'given_up', null);
  }

  #update(
    { draft, attempts }: Queued<Message>,
    outcome: NotificationUpdate['outcome'],
    nextAttempt: EpochMs | null,
    detail: string,
  ): void {
    if (draft.members.length > 0) this.#note(draft.members, { outcome, attempts, nextAttempt, detail });
  }

  #note(members: readonly Notification[], news: Omit<NotificationUpdate, 'ids'>): void {
    // Nothing waits for it: the store keeps updates in order, and does not reject.
    void this.#modules.store.updateNotifications({ ids: members.map(({ id }) => id), ...news });
  }

  #after(span: Ms, run: () => void): Cancel {
    const { clock } = this.#modules;
    return clock.at(clock.now() + span, run);
  }
}

function isOwed({ draft }: Queued<unknown>): boolean {
  return draft.members.length > 0;
}

function outcomeOf(result: DeliveryResult): DeliveryOutcome {
  if (result.kind === 'delivered') return 'delivered';
  return result.retry === 'never' ? 'given_up' : 'failed';
}
