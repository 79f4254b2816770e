import type { Params } from '../../model/params.ts';
import { custom, readNumber } from './read-words.ts';
import { bool, int, keepalivedRow, maxUnsigned, timer } from './rows.ts';

const longestDelay = 4294;
const interval = timer(0.000001, 4294.967295);

/** The value is { all, seconds } (keepalived core/global_parser.c:vrrp_vmac_garp_extra_if_handler). */
const extraInterface = custom('[all] SECONDS', (words, tell) => {
  const numbers = words.filter(word => word.text !== 'all');
  const advice = 'Write seconds from 1 to 86400, with all before them for every interface.';
  if (numbers.length === 0) return tell('missing-argument', undefined, 'The seconds are missing.', advice);
  const seconds = numbers.map(word => readNumber(word, 'vrrp_garp_extra_if', { min: 1, max: 86_400 }, tell));
  const last = seconds.at(-1);
  return seconds.includes(undefined) ? undefined : { all: numbers.length < words.length, seconds: last };
});

/** global_defs: gratuitous ARP and neighbour advertisements of VRRP. */
export const vrrpGarpRows: Params = [
  keepalivedRow('vrrp_garp_master_delay', int(0, longestDelay), 'Seconds until a new master repeats them.', {
    default: '5',
    since: '1.2.20',
  }),
  keepalivedRow('vrrp_garp_master_repeat', int(1, maxUnsigned), 'How many a new master sends at once.', {
    default: '5',
    since: '1.2.20',
  }),
  keepalivedRow(
    'vrrp_garp_master_refresh',
    int(0, maxUnsigned),
    'Seconds between those that a master sends for ever.',
    {
      default: '0, none',
      since: '1.2.20',
    },
  ),
  keepalivedRow('vrrp_garp_master_refresh_repeat', int(1, maxUnsigned), 'How many it sends each time.', {
    default: '1',
    since: '1.2.20',
  }),
  keepalivedRow(
    'vrrp_garp_lower_prio_delay',
    int(0, longestDelay),
    'Seconds until they are repeated to a lower priority.',
    {
      default: 'vrrp_garp_master_delay',
      since: '1.2.20',
    },
  ),
  keepalivedRow('vrrp_garp_lower_prio_repeat', int(0, 2_147_483_647), 'How many answer a lower priority.', {
    default: 'vrrp_garp_master_repeat',
    since: '1.2.20',
  }),
  keepalivedRow('vrrp_garp_interval', interval, 'Seconds between two gratuitous ARPs of an interface.', {
    default: '0, no pause; it cannot be written',
    since: '1.2.21',
  }),
  keepalivedRow('vrrp_gna_interval', interval, 'Seconds between two neighbour advertisements of an interface.', {
    default: '0, no pause; it cannot be written',
    since: '1.2.21',
  }),
  keepalivedRow('vrrp_garp_extra_if', extraInterface, "Seconds between those on the interface below a VMAC's.", {
    default: '0, none',
    since: '2.2.3',
  }),
  keepalivedRow('vrrp_vmac_garp_intvl', extraInterface, 'Old name of vrrp_garp_extra_if.', {
    deprecated: 'vrrp_garp_extra_if',
    since: '2.2.0',
  }),
  keepalivedRow('vrrp_min_garp', bool, 'Send one, and no repetition.', { default: 'off', since: '2.0.12' }),
];
