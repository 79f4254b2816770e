import type { Checker } from '../src/model/check.ts';
import type { Values } from '../src/model/params.ts';
import { type ConnectionSpec, connectParams, hasOwnTarget, planConnection } from './connect-params.ts';
import { exchange } from './exchange.ts';
import { createSmtpDialogue } from './smtp-dialogue.ts';

export interface SmtpSpec {
  readonly connection: ConnectionSpec;
  readonly heloName: string;
}

/** Says HELO and QUIT to a mail server. */
export const smtp: Checker<SmtpSpec> = {
  keyword: 'SMTP_CHECK',
  doc: 'Waits for the banner of a mail server, says HELO and QUIT, and looks at the replies.',
  params: [
    ...connectParams,
    {
      name: 'helo_name',
      type: { kind: 'word' },
      doc: 'Name to say HELO with.',
      default: 'smtp_helo_name, else the name of the host',
    },
    {
      name: 'host',
      type: { kind: 'block', params: connectParams },
      doc: 'One mail server to check in place of the real server; several are checks of their own, and all must pass.',
      repeat: 'all',
    },
  ],
  defaultRetry: 1,
  defaultDelayBeforeRetry: 1000,
  pace: 'end',
  mail: { up: 'CHECK succeed on service', down: 'CHECK failed on service : {detail}' },
  plan(values, target, report) {
    const connectTimeout = values.get<number>('connect_timeout') ?? target.connectTimeout;
    const hosts = values.all<Values>('host');
    // keepalived check_smtp.c:smtp_check_end_handler: without an option of its own the checker is the first host.
    const blocks = hosts.length === 0 || hasOwnTarget(values) ? [values, ...hosts] : hosts;
    const connections = blocks.map(block => planConnection(block, { ...target, connectTimeout }, report));
    const heloName = values.get<string>('helo_name') ?? target.heloName;
    const usable = connections.filter(connection => connection !== null);
    // With one host left out the real server would be up where it should be down.
    return usable.length === blocks.length ? usable.map(connection => ({ connection, heloName })) : [];
  },
  check: (spec, context) =>
    exchange({ connection: spec.connection, tls: null }, createSmtpDialogue(spec.heloName), context),
  // The connection, and as long again the whole dialogue.
  longest: spec => 2 * spec.connection.timeout,
};
