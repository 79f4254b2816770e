import type { Params, TellFault, Word } from '../../model/params.ts';
import { canonicalAddress } from '../values/addresses.ts';
import { custom, readNumber, tellSurplus } from './read-words.ts';
import { bool, flag, int, keepalivedRow, maxUnsigned, row } from './rows.ts';

const longestTimeout = 2_678_400;
/** The kernel takes names of interfaces up to here. */
const longestInterface = 15;
const seconds = { min: 0, max: longestTimeout };

/** Seconds; 0 = leave it as it is (keepalived core/global_parser.c:lvs_timeouts). */
const lvsTimeouts = custom('[tcp SECONDS] [tcpfin SECONDS] [udp SECONDS]', (words, tell) => {
  const timeouts = { tcp: 0, tcpfin: 0, udp: 0 };
  const advice = `Write tcp, tcpfin or udp, each with seconds from 0 to ${longestTimeout}.`;
  if (words.length === 0) return tell('missing-argument', undefined, 'lvs_timeouts lacks its timeouts.', advice);
  for (let index = 0; index < words.length; index += 2) {
    const name = words[index];
    if (name?.text !== 'tcp' && name?.text !== 'tcpfin' && name?.text !== 'udp')
      tell('bad-value', name, `lvs_timeouts knows no ${name?.text}.`, advice);
    else timeouts[name.text] = readNumber(words[index + 1], name.text, seconds, tell) ?? 0;
  }
  return timeouts;
});

const flushOnStop = custom('[VS]', ([which, surplus], tell) => {
  tellSurplus(surplus, tell);
  if (which === undefined) return 'all';
  if (which.text === 'VS') return 'services';
  return tell('bad-value', which, `lvs_flush_on_stop cannot be ${which.text}.`, 'Write VS, or nothing.');
});

/** keepalived core/global_parser.c:lvs_syncd_handler, the positional form without `inst` and `id` included. */
const syncDaemon = custom(
  'INTERFACE [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group IP]',
  (words, tell) => {
    const [name, ...rest] = words;
    const advice = 'Write lvs_sync_daemon INTERFACE, such as eth0.';
    if (name === undefined) return tell('missing-argument', undefined, 'lvs_sync_daemon lacks its interface.', advice);
    if (name.text.length > longestInterface)
      return tell('bad-value', name, `No interface has a name of ${name.text.length} characters.`, advice);
    const options = new Map<string, string | number>();
    for (let index = 0; index < rest.length; index++) {
      const option = rest[index]?.text ?? '';
      const value = readSyncOption(option, rest[index + 1], tell);
      if (value !== null) {
        if (value !== undefined) options.set(option, value);
        index++;
      } else readSyncPosition(index, rest[index], options, tell);
    }
    return { interface: name.text, ...Object.fromEntries(options) };
  },
);

const syncNumbers: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  id: { min: 0, max: 255 },
  maxlen: { min: 1, max: 65_507 },
  port: { min: 1, max: 65_535 },
  ttl: { min: 1, max: 255 },
};

/** null = it is no option. */
function readSyncOption(option: string, value: Word | undefined, tell: TellFault): string | number | undefined | null {
  const range = syncNumbers[option];
  if (range !== undefined) return readNumber(value, option, range, tell);
  if (option === 'inst') {
    return (
      value?.text ?? tell('missing-argument', undefined, 'The name behind inst is missing.', 'Write inst INSTANCE.')
    );
  }
  return option === 'group' ? readMulticast(value, tell) : null;
}

function readMulticast(word: Word | undefined, tell: TellFault): string | undefined {
  const address = canonicalAddress(word?.text.replace(/[-/].*$/, '') ?? '');
  if (address !== null && isMulticast(address)) return address;
  const message = `group takes a multicast address${word === undefined ? '' : `, not ${word.text}`}.`;
  return tell('bad-address', word, message, 'Write an address such as 224.0.0.81.');
}

function readSyncPosition(
  index: number,
  word: Word | undefined,
  options: Map<string, string | number>,
  tell: TellFault,
): void {
  if (word === undefined) return;
  if (index === 0) options.set('inst', word.text);
  else if (index === 1 && /^\d+$/.test(word.text)) {
    options.set('id', Number(word.text));
    tell('bad-value', word, 'The number of the sync daemon stands without its keyword.', `Write id ${word.text}.`);
  } else
    tell('bad-value', word, `lvs_sync_daemon knows no ${word.text}.`, 'Write inst, id, maxlen, port, ttl or group.');
}

/** Of an address in its canonical form. */
export function isMulticast(address: string): boolean {
  return address.includes(':') ? address.startsWith('ff') : /^2(2[4-9]|3\d)\./.test(address);
}

/** global_defs: the kernel's table, and the checkers' process. */
export const lvsRows: Params = [
  row('lvs_timeouts', lvsTimeouts, 'Timeouts of the kernel for its connections.', {
    default: 'left as they are',
    since: '1.2.24',
  }),
  row('lvs_flush', flag, 'Remove every service at the start.', { since: '1.2.23' }),
  row('lvs_flush_on_stop', flushOnStop, 'Remove every service (or, with VS, our services) on stopping.', {
    default: 'off',
    since: '2.2.0',
  }),
  row('lvs_flush_onstop', flushOnStop, 'Old name of lvs_flush_on_stop.', {
    deprecated: 'lvs_flush_on_stop',
    tolerated: true,
    since: '2.0.15',
  }),
  keepalivedRow('lvs_sync_daemon', syncDaemon, "Tell the other director of the kernel's connections.", {
    repeat: 'first',
    default: 'off; port 8848, group 224.0.0.81',
    since: '1.2.20',
  }),
  keepalivedRow('lvs_sync_daemon_interface', { kind: 'interface' }, 'Belongs into vrrp_instance, and is old there.', {
    deprecated: 'lvs_sync_daemon',
  }),
  row('checker_log_all_failures', bool, 'Log every failed check.', { default: 'off', since: '2.0.11' }),
  keepalivedRow(
    'nftables_ipvs',
    tableName('keepalived_ipvs'),
    'Mark the packets of a group, one fwmark for all of it.',
    {
      repeat: 'first',
      default: 'off; table keepalived_ipvs',
      since: '2.2.2',
    },
  ),
  keepalivedRow('nftables_ipvs_priority', priority(), 'Priority of its chains.', { since: '2.2.2' }),
  keepalivedRow('nftables_ipvs_start_fwmark', int(1, maxUnsigned), 'First fwmark that it takes.', {
    default: '1000',
    since: '2.2.2',
  }),
];

/** Name of a table of nftables. */
export function tableName(usual: string): Params[number]['type'] {
  return { kind: 'word', bare: usual };
}

/** Priority of a chain of nftables. */
export function priority(): Params[number]['type'] {
  return int(-2_147_483_648, 2_147_483_647);
}
