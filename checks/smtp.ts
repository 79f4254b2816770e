import type { Checker, Report } from '../src/model/check.ts';
import type { Param, Params, Values } from '../src/model/params.ts';
import { type ConnectionSpec, connectParams, hasOwnTarget, planConnection } from './connect-params.ts';
import { exchange } from './exchange.ts';
import { createSmtpDialogue } from './smtp-dialogue.ts';

/** Seconds: as many as keepalived counts. */
const longestDelay = 18_446_744_073_709;

export interface SmtpSpec {
  readonly connection: ConnectionSpec;
  readonly heloName: string;
}

/** keepalived takes these in a host block too; here they hold for the whole checker. */
const scheduleParams: Params = [
  scheduleParam('retry', { kind: 'int', min: 0, max: 2 ** 32 - 1 }),
  scheduleParam('delay_before_retry', { kind: 'timer', min: 0, max: longestDelay }),
  scheduleParam('warmup', { kind: 'timer', min: 0, max: longestDelay }),
  scheduleParam('delay_loop', { kind: 'timer', min: 0.000001, max: longestDelay }),
  scheduleParam('alpha', { kind: 'bool' }),
  scheduleParam('log_all_failures', { kind: 'bool' }),
];

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
      type: { kind: 'block', params: [...connectParams, ...scheduleParams] },
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
    reportSchedules(hosts, report);
    const heloName = values.get<string>('helo_name') ?? target.heloName;
    const usable = connections.filter(connection => connection !== null);
    // With one host left out the real server would be up where it should be down.
    return usable.length === blocks.length ? usable.map(connection => ({ connection, heloName })) : [];
  },
  check: (spec, context) =>
    exchange({ connection: spec.connection, tls: null }, createSmtpDialogue(spec.heloName), context),
  peer: spec => spec.connection,
  // The connection, and as long again the whole dialogue.
  longest: spec => 2 * spec.connection.timeout,
};

function scheduleParam(name: string, type: Param['type']): Param {
  return { name, type, doc: 'Not possible for one host: reported as an error.' };
}

function reportSchedules(hosts: readonly Values[], report: Report): void {
  for (const host of hosts) {
    for (const { name } of scheduleParams.filter(param => host.has(param.name))) {
      const message = `${name} in host is not supported: it would hold for one host of several`;
      report('error', 'host-schedule', message, host.spanOf(name), `write ${name} in SMTP_CHECK`);
    }
  }
}
