import { type AlertChannel, alertAbout } from '../../model/alert.ts';
import { ipvsModes, metricsDetails } from '../../model/config.ts';
import type { Param, Params } from '../../model/params.ts';
import { int, type RowOptions, row, timer, word } from './rows.ts';

const ours = (value: string): RowOptions => ({ default: value, ours: true });
const days = 86_400;
const century = 36_500 * days;

/** The root block `checkalived { ... }`. */
export const settingsRows: Params = [
  row('ipvs', { kind: 'choice', of: ipvsModes }, 'What checkalived may change in the IPVS table.', ours('weights')),
  row('state_dir', word, 'Directory of the database.', ours('/var/lib/checkalived')),
  row('track_dir', word, 'Directory of the value files of mode trackfile.', ours('trackfiles in state_dir')),
  row('listen', word, 'ADDR:PORT or PORT of the API.', ours('127.0.0.1:9650')),
  row('log_format', { kind: 'choice', of: ['text', 'json', 'auto'] }, 'Form of log lines.', ours('auto')),
  row(
    'first_verdict',
    { kind: 'choice', of: ['retry', 'at_once'] },
    'Whether the first verdict honours retry, or one failure is enough as in keepalived.',
    ours('retry'),
  ),
  row('ipvs_audit', timer(0.1, days), 'Seconds between two looks at the IPVS table for changes of others.', ours('5')),
  row('script_timeout', timer(0.1, days), 'Seconds that a notify script may take.', ours('30')),
  row('script_limit', int(1, 1000), 'Notify scripts at the same time.', ours('16')),
  row('mail_group_limit', int(1, 100_000), 'More changes than this become one mail.', ours('5')),
  row(
    'mail_window',
    timer(0, 3600),
    'Seconds within which changes are put into one mail, or one message of a channel.',
    ours('5'),
  ),
  row(
    'mail_give_up',
    timer(1, century),
    'Seconds after which an undelivered mail or alert is given up.',
    ours('259200'),
  ),
  row('smtp_user', word, 'User name for the mail server.', { ours: true }),
  row('smtp_password', { kind: 'secret' }, 'Password for the mail server.', { ours: true }),
  row(
    'smtp_tls',
    { kind: 'choice', of: ['off', 'starttls', 'tls'] },
    'Encryption towards the mail server.',
    ours('off'),
  ),
  row('plugin', word, 'Module with checkers of your own; a relative path is relative to the file that names it.', {
    ours: true,
    repeat: 'all',
  }),
  row(
    'results_interval',
    timer(0, days),
    'Seconds between two passing results of a check that are kept; 0 keeps all. Failures are always kept, and every run is counted by the minute.',
    ours('60'),
  ),
  row(
    'retention_results',
    timer(1, century),
    'Seconds that results of checks and their minutes are kept.',
    ours('86400'),
  ),
  row('retention_transitions', timer(1, century), 'Seconds that transitions are kept.', ours(String(400 * days))),
  row(
    'metrics_detail',
    { kind: 'choice', of: metricsDetails },
    'Metrics of each real server: full has all, basic few, off none.',
    ours('full'),
  ),
];

/** The block of a channel of alerts: what all of them take, and its own rows. */
export function channelRow({ keyword, doc, about, params }: AlertChannel): Param {
  const common: Params = [
    row('about', { kind: 'choice', of: alertAbout }, 'What is told: everything, or virtual servers only.', ours(about)),
    row('timeout', timer(0.1, 60), 'Seconds for the connection and the whole answer.', ours('10')),
    row('ca', word, 'File of the authorities that the certificate is checked with.', {
      default: 'those of the system',
      ours: true,
    }),
  ];
  const type = { kind: 'block', params: [...params, ...common], head: word } as const;
  return row(keyword, type, doc, { ours: true, repeat: 'all' });
}
