import type { Config } from '../model/config.ts';
import type { MailResult, MailTransport } from '../model/mail.ts';
import type { DeliveryObserver, DeliveryOutcome } from '../model/observer.ts';
import type { Log, Random } from '../model/ports.ts';
import type { Notification, NotificationOutcome, NotificationState, Store } from '../model/store.ts';
import type { Cancel, Clock, EpochMs, Ms } from '../model/time.ts';
import { backoff } from './backoff.ts';
import { type Draft, formMails } from './group.ts';

export interface MailerModules {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly store: Pick<Store, 'updateNotification'>;
  /** null: the configuration has no mail server or no addressee; what is owed waits. */
  readonly createTransport: (config: Config) => MailTransport | null;
  readonly observer?: DeliveryObserver;
}

/** Delivers mails one after the other and never makes anybody wait. */
export interface Mailer {
  /** Takes over a mail that is in the store's outbox. */
  send(mail: Notification): void;
  /** Takes over what an earlier life of the agent owed; entries of other channels are left alone. */
  resume(pending: readonly NotificationState[]): void;
  /** After a reload: other addressees, another server. */
  configure(config: Config): void;
  /** Mails that are not delivered yet. */
  waiting(): number;
  trouble(): { readonly since: EpochMs; readonly message: string } | null;
  /** Tries once more what is due, for at most `limit`, and leaves the rest to the next start. */
  close(limit: Ms): Promise<void>;
}

/**
 * Changes are collected for `mailWindow` from the first one; then each becomes a mail, or all become one when they are
 * more than `mailGroupLimit`. While the mail server does not serve us, one mail at a time probes it, and everything
 * else collects to one group.
 */
export function createMailer(config: Config, modules: MailerModules): Mailer {
  return new QueuedMailer(config, modules);
}

interface QueuedMail {
  readonly draft: Draft;
  readonly attempts: number;
  /** On the monotonic clock. */
  readonly due: Ms;
}

class QueuedMailer implements Mailer {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #random: Random;
  readonly #store: Pick<Store, 'updateNotification'>;
  readonly #createTransport: (config: Config) => MailTransport | null;
  readonly #observer: DeliveryObserver | undefined;
  #config: Config;
  #transport: MailTransport | null;

  #collected: Notification[] = [];
  #window: Cancel | null = null;
  #mails: QueuedMail[] = [];
  /** Attempts of earlier lives, by notification. */
  readonly #attempts = new Map<string, number>();
  #sending: { readonly mail: QueuedMail; readonly controller: AbortController } | null = null;
  #timer: Cancel | null = null;
  #server: { readonly since: EpochMs; readonly failures: number; readonly probe: Ms; readonly detail: string } | null =
    null;
  /** `closing`: resolves the promise of `close`. */
  #state: { readonly kind: 'open' | 'closed' } | { readonly kind: 'closing'; readonly finish: () => void } = {
    kind: 'open',
  };

  constructor(config: Config, modules: MailerModules) {
    this.#clock = modules.clock;
    this.#log = modules.log;
    this.#random = modules.random;
    this.#store = modules.store;
    this.#createTransport = modules.createTransport;
    this.#observer = modules.observer;
    this.#config = config;
    this.#transport = modules.createTransport(config);
  }

  send(mail: Notification): void {
    if (this.#state.kind === 'closed') return;
    this.#collected.push(mail);
    this.#window ??= this.#clock.at(this.#clock.now() + this.#config.settings.mailWindow, () => {
      this.#window = null;
      this.#pump();
    });
  }

  resume(pending: readonly NotificationState[]): void {
    for (const { attempts, ...mail } of pending) {
      if (mail.channel !== 'smtp') continue;
      this.#attempts.set(mail.id, attempts);
      this.send(mail);
    }
  }

  configure(config: Config): void {
    this.#config = config;
    this.#transport = this.#createTransport(config);
    if (this.#server) this.#server = { ...this.#server, probe: this.#clock.now() };
    this.#pump();
  }

  waiting(): number {
    return this.#collected.length + this.#mails.reduce((sum, mail) => sum + mail.draft.members.length, 0);
  }

  trouble(): { readonly since: EpochMs; readonly message: string } | null {
    if (!this.#server) return null;
    const { since, detail } = this.#server;
    return { since, message: `The mail server does not take mails (${detail}); ${this.waiting()} wait.` };
  }

  close(limit: Ms): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#clock.at(this.#clock.now() + limit, () => finish());
      const finish = (): void => {
        this.#state = { kind: 'closed' };
        cancel();
        this.#timer?.();
        this.#sending?.controller.abort();
        resolve();
      };
      this.#state = { kind: 'closing', finish };
      this.#window?.();
      this.#window = null;
      // Known to be down or not: one try, now.
      if (this.#server) this.#server = { ...this.#server, probe: this.#clock.now() };
      this.#pump();
    });
  }

  /** Sends the next mail that is due, or waits for it. */
  #pump(): void {
    this.#timer?.();
    this.#timer = null;
    if (this.#sending || this.#state.kind === 'closed') return;
    this.#giveUpOld();
    if (!this.#window && (!this.#server || this.#mails.length === 0)) this.#formMails();
    const now = this.#clock.now();
    const probe = this.#server?.probe ?? now;
    const due = this.#mails.find(mail => mail.due <= now);
    if (this.#transport && due && probe <= now) {
      void this.#attempt(due, this.#transport);
      return;
    }
    if (this.#state.kind === 'closing') this.#state.finish();
    else if (this.#transport && this.#mails.length > 0) {
      const next = Math.max(probe, Math.min(...this.#mails.map(mail => mail.due)));
      this.#timer = this.#clock.at(next, () => this.#pump());
    }
  }

  #formMails(): void {
    const { settings, globals } = this.#config;
    const drafts = formMails(this.#collected, settings.mailGroupLimit, globals.routerId);
    this.#collected = [];
    for (const draft of drafts) {
      const attempts = Math.max(...draft.members.map(member => this.#attempts.get(member.id) ?? 0));
      for (const { id } of draft.members) this.#attempts.delete(id);
      const mail = { draft, attempts, due: this.#clock.now() };
      this.#mails.push(mail);
      if (draft.members.length > 1) this.#update(mail, 'grouped', null, draft.subject);
    }
  }

  async #attempt(mail: QueuedMail, transport: MailTransport): Promise<void> {
    const controller = new AbortController();
    this.#sending = { mail, controller };
    // A server that answers one byte at a time must not hold up the others for ever.
    const total = Math.max(60_000, 4 * this.#config.globals.smtpConnectTimeout);
    const cancel = this.#clock.at(this.#clock.now() + total, () => controller.abort());
    const { id, time, subject, body } = mail.draft;
    const begun = this.#clock.now();
    const result = await transport.send({ id, time, subject, body }, controller.signal);
    this.#observer?.attempted('smtp', nameOutcome(result), this.#clock.now() - begun);
    cancel();
    this.#sending = null;
    // Stopped while it was under way: it stays in the outbox as it was.
    if (this.#state.kind === 'closed' && result.kind === 'failed') return;
    this.#mails = this.#mails.filter(other => other !== mail);
    this.#settle({ ...mail, attempts: mail.attempts + 1 }, result);
    this.#pump();
  }

  #settle(mail: QueuedMail, result: MailResult): void {
    if (result.kind === 'delivered') {
      this.#update(mail, 'delivered', null, result.detail);
      this.#serverWorks();
      return;
    }
    switch (result.retry) {
      case 'server': {
        const pause = this.#serverFails(result.detail);
        this.#update(mail, 'failed', this.#clock.wall() + pause, result.detail);
        // It stays the first, so that mails go in the order of the changes.
        this.#mails.unshift(mail);
        break;
      }
      case 'mail': {
        const pause = backoff(mail.attempts, this.#random());
        this.#update(mail, 'failed', this.#clock.wall() + pause, result.detail);
        this.#mails.push({ ...mail, due: this.#clock.now() + pause });
        this.#serverWorks();
        break;
      }
      case 'never':
        this.#update(mail, 'failed', null, result.detail);
        this.#log.error(`The mail server refuses "${mail.draft.subject}": ${result.detail}`);
        this.#serverWorks();
        break;
    }
  }

  #serverFails(detail: string): Ms {
    const failures = (this.#server?.failures ?? 0) + 1;
    const pause = backoff(failures, this.#random());
    const since = this.#server?.since ?? this.#clock.wall();
    if (!this.#server) this.#log.warn(`The mail server does not take mails, they wait and are tried again: ${detail}`);
    this.#server = { since, failures, probe: this.#clock.now() + pause, detail };
    if (this.#state.kind === 'closing') this.#state.finish();
    return pause;
  }

  #serverWorks(): void {
    if (!this.#server) return;
    this.#server = null;
    this.#log.info('The mail server takes mails again.');
  }

  /** A mail is as old as the newest change that it tells. */
  #giveUpOld(): void {
    const { mailGiveUp } = this.#config.settings;
    const oldest = this.#clock.wall() - mailGiveUp;
    const isOld = ({ time }: { readonly time: EpochMs }): boolean => time < oldest;
    const lone = this.#collected.filter(isOld).map(change => ({
      draft: { ...change, members: [change] },
      attempts: this.#attempts.get(change.id) ?? 0,
      due: 0,
    }));
    for (const mail of [...lone, ...this.#mails.filter(({ draft }) => isOld(draft))]) {
      const detail = this.#server?.detail ?? 'too old';
      this.#update(mail, 'given-up', null, detail);
      this.#observer?.attempted('smtp', 'given_up', null);
      this.#log.error(`Gave up the mail "${mail.draft.subject}" after ${mail.attempts} attempts: ${detail}`);
    }
    if (lone.length > 0) this.#collected = this.#collected.filter(change => !isOld(change));
    this.#mails = this.#mails.filter(({ draft }) => !isOld(draft));
  }

  #update(mail: QueuedMail, outcome: NotificationOutcome, nextAttempt: EpochMs | null, detail: string): void {
    for (const { id } of mail.draft.members) {
      // Nothing waits for it: the store keeps updates in order, and does not reject.
      void this.#store.updateNotification({ id, outcome, attempts: mail.attempts, nextAttempt, detail });
    }
  }
}

function nameOutcome(result: MailResult): DeliveryOutcome {
  if (result.kind === 'delivered') return 'delivered';
  return result.retry === 'never' ? 'given_up' : 'failed';
}
