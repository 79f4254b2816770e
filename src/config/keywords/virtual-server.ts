import type { Param, Params } from '../../model/params.ts';
import { custom, tellSurplus } from './read-words.ts';
import {
  connectTimeoutRow,
  endpoint,
  flag,
  int,
  lbKind,
  maxUnsigned,
  row,
  schedulingRows,
  script,
  word,
} from './rows.ts';

const schedulers: readonly string[] = 'rr wrr lc wlc lblc sh mh dh fo ovf lblcr sed nq twos'.split(' ');
/** The kernel's limit, from 1 to this. */
const maxPersistence = 2_678_400;
export const maxConfiguredWeight = 2_147_483_647;
/** The kernel keeps this many characters (IP_VS_PENAME_MAXLEN). */
const longestEngine = 15;

const persistenceEngine = custom('NAME', ([name, surplus], tell) => {
  const advice = `Write a name of at most ${longestEngine} characters: sip is the one that there is.`;
  if (name === undefined) return tell('missing-argument', undefined, 'persistence_engine lacks its name.', advice);
  tellSurplus(surplus, tell);
  if (name.text.length > longestEngine)
    tell('bad-value', name, 'The name of the engine is too long; it is cut.', advice);
  return name.text.slice(0, longestEngine);
});

/** keepalived check/check_parser.c:vs_snmp_name_handler. */
const snmpName = custom('NAME', ([name, surplus], tell) => {
  const advice = 'Write one name, in quotation marks if there are blanks in it.';
  if (name === undefined) return tell('missing-argument', undefined, 'snmp_name lacks its name.', advice);
  if (surplus !== undefined)
    return tell('bad-value', surplus, 'snmp_name takes one word; the line is ignored.', advice);
  return name.text;
});

/** Name in SNMP, of a virtual or a real server. */
export const snmpNameRow: Param = row('snmp_name', snmpName, 'Name in SNMP.', {
  since: '2.2.3',
  keepalivedOnly: true,
});

/** Keywords of virtual_server, but for real_server. */
export const virtualServerRows: Params = [
  row('lb_algo', { kind: 'choice', of: schedulers }, 'Scheduler.', { default: 'wlc' }),
  row('lvs_sched', { kind: 'choice', of: schedulers }, 'Same as lb_algo.', { default: 'wlc' }),
  row('lb_kind', lbKind, 'Forwarding.', { default: 'NAT' }),
  row('lvs_method', lbKind, 'Same as lb_kind.', { default: 'NAT' }),
  ...schedulingRows('virtual_server'),
  { ...connectTimeoutRow, since: '2.0.13' },
  row('protocol', { kind: 'choice', of: ['TCP', 'UDP', 'SCTP'], anyCase: true }, 'Transport protocol.', {
    default: 'UDP',
  }),
  row('persistence_timeout', int(1, maxPersistence, 360), 'Seconds that a client stays with its real server.', {
    default: 'off; 360 without a number',
  }),
  row(
    'persistence_granularity',
    { kind: 'granularity' },
    'Netmask or prefix length that clients are grouped by; makes the service persistent.',
    { default: '/32 or /128' },
  ),
  row('persistence_engine', persistenceEngine, 'Persistence engine: sip.', { since: '1.2.20' }),
  row('ops', flag, 'One-packet scheduling, for UDP.', { since: '1.2.8' }),
  ...['flag-1', 'flag-2', 'flag-3', 'sh-port', 'sh-fallback'].map(name =>
    row(name, flag, 'Flag of the scheduler.', { since: '1.3.0' }),
  ),
  ...['mh-port', 'mh-fallback'].map(name => row(name, flag, 'Flag of the scheduler.', { since: '2.0.20' })),
  row('hashed', flag, 'Has never done anything.', { deprecated: '', tolerated: true, since: '1.3.0' }),
  row('ha_suspend', flag, 'Check only while the virtual address is on this host.'),
  row('alpha', flag, 'Real servers start as down until a check succeeds.'),
  row('omega', flag, 'Run the down scripts on stopping.'),
  row('quorum', int(1, maxUnsigned), 'Weight that must be up for the service to be up.', { default: '1' }),
  row('hysteresis', int(0, maxUnsigned), 'Distance from the quorum before its state changes.', { default: '0' }),
  row('quorum_up', script, 'Command to run when the quorum is gained.', { repeat: 'first' }),
  row('quorum_down', script, 'Command to run when it is lost.', { repeat: 'first' }),
  row('virtualhost', word, 'Host header of checks.'),
  snmpNameRow,
  row('smtp_alert', { kind: 'bool' }, 'Mail when the quorum changes.', {
    default: 'smtp_alert_checker, smtp_alert, else off',
  }),
  row('inhibit_on_failure', flag, 'Weight 0 in place of removal when a real server is down.', { since: '1.3.7' }),
  row('weight', int(1, maxConfiguredWeight), 'Weight of real servers without one.', { default: '1', since: '1.3.7' }),
  row('ip_family', { kind: 'choice', of: ['inet', 'inet6'] }, 'Family of a fwmark or group service.', {
    default: 'from the addresses',
    since: '1.2.20',
  }),
  row('sorry_server', endpoint, 'Server to send clients to when the quorum is lost.'),
  row('sorry_server_inhibit', flag, 'Keep the sorry server in the table with weight 0.', { since: '1.2.13' }),
  row('sorry_server_lvs_method', lbKind, 'Forwarding to the sorry server.', {
    default: 'of the virtual server',
    since: '1.3.6',
  }),
  ...['nat_mask', 'net_mask'].map(name =>
    row(name, { kind: 'ignored' }, 'Removed from keepalived.', { deprecated: '' }),
  ),
];
