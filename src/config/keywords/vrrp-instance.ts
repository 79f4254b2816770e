import type { Params, ParamType } from '../../model/params.ts';
import { readUnicastPeer } from '../values/read-vrrp-entries.ts';
import {
  readAddressOf,
  readBufferSize,
  readExtraInterfaces,
  readHmacKey,
  readIpvlan,
  readOldChecksum,
  readVmac,
} from '../values/read-vrrp-values.ts';
import { addressList, routeList, ruleList } from './address-lists.ts';
import { bool, flag, int, maxUnsigned, keepalivedRow as row, script, timer } from './rows.ts';
import { trackRows } from './track-lists.ts';

const address = (keyword: string): ParamType => ({ kind: 'custom', syntax: 'IP', read: readAddressOf(keyword) });
const garpSeconds = int(0, 4294);
const garpCount = int(1, maxUnsigned);
const global = { default: 'of global_defs' };
const extraInterfaces = (keyword: string): ParamType => ({
  kind: 'custom',
  syntax: '[all] SECONDS',
  read: readExtraInterfaces(keyword),
});

const authenticationRows: Params = [
  row('auth_type', { kind: 'choice', of: ['PASS', 'AH'] }, 'Kind of authentication: a plain password, or IPsec AH.'),
  row('auth_pass', { kind: 'secret' }, 'The password; eight bytes of it count.'),
];

const hmacRows: Params = [
  row('key', { kind: 'custom', syntax: 'ID hex:KEY|file:PATH|KEY', read: readHmacKey }, 'A key of 32 to 64 bytes.', {
    repeat: 'all',
  }),
  row('active_key', int(1, 255), 'The key that our own adverts are signed with.'),
  row('anti_replay', { kind: 'choice', of: ['time', 'monotonic'] }, 'How old adverts are told from new ones.', {
    default: 'time',
  }),
  row('time_window', int(1, 300), 'Seconds that clocks may differ.'),
  row('mode', { kind: 'choice', of: ['enforce', 'permissive', 'receive-only'] }, 'What becomes of unsigned adverts.', {
    default: 'enforce',
  }),
];

const identityRows: Params = [
  row('state', { kind: 'choice', of: ['MASTER', 'BACKUP'] }, 'State at the start.', {
    default: 'MASTER with priority 255, else BACKUP',
  }),
  row('interface', { kind: 'interface' }, 'Where adverts are sent and addresses are added.', { required: true }),
  row('virtual_router_id', int(1, 255), 'What the routers of one service share.', { required: true }),
  row('priority', int(1, 255), 'Who wins the election; 255 is the owner of the addresses.', {
    default: '100; 255 with state MASTER',
  }),
  row('version', int(2, 3), 'VRRP version.', { default: 'vrrp_version; 3 for IPv6', since: '1.2.17' }),
  row('advert_int', timer(0.01, 255), 'Seconds between adverts; whole ones in version 2.', { default: '1' }),
  row('authentication', { kind: 'block', params: authenticationRows }, 'Authentication of version 2.'),
  row('auth_hmac', { kind: 'block', params: hmacRows }, 'Signed adverts.', { since: '2.4.0' }),
  row('native_ipv6', flag, 'The instance is of IPv6 whatever its addresses say.'),
  row('strict_mode', bool, 'Follow the RFC to the letter.', { default: 'vrrp_strict', since: '1.2.20' }),
];

const addressRows: Params = [
  row('virtual_ipaddress', addressList('virtual'), 'Addresses of the master, named in its adverts.', {
    repeat: 'all',
  }),
  row('virtual_ipaddress_excluded', addressList('virtual'), 'Addresses of the master that adverts do not name.', {
    repeat: 'all',
  }),
  row('virtual_routes', routeList('virtual'), 'Routes of the master.', { repeat: 'all' }),
  row('virtual_rules', ruleList('virtual'), 'Routing rules of the master.', { repeat: 'all', since: '1.2.20' }),
  row('no_virtual_ipaddress', flag, 'The instance has no address on purpose.', { since: '2.2.8' }),
  row('promote_secondaries', flag, 'Keep other addresses of the subnet when the first one goes.', { since: '1.3.0' }),
  row('accept', flag, 'Take packets for the addresses.', { default: 'on, off with strict_mode' }),
  row('no_accept', flag, 'Drop packets for the addresses unless we are their owner.'),
];

const electionRows: Params = [
  row('preempt', flag, 'Take over from a master of lower priority.', { default: 'on' }),
  row('nopreempt', flag, 'Leave a master of lower priority in its place.'),
  row('preempt_delay', timer(0, 1000), 'Seconds after the start until a master of lower priority is replaced.', {
    default: '0',
  }),
  row('down_timer_adverts', int(1, 100), 'Adverts to miss until the master counts as gone.', {
    default: '3',
    since: '2.2.3',
  }),
  row('lower_prio_no_advert', bool, 'Send no advert when one of lower priority comes in.', global),
  row('higher_prio_send_advert', bool, 'Send an advert when one of higher priority comes in.', global),
  row('owner_ignore_adverts', bool, 'The owner of the addresses looks at no advert.', { ...global, since: '2.3.3' }),
  row('skip_check_adv_addr', bool, 'Compare the addresses of an advert only when its sender changes.', global),
  row('timer_expired_backup', int(1, 254, 254), 'Priority while the master timer runs late.', { since: '2.2.8' }),
  row('thread_timer_expired', int(1, 254, 254), 'Another name of timer_expired_backup.', { since: '2.3.2' }),
];

const transportRows: Params = [
  row('mcast_src_ip', address('mcast_src_ip'), 'Source address of adverts.'),
  row('unicast_src_ip', address('unicast_src_ip'), 'Source address of unicast adverts.', { since: '1.2.10' }),
  row('mcast_dst_ip', address('mcast_dst_ip'), 'Multicast group of adverts.', {
    default: 'vrrp_mcast_group4, vrrp_mcast_group6',
    since: '2.2.5',
  }),
  row('track_src_ip', flag, 'Fault while the source address is not on the interface.'),
  row(
    'unicast_peer',
    { kind: 'list', entry: { syntax: 'IP [min_ttl N] [max_ttl N]', read: readUnicastPeer } },
    'Send adverts to these addresses instead of the multicast group.',
    { repeat: 'all', since: '1.2.8' },
  ),
  row('unicast_ttl', int(0, 255), 'TTL of unicast adverts.', { default: '255 for IPv4', since: '2.1.0' }),
  row('unicast_fault_no_peer', flag, 'Fault when there is no unicast_peer.', { since: '2.2.5' }),
  row('check_unicast_src', flag, 'Drop adverts that no unicast_peer sent.'),
  row(
    'old_unicast_checksum',
    { kind: 'custom', syntax: '[never]', read: readOldChecksum },
    'Use the unicast checksum of keepalived before 1.3.6.',
    { since: '1.3.7' },
  ),
  row('v3_checksum_as_v2', bool, 'Compute the checksum of version 3 as in version 2.', { ...global, since: '2.2.8' }),
  row('vrf', { kind: 'interface' }, 'VRF of a unicast instance without interface.', { since: '2.2.5' }),
  row(
    'kernel_rx_buf_size',
    { kind: 'custom', syntax: 'BYTES', read: readBufferSize },
    'Receive buffer of its socket.',
    { since: '2.0.3' },
  ),
];

const interfaceRows: Params = [
  row('use_vmac', { kind: 'custom', syntax: '[NAME] [MAC]', read: readVmac }, 'Add the addresses to a macvlan.', {
    since: '1.2.3',
  }),
  row('use_vmac_addr', flag, 'Make macvlans for addresses on other interfaces too.', { since: '2.2.0' }),
  row('vmac_xmit_base', flag, 'Send adverts from the interface below the macvlan.'),
  row(
    'use_ipvlan',
    { kind: 'custom', syntax: '[NAME] [IP] [bridge|private|vepa]', read: readIpvlan },
    'Add the addresses to an ipvlan.',
    { since: '2.0.17', repeat: 'first' },
  ),
  row('dont_track_primary', flag, 'Stay what it is when the interface goes down.'),
  row('linkbeat_use_polling', flag, 'Look at the link by polling.', { deprecated: 'linkbeat_interfaces' }),
  row('lvs_sync_daemon_interface', { kind: 'interface' }, 'Interface of the connection synchronisation daemon.', {
    deprecated: 'lvs_sync_daemon',
  }),
];

const notifyRows: Params = [
  row('notify_master', script, 'Command to run on becoming MASTER.', { repeat: 'first' }),
  row('notify_backup', script, 'Command to run on becoming BACKUP.', { repeat: 'first' }),
  row('notify_fault', script, 'Command to run on a fault.', { repeat: 'first' }),
  row('notify_stop', script, 'Command to run when keepalived stops.', { repeat: 'first' }),
  row('notify', script, 'Command to run on every change; gets type, name, state and priority.', { repeat: 'first' }),
  row('notify_master_rx_lower_pri', script, 'Command to run when a MASTER hears of one with a lower priority.', {
    repeat: 'first',
    since: '2.0.6',
  }),
  row(
    'notify_deleted',
    { kind: 'script', user: true, optional: true },
    'Tell DELETED, not FAULT, of an instance that a reload removes, and run the command.',
    { repeat: 'first', since: '2.1.0' },
  ),
  row('smtp_alert', bool, 'Mail on changes of state.', { default: 'smtp_alert_vrrp, smtp_alert, else off' }),
  row('notify_priority_changes', bool, 'Notify when only the priority changes.', { ...global, since: '2.0.16' }),
];

const garpRows: Params = [
  row('garp_master_delay', garpSeconds, 'Seconds after becoming MASTER until gratuitous ARP is sent again.', global),
  row('garp_master_repeat', garpCount, 'Gratuitous ARP messages at a time.', global),
  row('garp_master_refresh', int(0, maxUnsigned), 'Seconds between gratuitous ARP of a MASTER; 0 = none.', global),
  row('garp_master_refresh_repeat', garpCount, 'Messages at each refresh.', global),
  row('garp_lower_prio_delay', garpSeconds, 'Seconds until gratuitous ARP after an advert of lower priority.', global),
  row('garp_lower_prio_repeat', int(0, 2_147_483_647), 'Messages after an advert of lower priority.', global),
  row('garp_extra_if', extraInterfaces('garp_extra_if'), 'Seconds between gratuitous ARP on other interfaces.', {
    ...global,
    since: '2.2.3',
  }),
  row('vmac_garp_intvl', extraInterfaces('vmac_garp_intvl'), 'Old name of garp_extra_if.', {
    deprecated: 'garp_extra_if',
    since: '2.2.0',
  }),
];

/** The block vrrp_instance. */
export const vrrpInstanceRows: Params = [
  ...identityRows,
  ...addressRows,
  ...electionRows,
  ...transportRows,
  ...interfaceRows,
  ...trackRows,
  ...notifyRows,
  ...garpRows,
  row('debug', int(0, 4), 'Amount of debugging messages.', { default: '0' }),
];
