import { createRequire } from 'node:module';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Config } from '../src/model/config.ts';
import type { DeliveryResult } from '../src/model/delivery.ts';
import type { Mail, MailTransport } from '../src/model/mail.ts';
import { type Secret, secret } from '../src/model/secret.ts';
import type { Ms } from '../src/model/time.ts';
import { hideSecrets, oneLine } from './hide-secrets.ts';

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  /** Name said in EHLO and HELO. */
  readonly heloName: string;
  /** For the connection, the greeting and each silence after that. */
  readonly timeout: Ms;
  readonly from: string;
  readonly to: readonly string[];
  /** `off` never uses STARTTLS; the other two send nothing unless the connection is encrypted and the name verified. */
  readonly tls: 'off' | 'starttls' | 'tls';
  readonly login: { readonly user: string; readonly password: Secret } | null;
  /** Certificates (PEM) to trust instead of the system's; null = the system's. */
  readonly authorities: string | null;
}

/** null when the configuration names no mail server or no addressee: then keepalived sends no mail either. */
export function smtpOptionsOf({ globals, settings }: Config): SmtpOptions | null {
  const { smtpServer, notificationEmail } = globals;
  if (!smtpServer || notificationEmail.length === 0) return null;
  const { smtpUser, smtpPassword } = settings;
  return {
    ...smtpServer,
    heloName: globals.smtpHeloName,
    timeout: globals.smtpConnectTimeout,
    from: globals.notificationEmailFrom,
    to: notificationEmail,
    tls: settings.smtpTls,
    login: smtpUser !== null && smtpPassword !== null ? { user: smtpUser, password: smtpPassword } : null,
    authorities: null,
  };
}

/** Sends by SMTP as keepalived does, each mail over its own connection. */
export function createSmtpTransport(options: SmtpOptions): MailTransport {
  return { send: (mail, signal) => sendMail(mail, options, signal) };
}

/** Up to `sending` a failure is the server's, after that the mail's. */
type Phase = 'connecting' | 'sending';
type Fault = Error & {
  readonly code?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
};

function sendMail(mail: Mail, options: SmtpOptions, signal: AbortSignal): Promise<DeliveryResult> {
  const Connection = loadConnection();
  return new Promise(resolve => {
    const connection = new Connection(connectionOptionsOf(options));
    let phase: Phase = 'connecting';
    let delivered: DeliveryResult | null = null;
    const finish = (result: DeliveryResult): void => {
      signal.removeEventListener('abort', abort);
      resolve({ ...result, detail: hideSecrets(result.detail, secretsOf(options)) });
      // Ends in `end` once more, which no longer counts.
      connection.close();
    };
    // What goes wrong after the server has taken the mail (its answer to QUIT) does not matter.
    const fail = (fault: Fault): void =>
      finish(delivered ?? { kind: 'failed', retry: retryOf(fault, phase), detail: describe(fault, options) });
    const abort = (): void => fail(new Error('broken off before the server had answered'));

    const send = (): void => {
      phase = 'sending';
      const message = composeMessage(mail, options);
      const envelope = { from: addressOf(options.from), to: options.to.map(addressOf), use8BitMime: !isAscii(message) };
      connection.send(envelope, message, (fault, info) => {
        if (fault) {
          fail(fault);
        } else {
          delivered = { kind: 'delivered', detail: describeDelivery(info) };
          connection.quit();
        }
      });
    };
    const logIn = (login: NonNullable<SmtpOptions['login']>): void => {
      if (connection.allowsAuth) {
        const credentials = { user: login.user, pass: login.password.reveal() };
        connection.login(credentials, fault => (fault ? fail(fault) : send()));
      } else {
        fail(new Error('the server does not offer AUTH, and smtp_user is set'));
      }
    };

    connection.on('error', fail);
    connection.once('end', () => fail(new Error('the server has closed the connection')));
    signal.addEventListener('abort', abort);
    connection.connect(fault => {
      if (fault) fail(fault);
      else if (options.login) logIn(options.login);
      else send();
    });
    if (signal.aborted) abort();
  });
}

/** With the first mail: many an agent never has one to send. */
function loadConnection(): typeof SMTPConnection {
  return createRequire(import.meta.url)('nodemailer/lib/smtp-connection') as typeof SMTPConnection;
}

function connectionOptionsOf(options: SmtpOptions): SMTPConnection.Options {
  const { host, port, heloName, timeout, tls, authorities } = options;
  return {
    host,
    port,
    name: heloName,
    secure: tls === 'tls',
    ignoreTLS: tls === 'off',
    requireTLS: tls === 'starttls',
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    // A director may have nothing but internal addresses; closing must not wait for the peer.
    allowInternalNetworkInterfaces: true,
    socketCloseTimeout: 0,
    ...(authorities === null ? {} : { tls: { ca: authorities } }),
  };
}

function retryOf({ code, responseCode }: Fault, phase: Phase): 'server' | 'message' | 'never' {
  // 530: it wants AUTH or STARTTLS first. That is the configuration's fault and will be put right.
  if (phase === 'connecting' || responseCode === 530) return 'server';
  if (responseCode !== undefined) return responseCode >= 500 ? 'never' : 'message';
  // An address or a size that is refused before anything was sent.
  return code === 'EENVELOPE' || code === 'EMESSAGE' ? 'never' : 'message';
}

function describe({ message, response }: Fault, { host, port }: SmtpOptions): string {
  const text = response && !message.includes(response) ? `${message}: ${response}` : message;
  return oneLine(`${host}:${port}: ${text}`, 500);
}

function describeDelivery({ response, rejectedErrors }: SMTPConnection.SentMessageInfo): string {
  const refused = (rejectedErrors ?? []).map(fault => fault.message);
  return oneLine([response, ...refused].join('; '), 500);
}

/** The password, and what AUTH PLAIN makes of it. */
function secretsOf({ login }: SmtpOptions): readonly Secret[] {
  return login === null ? [] : [login.password, secret(`\0${login.user}\0${login.password.reveal()}`)];
}

/** keepalived's headers, in its order, and after them what makes mails tell-apart-able. Headers are not folded, but for `To`. */
function composeMessage(mail: Mail, { from, to, heloName }: SmtpOptions): string {
  const headers = [
    `Date: ${formatDate(mail.time)}`,
    `From: ${oneHeader(from)}`,
    `Subject: ${oneHeader(mail.subject)}`,
    'X-Mailer: Checkalived',
    `To: ${to.map(oneHeader).join(',\r\n ')}`,
    `Message-ID: <${mail.id}@${heloName}>`,
    // RFC 3834: no answer from those who are on holiday.
    'Auto-Submitted: auto-generated',
  ];
  const text = `${mail.subject}${mail.body}${from}`;
  if (!isAscii(text)) {
    headers.push('MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit');
  }
  return `${headers.join('\r\n')}\r\n\r\n${mail.body.replace(/\r?\n/g, '\r\n')}`;
}

/** RFC 5322 allows 998 octets a line; whatever would end the header is a space. */
const oneHeader = (text: string): string => text.replace(/[\r\n\0]+/g, ' ').slice(0, 900);
const isAscii = (text: string): boolean => !/[^\p{ASCII}]/u.test(text);
/** `Name <user@host>` → `user@host`. */
const addressOf = (text: string): string => /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim();

/** RFC 5322 with the local offset, as keepalived: `Thu, 01 Jan 2026 00:00:00 +0100`. */
function formatDate(time: number): string {
  const parts = new Map(dateFormat.formatToParts(time).map(part => [part.type, part.value]));
  const get = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const offset = get('timeZoneName').replace(/^GMT$/, 'GMT+00:00').replace(/GMT|:/g, '');
  return `${get('weekday')}, ${get('day')} ${get('month')} ${get('year')} ${get('hour')}:${get('minute')}:${get('second')} ${offset}`;
}
const dateFormat = new Intl.DateTimeFormat('en-US', {
  weekday: 'short',
  day: '2-digit',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'longOffset',
});
