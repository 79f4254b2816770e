import type { Params } from '../../model/params.ts';
import { bool, connectTimeoutRow, int, lbKind, maxUnsigned, row, schedulingRows, script, word } from './rows.ts';
import { maxConfiguredWeight, snmpNameRow } from './virtual-server.ts';

/** Keywords of real_server, but for the checkers. */
export const realServerRows: Params = [
  row('weight', int(0, maxConfiguredWeight), 'Share of the traffic; 0 drains.', { default: 'of the virtual server' }),
  row('lvs_method', lbKind, 'Forwarding, if not that of the virtual server.', {
    default: 'of the virtual server',
    since: '1.3.6',
  }),
  row('uthreshold', int(0, maxUnsigned), 'No new connections above this many.', { default: '0, no limit' }),
  row('lthreshold', int(0, maxUnsigned), 'New connections again below this many.', { default: '0' }),
  row('inhibit_on_failure', bool, 'Weight 0 in place of removal when down.', { default: 'of the virtual server' }),
  row('notify_up', script, 'Command to run when the real server comes up.', { repeat: 'first' }),
  row('notify_down', script, 'Command to run when it goes down.', { repeat: 'first' }),
  row('alpha', bool, 'Starts as down until a check succeeds.', { default: 'of the virtual server', since: '1.3.7' }),
  ...schedulingRows('real_server'),
  { ...connectTimeoutRow, since: '2.0.13' },
  row('smtp_alert', bool, 'Mail when its state changes.', {
    default: 'smtp_alert_checker, smtp_alert, else on',
    since: '2.0.0',
  }),
  row('virtualhost', word, 'Host header of checks.', { default: 'of the virtual server', since: '1.3.6' }),
  snmpNameRow,
];
