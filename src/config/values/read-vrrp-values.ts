import type { ReadWords, TellFault, Word } from '../../model/params.ts';
import { secret } from '../../model/secret.ts';
import type { TrackerWeight } from '../../model/trackers.ts';
import type { VirtualInterface, VrrpHmacKey } from '../../model/vrrp.ts';
import { canonicalAddress } from './addresses.ts';
import { readCutAddress } from './read-prefix.ts';
import { isDecimal } from './routing-names.ts';

/** The first word behind a keyword, which must have one. */
export function withArgument(
  keyword: string,
  read: (word: Word, rest: readonly Word[], tell: TellFault) => unknown,
): ReadWords {
  return (words, tell) => {
    const [first, ...rest] = words;
    if (first === undefined)
      return tell(
        'missing-argument',
        undefined,
        `${keyword} lacks its argument.`,
        `Write ${keyword} and its argument.`,
      );
    return read(first, rest, tell);
  };
}

export function readAddressOf(keyword: string): ReadWords {
  return withArgument(keyword, (word, _rest, tell) => readCutAddress(word, tell));
}

/** `N [reverse]`; up to `newer`, where it is larger, for a keepalived newer than 2.2.7. */
export function readTrackerWeight(limit: number, newer = limit): ReadWords {
  return withArgument('weight', (word, [direction], tell): TrackerWeight | undefined => {
    if (direction !== undefined && direction.text !== 'reverse')
      tell(
        'bad-value',
        direction,
        `weight takes reverse or nothing, not ${direction.text}.`,
        'Write weight N reverse.',
      );
    const weight = Number(word.text);
    if (!/^[+-]?\d+$/.test(word.text))
      return tell('bad-value', word, `weight is a whole number, not ${word.text}.`, 'Write a whole number.');
    if (Math.abs(weight) > newer) {
      const message = `weight is ${-newer} to ${newer}, not ${word.text}.`;
      return tell('out-of-range', word, message, `Write a number from ${-limit} to ${limit}.`);
    }
    if (Math.abs(weight) > limit) {
      const message = `keepalived 2.2.7 takes weights from ${-limit} to ${limit}.`;
      tell('newer-value', word, message, `Write a number from ${-limit} to ${limit}.`);
    }
    return { weight, reverse: direction?.text === 'reverse' };
  });
}

/** Whole seconds from 1; up to three decimals for a keepalived newer than 2.2.7. The value is in milliseconds. */
export function readScriptSeconds(keyword: string): ReadWords {
  const most = 4294;
  return withArgument(keyword, (word, _rest, tell) => {
    const seconds = Number(word.text);
    if (!/^\+?\d*(\.\d{0,3})?$/.test(word.text) || !/\d/.test(word.text))
      return tell('bad-value', word, `${keyword} is a number of seconds, not ${word.text}.`, 'Write whole seconds.');
    if (seconds <= 0 || seconds > most)
      return tell('out-of-range', word, `${keyword} is 1 to ${most} seconds, not ${word.text}.`, 'Write at least 1.');
    if (!Number.isInteger(seconds) || word.text.includes('.'))
      tell('newer-value', word, `${keyword} is in whole seconds up to keepalived 2.2.7.`, 'Write whole seconds.');
    return seconds * 1000;
  });
}

/** `[VALUE] [overwrite]` (keepalived trackers/track_file.c:track_file_init_handler). */
export const readInitFile: ReadWords = (words, tell) => {
  const init = { value: 0, overwrite: false };
  for (const word of words) {
    if (word.text === 'overwrite') init.overwrite = true;
    else if (!/^-?\d+$/.test(word.text)) {
      tell('bad-value', word, `init_file takes a number and overwrite, not ${word.text}.`, 'Write init_file 0.');
    } else {
      init.value = Number(word.text);
      if (Math.abs(init.value) > 254)
        tell('out-of-range', word, `A value of init_file is -254 to 254, not ${word.text}.`, 'Write a smaller one.');
    }
  }
  return init;
};

/** `[never]`. */
export const readOldChecksum: ReadWords = ([word], tell) => {
  if (word === undefined) return 'always';
  if (word.text === 'never') return 'never';
  const message = `old_unicast_checksum takes never or nothing, not ${word.text}.`;
  return tell('bad-value', word, message, 'Write old_unicast_checksum.');
};

/** Exactly one number (keepalived vrrp/vrrp_parser.c:kernel_rx_buf_size_handler). */
export const readBufferSize: ReadWords = withArgument('kernel_rx_buf_size', (word, [surplus], tell) => {
  if (surplus === undefined && isDecimal(word.text, 0, 4_294_967_295)) return Number(word.text);
  const message = 'kernel_rx_buf_size takes one number of bytes.';
  return tell('bad-value', surplus ?? word, message, 'Write kernel_rx_buf_size N.');
});

/** `[all] SECONDS` (keepalived vrrp/vrrp_parser.c:vrrp_garp_extra_if_handler). */
export function readExtraInterfaces(keyword: string): ReadWords {
  return (words, tell) => {
    const all = words.some(word => word.text === 'all');
    const numbers = words.filter(word => word.text !== 'all');
    const wrong = numbers.find(word => !isDecimal(word.text, 0, 86_400));
    if (wrong !== undefined)
      return tell(
        'out-of-range',
        wrong,
        `${keyword} is 0 to 86400 seconds, not ${wrong.text}.`,
        'Write whole seconds.',
      );
    const last = numbers.at(-1);
    if (last === undefined)
      return tell('missing-argument', words[0], `${keyword} lacks its seconds.`, `Write ${keyword} [all] SECONDS.`);
    return { seconds: Number(last.text), all };
  };
}

/** `[NAME] [MAC]`; newer ones also know netlink_notify_msg and group (keepalived vrrp/vrrp_parser.c:vrrp_vmac_handler). */
export const readVmac: ReadWords = (
  words,
  tell,
): Omit<VirtualInterface & { readonly kind: 'vmac' }, 'transmitOnBase'> => {
  let name: string | null = null;
  let mac: string | null = null;
  for (const [index, word] of words.entries()) {
    if (isNewerOption(words, index)) {
      if (index < 2) tellNewer(word, tell);
    } else if (index >= 2) tell('surplus-words', word, `${word.text} is ignored.`, 'Write use_vmac [NAME] [MAC].');
    else if (word.text.includes(':')) {
      if (mac !== null) tell('bad-value', word, 'use_vmac has a second MAC address.', 'Write one.');
      else if (isUsableMac(word.text)) mac = word.text;
      else {
        const hint = 'Write six bytes, or five for the id of the virtual router as the last; no multicast address.';
        tell('bad-value', word, `use_vmac cannot use the MAC address ${word.text}.`, hint);
      }
    } else if (name !== null) tell('bad-value', word, 'use_vmac has a second name.', 'Write one.');
    else if (isInterfaceName(word.text)) name = word.text;
    else tell('bad-value', word, `${word.text} is no name for an interface.`, 'Write at most 15 characters.');
  }
  return { kind: 'vmac', name, mac };
};

/** `netlink_notify_msg`, `group` and the number of the group. */
function isNewerOption(words: readonly Word[], index: number): boolean {
  const text = words[index]?.text;
  return text === 'netlink_notify_msg' || text === 'group' || words[index - 1]?.text === 'group';
}

function tellNewer(word: Word, tell: TellFault): void {
  const message = `keepalived 2.2.7 takes ${word.text} for a name.`;
  tell('newer-value', word, message, 'Remove it where an older keepalived reads the file.');
}

/** Not a multicast address, and not one of VRRP's own. */
function isUsableMac(text: string): boolean {
  if (!/^([0-9a-f]{1,2}:){4}([0-9a-f]{1,2}|[0-9a-f]{1,2}:|[0-9a-f]{1,2}:[0-9a-f]{1,2})$/i.test(text)) return false;
  const bytes = text.split(':').map(part => Number.parseInt(part, 16));
  if (((bytes[0] ?? 0) & 1) === 1) return false;
  const own = [0x00, 0x00, 0x5e, 0x00].every((byte, index) => bytes[index] === byte);
  return !(own && (bytes[4] === 1 || bytes[4] === 2));
}

function isInterfaceName(text: string): boolean {
  return /^[^/:\s]{1,15}$/.test(text) && text !== '.' && text !== '..';
}

/** `[NAME] [IP[/LEN]] [bridge|private|vepa]` (keepalived vrrp/vrrp_parser.c:vrrp_ipvlan_handler). */
export const readIpvlan: ReadWords = (words, tell): VirtualInterface & { readonly kind: 'ipvlan' } => {
  let name: string | null = null;
  let address: string | null = null;
  let mode: 'bridge' | 'private' | 'vepa' | null = null;
  for (const [index, word] of words.entries()) {
    const found = canonicalAddress(word.text.replace(/\/\d+$/, ''));
    if (isNewerOption(words, index)) tellNewer(word, tell);
    else if (word.text === 'bridge' || word.text === 'private' || word.text === 'vepa') {
      if (mode !== null) tell('bad-value', word, 'use_ipvlan has a second mode.', 'Write one.');
      else mode = word.text;
    } else if (found !== null) {
      if (address !== null) tell('bad-value', word, 'use_ipvlan has a second address.', 'Write one.');
      else address = found;
    } else if (name !== null) tell('bad-value', word, 'use_ipvlan has a second name.', 'Write one.');
    else if (word.text.length <= 15) name = word.text;
    else tell('bad-value', word, `${word.text} is no name for an interface.`, 'Write at most 15 characters.');
  }
  return { kind: 'ipvlan', name, address, mode: mode ?? 'bridge' };
};

/** `ID KEY`; the key never stands in a message. */
export const readHmacKey: ReadWords = withArgument('key', (id, [key], tell): VrrpHmacKey | undefined => {
  if (!isDecimal(id.text, 1, 255)) return tell('out-of-range', id, 'The id of a key is 1 to 255.', 'Write key ID KEY.');
  if (key === undefined) return tell('missing-argument', id, 'key lacks the key itself.', 'Write key ID KEY.');
  const length = key.text.startsWith('hex:') ? (key.text.length - 4) / 2 : key.text.length;
  if (!key.text.startsWith('file:') && (length < 32 || length > 64))
    tell('out-of-range', key, 'A key has 32 to 64 bytes.', 'Write hex: and 64 to 128 hexadecimal digits.');
  return { id: Number(id.text), key: secret(key.text), span: id.span };
});
