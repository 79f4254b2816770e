import type { AlertChannel } from '../../model/alert.ts';
import type { IpvsMode, MetricsDetail, Settings } from '../../model/config.ts';
import type { Params, Values } from '../../model/params.ts';
import type { Secret } from '../../model/secret.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { findPlugins } from '../plugins.ts';
import type { ConfigTree } from '../text/node.ts';
import { canonicalAddress } from '../values/addresses.ts';
import { isPort } from '../values/read-network.ts';
import { readValues } from '../values/values.ts';
import { buildChannels } from './channels.ts';

const defaultListen: Settings['listen'] = { address: '127.0.0.1', port: 9650 };
const hour = 3_600_000;

/** The root block `checkalived { ... }` with its defaults; several blocks are one. */
export function buildSettings(
  blocks: ConfigTree,
  { params, channels }: { readonly params: Params; readonly channels: readonly AlertChannel[] },
  diagnostics: Diagnostics,
): Settings {
  const span = blocks[0]?.keyword.span ?? { file: '', line: 1, column: 1, length: 1 };
  const nodes = blocks.flatMap(block => block.nodes);
  const own = ownFaults(diagnostics);
  const values = readValues({ keyword: { span }, nodes }, params, own, () => false, 'without blocks');
  return {
    ipvs: values.get<IpvsMode>('ipvs') ?? 'weights',
    stateDir: values.get<string>('state_dir') ?? '/var/lib/checkalived',
    trackDir: values.get<string>('track_dir') ?? null,
    listen: readListen(values, diagnostics),
    logFormat: values.get<Settings['logFormat']>('log_format') ?? 'auto',
    firstVerdict: values.get<Settings['firstVerdict']>('first_verdict') ?? 'retry',
    ipvsAudit: values.get<number>('ipvs_audit') ?? 5000,
    scriptTimeout: values.get<number>('script_timeout') ?? 30_000,
    scriptLimit: values.get<number>('script_limit') ?? 16,
    mailGroupLimit: values.get<number>('mail_group_limit') ?? 5,
    mailWindow: values.get<number>('mail_window') ?? 5000,
    mailGiveUp: values.get<number>('mail_give_up') ?? 72 * hour,
    smtpUser: values.get<string>('smtp_user') ?? null,
    smtpPassword: values.get<Secret>('smtp_password') ?? null,
    smtpTls: values.get<Settings['smtpTls']>('smtp_tls') ?? 'off',
    resultsInterval: values.get<number>('results_interval') ?? 60_000,
    retentionResults: values.get<number>('retention_results') ?? 24 * hour,
    retentionTransitions: values.get<number>('retention_transitions') ?? 400 * 24 * hour,
    metricsDetail: values.get<MetricsDetail>('metrics_detail') ?? 'full',
    channels: buildChannels(nodes, channels, own),
    plugin: findPlugins(blocks),
  };
}

/** `ADDR:PORT`, `[ADDR]:PORT` or `PORT`; undefined when it is none of them. Port 0 takes any free one. */
export function parseListen(text: string): Settings['listen'] | undefined {
  const match = /^(?:(?:\[([^\]]+)\]|([^:]*)):)?(\d{1,5})$/.exec(text);
  if (match === null || !isPort(match[3] ?? '')) return undefined;
  const written = match[1] ?? match[2] ?? '';
  const address = written === '' ? defaultListen.address : canonicalAddress(written);
  return address === null ? undefined : { address, port: Number(match[3]) };
}

function readListen(values: Values, diagnostics: Diagnostics): Settings['listen'] {
  const text = values.get<string>('listen');
  const listen = text === undefined ? defaultListen : parseListen(text);
  if (listen !== undefined) return listen;
  const message = `listen takes ADDR:PORT or PORT, not ${text}.`;
  diagnostics.report('bad-value', values.spanOf('listen'), message, 'Write listen 127.0.0.1:9650.', {
    keepalived: false,
  });
  return defaultListen;
}

/** keepalived does not know this block. */
function ownFaults(diagnostics: Diagnostics): Diagnostics {
  return {
    ...diagnostics,
    report: (code, span, message, advice, judgement) =>
      diagnostics.report(code, span, message, advice, { ...judgement, keepalived: false }),
  };
}
