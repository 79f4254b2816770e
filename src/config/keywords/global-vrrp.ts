import type { Params, ParamType, Word } from '../../model/params.ts';
import type { Family } from '../../model/server.ts';
import { canonicalAddress, familyOf } from '../values/addresses.ts';
import { isMulticast, priority, tableName } from './global-lvs.ts';
import { custom, readNumber, tellSurplus } from './read-words.ts';
import { bool, flag, int, keepalivedRow, maxUnsigned, timer, word } from './rows.ts';

const dynamicInterfaces = custom('[allow_if_changes]', ([option, surplus], tell) => {
  tellSurplus(surplus, tell);
  if (option !== undefined && option.text !== 'allow_if_changes')
    tell('bad-value', option, `dynamic_interfaces knows no ${option.text}.`, 'Write allow_if_changes, or nothing.');
  return { allowChanges: option?.text === 'allow_if_changes' };
});

/** Debian's keepalived has nftables only (keepalived core/global_parser.c:vrrp_iptables_handler). */
const firewall = custom('[NAME ...]', (words, tell) => {
  const message = "Debian's keepalived knows no iptables: it takes nftables instead, or nothing.";
  tell('bad-value', undefined, message, 'Write nftables in place of vrrp_iptables and vrrp_ipsets.');
  return words.map(name => name.text);
});

/** 2.2.7 takes no argument, and so off is on; later ones read it. */
const laterBool = custom('[BOOL]', ([value, surplus], tell) => {
  if (value === undefined) return true;
  tellSurplus(surplus, tell);
  if (!/^(on|true|yes)$/.test(value.text)) {
    const message = `keepalived up to 2.2.7 takes no argument here: ${value.text} is ignored, and it is on.`;
    tell('ignored-value', value, message, 'Remove the line to leave it off.');
  }
  return /^(on|true|yes)$/.test(value.text);
});

/** The value is { mtu, advert, size } (keepalived core/global_parser.c:vrrp_rx_bufs_policy_handler). */
const buffersPolicy = custom('MTU|ADVERT|BYTES', (words, tell) => {
  const advice = 'Write MTU, ADVERT or a number of bytes.';
  if (words.length === 0) return tell('missing-argument', undefined, 'vrrp_rx_bufs_policy lacks its value.', advice);
  const is = (name: string) => (each: Word) => each.text.toUpperCase() === name;
  const others = words.filter(each => !is('MTU')(each) && !is('ADVERT')(each));
  const sizes = others.map(each => readNumber(each, 'vrrp_rx_bufs_policy', { min: 0, max: maxUnsigned }, tell));
  const policy = { mtu: words.some(is('MTU')), advert: words.some(is('ADVERT')), size: sizes.at(-1) ?? null };
  const kinds = [policy.mtu, policy.advert, others.length > 0].filter(Boolean).length;
  if (kinds > 1) tell('bad-value', words[1], 'MTU, ADVERT and a size exclude one another.', advice);
  return policy;
});

function multicast(family: Family): ParamType {
  const example = family === 'inet' ? '224.0.0.18' : 'ff02::12';
  return custom(family === 'inet' ? 'IPV4' : 'IPV6', ([given, surplus], tell) => {
    const advice = `Write a multicast address such as ${example}.`;
    if (given === undefined) return tell('missing-argument', undefined, 'The multicast address is missing.', advice);
    tellSurplus(surplus, tell);
    const address = canonicalAddress(given.text.replace(/[-/].*$/, ''));
    if (address === null || familyOf(address) !== family || !isMulticast(address))
      return tell('bad-address', given, `${given.text} is no multicast address of ${family}.`, advice);
    if (family === 'inet6' && !/^ff.2:/.test(address))
      tell('bad-address', given, `${address} is not link-local.`, 'Write an address that begins with ff02.');
    return address;
  });
}

/** global_defs: VRRP, but for gratuitous ARP. */
export const vrrpRows: Params = [
  keepalivedRow('vrrp_version', int(2, 3), 'Version of VRRP of every instance.', { default: '2', since: '1.2.20' }),
  keepalivedRow('vrrp_mcast_group4', multicast('inet'), 'Where IPv4 advertisements go.', {
    default: '224.0.0.18',
    since: '1.2.10',
  }),
  keepalivedRow('vrrp_mcast_group6', multicast('inet6'), 'Where IPv6 advertisements go.', {
    default: 'ff02::12',
    since: '1.2.10',
  }),
  keepalivedRow('default_interface', { kind: 'interface' }, 'Interface of static addresses that name none.', {
    default: 'eth0',
    since: '1.2.24',
  }),
  keepalivedRow('dynamic_interfaces', dynamicInterfaces, 'Interfaces may come and go.', {
    default: 'off',
    since: '2.0.0',
  }),
  keepalivedRow('disable_local_igmp', flag, 'No IGMP reports for link-local groups.', { since: '2.2.0' }),
  keepalivedRow('vrrp_strict', laterBool, 'Insist on what the RFCs say.', { default: 'off', since: '1.2.20' }),
  keepalivedRow('vrrp_skip_check_adv_addr', laterBool, 'Check addresses only in the first advertisement of a master.', {
    default: 'off',
    since: '1.3.5',
  }),
  keepalivedRow('vrrp_check_unicast_src', flag, 'Take unicast advertisements from configured peers only.', {
    since: '1.2.20',
  }),
  keepalivedRow('log_unknown_vrids', flag, 'Log advertisements of unknown routers.', { since: '2.0.16' }),
  keepalivedRow('vrrp_lower_prio_no_advert', bool, 'No answer to advertisements of a lower priority.', {
    default: 'off',
    since: '1.2.20',
  }),
  keepalivedRow('vrrp_higher_prio_send_advert', bool, 'Advertise once more when a higher priority appears.', {
    default: 'off',
    since: '1.2.20',
  }),
  keepalivedRow('vrrp_owner_ignore_adverts', bool, 'An address owner drops what others advertise.', {
    default: 'off',
    since: '2.3.3',
  }),
  keepalivedRow('vrrp_down_timer_adverts', int(1, 100), 'Missing advertisements that make a master gone.', {
    default: '3',
    since: '2.2.3',
  }),
  keepalivedRow('v3_checksum_as_v2', bool, 'Compute the checksum of version 3 as that of version 2.', {
    default: 'off',
    since: '2.2.8',
  }),
  keepalivedRow('vrrp_startup_delay', timer(0.001, 4294.967295), 'Seconds until instances begin.', {
    default: '0',
    since: '2.0.14',
  }),
  keepalivedRow('vrrp_delay_after_boot', timer(0.001, 4294.967295), 'Seconds since the boot until instances begin.', {
    default: '0',
    since: '2.4.0',
  }),
  keepalivedRow('vrrp_rx_bufs_policy', buffersPolicy, 'How large the receive buffer of an instance is.', {
    default: 'of the system',
    since: '2.0.3',
  }),
  keepalivedRow('vrrp_rx_bufs_multiplier', int(1, maxUnsigned), 'Advertisements that the buffer must hold.', {
    default: '3',
    since: '2.0.3',
  }),
  keepalivedRow('vmac_prefix', word, 'How the names of VMAC interfaces begin.', {
    repeat: 'first',
    default: 'vrrp',
    since: '2.2.0',
  }),
  keepalivedRow('vmac_addr_prefix', word, 'How the names of interfaces for addresses begin.', {
    repeat: 'first',
    default: 'vrrp',
    since: '2.2.0',
  }),
  keepalivedRow('nftables', tableName('keepalived'), 'Keep addresses of a backup from answering, by nftables.', {
    repeat: 'first',
    default: 'off; table keepalived',
    since: '2.0.11',
  }),
  keepalivedRow('nftables_priority', priority(), 'Priority of its chains.', { since: '2.0.11' }),
  keepalivedRow('nftables_counters', flag, 'Count packets in its rules.', { since: '2.0.11' }),
  keepalivedRow('nftables_ifindex', flag, 'Name interfaces by their numbers in its rules.', { since: '2.0.11' }),
  keepalivedRow('vrrp_iptables', firewall, 'Chains of iptables for the same.', {
    default: 'off; INPUT OUTPUT',
    since: '1.2.20',
  }),
  keepalivedRow('vrrp_ipsets', firewall, 'Up to six sets for these chains.', { default: 'off', since: '1.2.20' }),
];
