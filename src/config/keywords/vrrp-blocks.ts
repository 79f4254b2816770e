import type { Params, ParamType } from '../../model/params.ts';
import { readInterfaceDelays, readLinkbeat, readNames } from '../values/read-vrrp-entries.ts';
import { staticRows } from './address-lists.ts';
import { bfdRows } from './bfd.ts';
import { bool, flag, keepalivedRow as row, script, row as sharedRow, timer, word } from './rows.ts';
import { trackRows } from './track-lists.ts';
import { trackFileRows, trackProcessRows, vrrpScriptRows } from './trackers.ts';
import { vrrpInstanceRows } from './vrrp-instance.ts';

const names = (syntax: string): ParamType => ({ kind: 'list', entry: { syntax, read: readNames } });
/** keepalived 2.2.7 vrrp/vrrp_parser.c:garp_group_garp_interval_handler. */
const garpInterval = timer(0, 2147.483647);

/** The block vrrp_sync_group. */
const syncGroupRows: Params = [
  row('group', names('INSTANCE ...'), 'The instances that change their state together.', {
    required: true,
    repeat: 'first',
  }),
  ...trackRows,
  row('sync_group_tracking_weight', flag, 'Keep the weights of what the members track.', { since: '2.0.0' }),
  row('global_tracking', flag, 'Old name of sync_group_tracking_weight.', {
    deprecated: 'sync_group_tracking_weight',
    since: '1.2.3',
  }),
  row('notify_master', script, 'Command to run when the group becomes MASTER.', { repeat: 'first' }),
  row('notify_backup', script, 'Command to run when it becomes BACKUP.', { repeat: 'first' }),
  row('notify_fault', script, 'Command to run when a member has a fault.', { repeat: 'first' }),
  row('notify_stop', script, 'Command to run when keepalived stops.', { repeat: 'first' }),
  row('notify', script, 'Command to run on every change; gets type, name, state and priority.', { repeat: 'first' }),
  row('smtp_alert', bool, 'Mail on changes of state.', { default: 'smtp_alert_vrrp, smtp_alert, else off' }),
  row('notify_priority_changes', bool, 'Notify when only the priority of a member changes.', {
    default: 'of global_defs',
    since: '2.0.16',
  }),
];

/** The block garp_group. */
const garpGroupRows: Params = [
  row('garp_interval', garpInterval, 'Seconds between gratuitous ARP messages of its interfaces.'),
  row('gna_interval', garpInterval, 'The same for unsolicited neighbour advertisements of IPv6.'),
  row('interface', { kind: 'interface' }, 'One interface.', { repeat: 'all' }),
  row('interfaces', names('INTERFACE ...'), 'Interfaces that share the interval.', { repeat: 'all' }),
];

/** The block track_group. */
const trackGroupRows: Params = [
  row('group', names('INSTANCE ...'), 'Instances that static addresses, routes and rules follow.', {
    required: true,
    repeat: 'first',
  }),
];

/** The root blocks of VRRP, BFD and what they track. */
export const vrrpRows: Params = [
  block('vrrp_instance', vrrpInstanceRows, 'Addresses that one of several routers has.'),
  block('vrrp_sync_group', syncGroupRows, 'Instances that change their state together.'),
  block('vrrp_script', vrrpScriptRows, 'A command whose result changes priorities.'),
  trackFileBlock('track_file', 'A file whose number changes priorities, or through FILE_CHECK weights.', '2.1.0'),
  // Not `deprecated`: keepalived 2.2.7 only logs it.
  trackFileBlock('vrrp_track_file', 'Old name of track_file.', '2.0.0'),
  block('vrrp_track_process', trackProcessRows, 'A process whose presence changes priorities.', { since: '2.0.11' }),
  block('bfd_instance', bfdRows, 'A BFD session with a neighbour.', { since: '2.0.0' }),
  block('track_group', trackGroupRows, 'Instances that static entries follow.', { since: '2.0.3' }),
  row('garp_group', { kind: 'block', params: garpGroupRows }, 'Interfaces that share the pace of gratuitous ARP.', {
    repeat: 'all',
    since: '1.2.21',
  }),
  ...staticRows,
  row(
    'linkbeat_interfaces',
    { kind: 'list', entry: { syntax: 'INTERFACE [MII|ETHTOOL|IOCTL]', read: readLinkbeat } },
    'Interfaces whose link is looked at by polling.',
    { repeat: 'all', since: '2.0.13' },
  ),
  row(
    'interface_up_down_delays',
    { kind: 'list', entry: { syntax: 'INTERFACE DOWN [UP]', read: readInterfaceDelays } },
    'Seconds that a link must be down or up until that counts.',
    { repeat: 'all', since: '2.2.3' },
  ),
];

function block(name: string, params: Params, doc: string, options: { readonly since?: string } = {}): Params[number] {
  return row(name, { kind: 'block', params, head: word }, doc, { repeat: 'all', ...options });
}

/** Other than its neighbours it is not keepalived's alone: FILE_CHECK reads the file too. */
function trackFileBlock(name: string, doc: string, since: string): Params[number] {
  return sharedRow(name, { kind: 'block', params: trackFileRows, head: word }, doc, { repeat: 'all', since });
}
