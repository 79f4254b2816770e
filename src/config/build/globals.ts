import type { Fifo, Globals } from '../../model/config.ts';
import type { Params, Values, Word } from '../../model/params.ts';
import type { Script, ScriptUser } from '../../model/server.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigTree } from '../text/node.ts';
import { readValues } from '../values/values.ts';
import type { SmtpAlertDefaults } from './context.ts';
import { isOurs } from './scripts.ts';
import { readVrrpGlobals, type VrrpGlobals } from './vrrp-globals.ts';

const defaultSmtpPort = 25;

type FlushOnStop = Globals['lvsFlushOnStop'];

export interface GlobalDefs {
  readonly globals: Globals;
  readonly smtpAlert: SmtpAlertDefaults;
  readonly logAllFailures: boolean;
  readonly vrrpGlobals: VrrpGlobals;
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
      notifyFifo: readFifo(nodes, values, 'notify_fifo', diagnostics),
      lvsNotifyFifo: readFifo(nodes, values, 'lvs_notify_fifo', diagnostics),
      lvsFlush: values.has('lvs_flush'),
      lvsFlushOnStop:
        values.get<FlushOnStop>('lvs_flush_on_stop') ?? values.get<FlushOnStop>('lvs_flush_onstop') ?? 'off',
      lvsTimeouts: values.get<Globals['lvsTimeouts']>('lvs_timeouts') ?? null,
    },
    smtpAlert: {
      checker: values.get<boolean>('smtp_alert_checker') ?? null,
      all: values.get<boolean>('smtp_alert') ?? null,
    },
    logAllFailures: values.get<boolean>('checker_log_all_failures') ?? false,
    vrrpGlobals: readVrrpGlobals(values),
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

function readFifo(nodes: ConfigTree, values: Values, name: string, diagnostics: Diagnostics): Fifo | null {
  const fifo = values.get<Omit<Fifo, 'script'>>(name);
  const script = values.get<Script>(`${name}_script`) ?? null;
  if (fifo !== undefined) return { ...fifo, ...(isOurs(nodes, name) && { ours: true }), script };
  if (script !== null) {
    const message = `${name}_script has no ${name} to read.`;
    diagnostics.report('wrong-order', values.spanOf(`${name}_script`), message, `Write ${name} PATH too.`, {
      keepalived: false,
    });
  }
  return null;
}
