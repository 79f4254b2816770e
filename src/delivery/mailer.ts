import type { Config } from '../model/config.ts';
import type { Mail, MailTransport } from '../model/mail.ts';
import type { Notification, NotificationState } from '../model/store.ts';
import type { EpochMs, Ms } from '../model/time.ts';
import { formMails } from './group.ts';
import { DeliveryQueue, type Outlet, type QueueModules } from './queue.ts';

export interface MailerModules extends QueueModules {
  /** null: the configuration has no mail server or no addressee; what is owed waits. */
  readonly createTransport: (config: Config) => MailTransport | null;
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
 * more than `mailGroupLimit`.
 */
export function createMailer(config: Config, modules: MailerModules): Mailer {
  const { createTransport } = modules;
  const words = { server: 'The mail server', message: 'mail' };
  const queue = new DeliveryQueue('smtp', words, createOutlet(config, createTransport), modules);
  return {
    send: mail => queue.add(mail),
    resume(pending) {
      for (const mail of pending) if (mail.channel === 'smtp') queue.resume(mail);
    },
    configure: latest => queue.configure(createOutlet(latest, createTransport)),
    waiting: () => queue.waiting(),
    trouble: () => queue.trouble(),
    close: limit => queue.close(limit),
  };
}

function createOutlet(config: Config, createTransport: MailerModules['createTransport']): Outlet<Mail> {
  const { settings, globals } = config;
  const transport = createTransport(config);
  return {
    window: settings.mailWindow,
    giveUp: settings.mailGiveUp,
    patience: Math.max(60_000, 4 * globals.smtpConnectTimeout),
    form: changes => formMails(changes, settings.mailGroupLimit, globals.routerId),
    send: transport && ((mail, signal) => transport.send(mail, signal)),
  };
}
