import type { Fifo, Globals } from '../../model/config.ts';
import type { Params, Values, Word } from '../../model/params.ts';
import type { Script, ScriptUser } from '../../model/server.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigTree } from '../text/node.ts';
import { readValues } from '../values/values.ts';
import type { SmtpAlertDefaults } from './context.ts';

const defaultSmtpPort = 25;
const longestTimeout = 2_678_400;

export interface GlobalDefs {
  readonly globals: Globals;
  readonly smtpAlert: SmtpAlertDefaults;
  readonly logAllFailures: boolean;
}

/** Several global_defs are one: what comes later wins. */
export function buildGlobals(
  blocks: ConfigTree,
  params: Params,
  hostName: string,
  diagnostics: Diagnostics,
): GlobalDefs {
  const span = blocks[0]?.keyword.span ?? { file: '', line: 1, column: 1, length: 1 };
  const nodes = blocks.flatMap(block => block.nodes);
  const values = readValues({ keyword: { span }, nodes }, params, diagnostics, () => false);
  const shortName = hostName.split('.')[0] ?? hostName;
  const server = values.get<{ readonly host: string; readonly port: number | null }>('smtp_server');
  return {
    globals: {
      routerId: values.get<string>('router_id') ?? values.get<string>('lvs_id') ?? shortName,
      notificationEmail: readRecipients(values, diagnostics),
      notificationEmailFrom: values.get<string>('notification_email_from') ?? `keepalived@${hostName}`,
      smtpServer: server ? { host: server.host, port: server.port ?? defaultSmtpPort } : null,
      smtpHeloName: values.get<string>('smtp_helo_name') ?? hostName,
      smtpConnectTimeout: readSmtpTimeout(values, diagnostics),
      noCheckerEmails: values.get<boolean>('no_checker_emails') ?? false,
      rsInitNotifies: values.get<boolean>('rs_init_notifies') ?? false,
      scriptUser: values.get<ScriptUser>('script_user') ?? null,
      enableScriptSecurity: values.has('enable_script_security'),
      notifyFifo: readFifo(values, 'notify_fifo', diagnostics),
      lvsNotifyFifo: readFifo(values, 'lvs_notify_fifo', diagnostics),
      lvsFlush: values.has('lvs_flush'),
      lvsFlushOnStop: readFlushOnStop(values),
      lvsTimeouts: readTimeouts(values, diagnostics),
    },
    smtpAlert: {
      checker: values.get<boolean>('smtp_alert_checker') ?? null,
      all: values.get<boolean>('smtp_alert') ?? null,
    },
    logAllFailures: values.get<boolean>('checker_log_all_failures') ?? false,
  };
}

function readRecipients(values: Values, diagnostics: Diagnostics): readonly string[] {
  const entries = values.get<readonly (readonly Word[])[]>('notification_email');
  const recipients = (entries ?? []).flat().map(word => word.text);
  if (entries !== undefined && recipients.length === 0) {
    const span = values.spanOf('notification_email');
    diagnostics.report(
      'empty-list',
      span,
      'notification_email holds no address.',
      'Write addresses, or remove the block.',
    );
  }
  return recipients;
}

function readSmtpTimeout(values: Values, diagnostics: Diagnostics): number {
  const seconds = values.get<number>('smtp_connect_timeout') ?? 30;
  if (seconds > 0) return seconds * 1000;
  const span = values.spanOf('smtp_connect_timeout');
  diagnostics.report('out-of-range', span, 'smtp_connect_timeout 0 is taken as 1 second.', 'Write at least 1.');
  return 1000;
}

function readFifo(values: Values, name: string, diagnostics: Diagnostics): Fifo | null {
  const fifo = values.get<Omit<Fifo, 'script'>>(name);
  const script = values.get<Script>(`${name}_script`) ?? null;
  if (fifo !== undefined) return { ...fifo, script };
  if (script !== null) {
    const message = `${name}_script has no ${name} to read.`;
    diagnostics.report('wrong-order', values.spanOf(`${name}_script`), message, `Write ${name} PATH too.`);
  }
  return null;
}

function readFlushOnStop(values: Values): Globals['lvsFlushOnStop'] {
  const words = values.get<readonly string[]>('lvs_flush_on_stop') ?? values.get<readonly string[]>('lvs_flush_onstop');
  if (words === undefined) return 'off';
  return words[0] === 'VS' ? 'services' : 'all';
}

function readTimeouts(values: Values, diagnostics: Diagnostics): Globals['lvsTimeouts'] {
  const words = values.get<readonly string[]>('lvs_timeouts');
  if (words === undefined) return null;
  const timeouts = { tcp: 0, tcpfin: 0, udp: 0 };
  for (let index = 0; index < words.length; index += 2) {
    const name = words[index];
    const text = words[index + 1] ?? '';
    const known = name === 'tcp' || name === 'tcpfin' || name === 'udp';
    if (known && /^\d+$/.test(text) && Number(text) <= longestTimeout) timeouts[name] = Number(text);
    else {
      const message = `lvs_timeouts cannot be ${`${name} ${text}`.trim()}.`;
      const advice = `Write tcp, tcpfin or udp, each with seconds from 0 to ${longestTimeout}.`;
      diagnostics.report('bad-value', values.spanOf('lvs_timeouts'), message, advice);
    }
  }
  return words.length > 0 ? timeouts : null;
}
