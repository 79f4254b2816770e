import type { Config, Globals, Settings } from '../../../src/model/config.ts';
import type { DeliveryResult } from '../../../src/model/delivery.ts';
import type { Mail, MailTransport } from '../../../src/model/mail.ts';
import type { Notification, NotificationUpdate } from '../../../src/model/store.ts';
import { makeConfig as make } from '../../support/configs.ts';

export const start = 1_767_225_600_000;

export function makeConfig(settings: Partial<Settings> = {}, globals: Partial<Globals> = {}): Config {
  return make({
    globals: {
      routerId: 'lvs1',
      notificationEmail: ['ops@example.com'],
      notificationEmailFrom: 'keepalived@lvs1.example.com',
      smtpHeloName: 'lvs1.example.com',
      ...globals,
    },
    settings: { mailGiveUp: 24 * 3_600_000, ...settings },
  });
}

export function mailOf(id: string, state: 'UP' | 'DOWN' = 'DOWN', time = start): Notification {
  return {
    id,
    time,
    channel: 'smtp',
    subject: `[lvs1] Realserver [10.0.0.${id}]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - ${state}`,
    body: '=> TCP CHECK failed on service <=',
    virtualServer: 'tcp/10.0.0.1:80',
    realServer: `10.0.0.${id}:80`,
  };
}

/** A mail server that answers as it is told; `sent` has what it took. */
export interface FakeTransport extends MailTransport {
  readonly sent: Mail[];
  readonly tries: Mail[];
  answer: (mail: Mail, signal: AbortSignal) => DeliveryResult | Promise<DeliveryResult>;
}
export const delivered: DeliveryResult = { kind: 'delivered', detail: '250 ok' };
export const serverDown: DeliveryResult = { kind: 'failed', retry: 'server', detail: 'connect ECONNREFUSED' };

export function fakeTransport(): FakeTransport {
  const transport: FakeTransport = {
    sent: [],
    tries: [],
    answer: () => delivered,
    send: async (mail, signal) => {
      transport.tries.push(mail);
      const result = await transport.answer(mail, signal);
      if (result.kind === 'delivered') transport.sent.push(mail);
      return result;
    },
  };
  return transport;
}

type SeenUpdate = Omit<NotificationUpdate, 'ids'> & { readonly id: string };

/** Keeps the updates; `last` is the last one of each notification. */
export function fakeStore(): {
  /** One for each notification. */
  readonly updates: SeenUpdate[];
  readonly last: (id: string) => SeenUpdate | undefined;
  readonly updateNotifications: (update: NotificationUpdate) => Promise<boolean>;
} {
  const updates: SeenUpdate[] = [];
  return {
    updates,
    last: id => updates.findLast(update => update.id === id),
    updateNotifications: async ({ ids, ...news }) => {
      updates.push(...ids.map(id => ({ id, ...news })));
      return true;
    },
  };
}
