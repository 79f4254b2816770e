import type { Params } from '../../model/params.ts';
import { custom } from './read-words.ts';
import { flag, keepalivedRow, timer, word } from './rows.ts';

const socket = custom('ADDRESS', ([address, surplus], tell) => {
  const advice = 'Write one address, such as unix:/var/agentx/master.';
  if (address === undefined) return tell('missing-argument', undefined, 'snmp_socket lacks its address.', advice);
  if (surplus !== undefined)
    return tell('bad-value', surplus, 'snmp_socket takes one word; the line is ignored.', advice);
  return address.text;
});

/** global_defs: SNMP and D-Bus. */
export const snmpRows: Params = [
  keepalivedRow('snmp_socket', socket, 'Socket of the SNMP master agent.', {
    repeat: 'first',
    default: 'unix:/var/agentx/master',
    since: '1.2.20',
  }),
  keepalivedRow('enable_traps', flag, 'Send traps.', { since: '1.2.5' }),
  keepalivedRow('enable_snmp_vrrp', flag, "Serve keepalived's own MIB of VRRP.", { since: '2.0.0' }),
  keepalivedRow('enable_snmp_keepalived', flag, 'Old name of enable_snmp_vrrp.', {
    deprecated: 'enable_snmp_vrrp',
    tolerated: true,
    since: '1.2.20',
  }),
  keepalivedRow('enable_snmp_checker', flag, "Serve keepalived's own MIB of virtual and real servers.", {
    since: '1.2.20',
  }),
  keepalivedRow('enable_snmp_rfc', flag, 'Serve the MIBs of both RFCs of VRRP.', { since: '1.2.20' }),
  keepalivedRow('enable_snmp_rfcv2', flag, 'Serve the MIB of RFC 2787.', { since: '1.2.20' }),
  keepalivedRow('enable_snmp_rfcv3', flag, 'Serve the MIB of RFC 6527.', { since: '1.2.20' }),
  keepalivedRow(
    'snmp_vs_stats_update_interval',
    timer(0.001, 30),
    'Seconds that numbers of virtual servers are kept.',
    {
      default: '5',
      since: '2.3.0',
    },
  ),
  keepalivedRow('snmp_rs_stats_update_interval', timer(0.001, 30), 'Seconds that numbers of real servers are kept.', {
    default: '5',
    since: '2.3.0',
  }),
  keepalivedRow('enable_dbus', flag, 'Serve D-Bus.', { since: '1.3.0' }),
  keepalivedRow('dbus_service_name', word, 'Name there.', { default: 'org.keepalived.Vrrp1', since: '1.3.7' }),
  keepalivedRow('dbus_no_interface_name', word, 'Name for what has no interface.', { default: 'none', since: '2.3.0' }),
];
