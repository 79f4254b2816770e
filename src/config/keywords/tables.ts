import type { Checker } from '../../model/check.ts';
import type { Param, Params } from '../../model/params.ts';
import { globalRows } from './global-defs.ts';
import {
  bool,
  connectTimeoutRow,
  endpoint,
  flag,
  ignoredRows,
  int,
  lbKind,
  maxUnsigned,
  row,
  schedulingRows,
  script,
  word,
} from './rows.ts';
import { settingsRows } from './settings.ts';

/** keepalived's checkers that are not written yet: a real server that asks for one is left unchecked, with an error. */
const unsupportedCheckers: readonly string[] = ['DNS_CHECK', 'UDP_CHECK', 'PING_CHECK', 'FILE_CHECK', 'BFD_CHECK'];
const schedulers: readonly string[] = 'rr wrr lc wlc lblc sh mh dh fo ovf lblcr sed nq twos'.split(' ');
/** The kernel's limit, from 1 to this. */
const maxPersistence = 2_678_400;
const maxWeight = 2_147_483_647;

/** The tables of all blocks, with the blocks of these checkers. */
export interface KeywordTables {
  readonly root: Params;
  readonly globalDefs: Params;
  readonly settings: Params;
  readonly virtualServer: Params;
  readonly realServer: Params;
  readonly checkers: ReadonlyMap<string, Params>;
  readonly unsupported: readonly string[];
}

export function createTables(checkers: readonly Checker[]): KeywordTables {
  const checkerTables = new Map(checkers.map(checker => [checker.keyword, checkerRows(checker)]));
  const unsupported = unsupportedCheckers.filter(keyword => !checkerTables.has(keyword));
  const realServer: Params = [
    ...realServerRows,
    ...checkers.map(({ keyword, doc }) =>
      row(keyword, { kind: 'block', params: checkerTables.get(keyword) ?? [] }, doc, { repeat: 'all' }),
    ),
    ...ignoredRows(unsupported.join(' '), 'Not supported yet.'),
  ];
  const virtualServer: Params = [
    ...virtualServerRows,
    row('real_server', { kind: 'block', params: realServer, head: endpoint }, 'A server behind the service.', {
      repeat: 'all',
    }),
  ];
  const root: Params = [
    row('global_defs', { kind: 'block', params: globalRows }, 'What concerns everything.', { repeat: 'all' }),
    row(
      'virtual_server_group',
      { kind: 'list', head: { kind: 'word' } },
      'Addresses, ranges and fwmarks that share their real servers.',
      {
        repeat: 'all',
      },
    ),
    row('virtual_server', { kind: 'block', params: virtualServer, head: endpoint }, 'A service.', { repeat: 'all' }),
    row('checkalived', { kind: 'block', params: settingsRows }, 'Settings of checkalived.', {
      repeat: 'all',
      ours: true,
    }),
    row('SSL', { kind: 'block', params: sslRows }, 'Client certificate for SSL_GET.'),
    ...otherRootRows,
  ];
  return {
    root,
    globalDefs: globalRows,
    settings: settingsRows,
    virtualServer,
    realServer,
    checkers: checkerTables,
    unsupported,
  };
}

/** A checker's own rows with the ones that all checkers share; where both have a name, the checker's row counts. */
function checkerRows(checker: Checker): Params {
  const own = new Set(checker.params.map(param => param.name));
  const common: Params = [
    ...schedulingRows('checker').map(param => ({ ...param, ...ownDefault(param.name, checker) })),
    row(
      'nb_get_retry',
      int(0, maxUnsigned),
      'Taken for retry, though keepalived knows it in HTTP_GET and SSL_GET only.',
    ),
    row('alpha', bool, 'The real server starts as down until a check succeeds.', { default: 'off' }),
    row('log_all_failures', bool, 'Log every failed check, not only the one that changes something.', {
      default: 'off',
    }),
  ];
  return [...common.filter(param => !own.has(param.name)), ...checker.params];
}

/** What a checker does when neither it nor a block around it says so. */
function ownDefault(name: string, { defaultRetry, defaultDelayBeforeRetry }: Checker): Pick<Param, 'default'> {
  if (name === 'retry') return { default: `of the real server, else ${defaultRetry}` };
  if (name === 'delay_before_retry') return { default: `of the real server, else ${defaultDelayBeforeRetry / 1000}` };
  return {};
}

const sslRows: Params = ignoredRows('password ca certificate key', 'File for the client side of TLS.');

const realServerRows: Params = [
  row('weight', int(0, maxWeight), 'Share of the traffic; 0 drains.', { default: '1' }),
  row('lvs_method', lbKind, 'Forwarding, if not that of the virtual server.', { default: 'of the virtual server' }),
  row('uthreshold', int(0, maxUnsigned), 'No new connections above this many.', { default: '0, no limit' }),
  row('lthreshold', int(0, maxUnsigned), 'New connections again below this many.', { default: '0' }),
  row('inhibit_on_failure', bool, 'Weight 0 in place of removal when down.', { default: 'of the virtual server' }),
  row('notify_up', script, 'Command to run when the real server comes up.', { repeat: 'first' }),
  row('notify_down', script, 'Command to run when it goes down.', { repeat: 'first' }),
  row('alpha', bool, 'Starts as down until a check succeeds.', { default: 'of the virtual server' }),
  ...schedulingRows('server'),
  connectTimeoutRow,
  row('smtp_alert', bool, 'Mail when its state changes.', { default: 'smtp_alert_checker, smtp_alert, else on' }),
  row('virtualhost', word, 'Host header of checks.', { default: 'of the virtual server' }),
  row('snmp_name', { kind: 'ignored' }, 'Name in SNMP.'),
];

/** Words that keepalived has dropped, and what became of them. */
const removed = (names: string, instead: string): Params =>
  names.split(' ').map(name => row(name, { kind: 'ignored' }, 'Removed from keepalived.', { deprecated: instead }));

const virtualServerRows: Params = [
  row('lb_algo', { kind: 'choice', of: schedulers }, 'Scheduler.', { default: 'wlc' }),
  row('lvs_sched', { kind: 'choice', of: schedulers }, 'Same as lb_algo.', { default: 'wlc' }),
  row('lb_kind', lbKind, 'Forwarding.', { default: 'NAT' }),
  row('lvs_method', lbKind, 'Same as lb_kind.', { default: 'NAT' }),
  ...schedulingRows('server'),
  connectTimeoutRow,
  row('protocol', { kind: 'choice', of: ['TCP', 'UDP', 'SCTP'], anyCase: true }, 'Transport protocol.', {
    default: 'UDP',
  }),
  row('persistence_timeout', int(1, maxPersistence, 360), 'Seconds that a client stays with its real server.', {
    default: 'off; 360 without a number',
  }),
  row('persistence_granularity', { kind: 'granularity' }, 'Netmask or prefix length that clients are grouped by.'),
  row('persistence_engine', word, 'Persistence engine: sip.'),
  row('ops', flag, 'One-packet scheduling, for UDP.'),
  ...['flag-1', 'flag-2', 'flag-3', 'sh-port', 'sh-fallback', 'mh-port', 'mh-fallback'].map(name =>
    row(name, flag, 'Flag of the scheduler.'),
  ),
  ...removed('hashed', ''),
  row('ha_suspend', flag, 'Check only while the virtual address is on this host.'),
  row('alpha', flag, 'Real servers start as down until a check succeeds.'),
  row('omega', flag, 'Run the down scripts on stopping.'),
  row('quorum', int(1, maxUnsigned), 'Weight that must be up for the service to be up.', { default: '1' }),
  row('hysteresis', int(0, maxUnsigned), 'Distance from the quorum before its state changes.', { default: '0' }),
  row('quorum_up', script, 'Command to run when the quorum is gained.', { repeat: 'first' }),
  row('quorum_down', script, 'Command to run when it is lost.', { repeat: 'first' }),
  row('virtualhost', word, 'Host header of checks.'),
  row('snmp_name', { kind: 'ignored' }, 'Name in SNMP.'),
  row('smtp_alert', bool, 'Mail when the quorum changes.', { default: 'smtp_alert_checker, smtp_alert, else off' }),
  row('inhibit_on_failure', flag, 'Weight 0 in place of removal when a real server is down.'),
  row('weight', int(1, maxWeight), 'Weight of real servers without one.', { default: '1' }),
  row('ip_family', { kind: 'choice', of: ['inet', 'inet6'] }, 'Family of a fwmark or group service.', {
    default: 'from the addresses',
  }),
  row('sorry_server', endpoint, 'Server to send clients to when the quorum is lost.'),
  row('sorry_server_inhibit', flag, 'Keep the sorry server in the table with weight 0.'),
  row('sorry_server_lvs_method', lbKind, 'Forwarding to the sorry server.', { default: 'of the virtual server' }),
  ...removed('nat_mask net_mask', ''),
];

const otherRootRows: readonly Param[] = [
  ...ignoredRows(
    `track_file vrrp_track_file vrrp_script vrrp_track_process vrrp_instance vrrp_sync_group bfd_instance garp_group
    static_ipaddress static_routes static_rules track_group linkbeat_interfaces interface_up_down_delays
    net_namespace net_namespace_ipvs instance namespace_with_ipsets use_pid_dir linkbeat_use_polling child_wait_time`,
    'Of no concern to checking.',
  ),
];
