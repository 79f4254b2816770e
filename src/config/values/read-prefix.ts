import type { TellFault, Word } from '../../model/params.ts';
import type { Family } from '../../model/server.ts';
import { canonicalAddress, familyOf } from './addresses.ts';

export interface PrefixedAddress {
  readonly address: string;
  readonly family: Family;
  readonly prefix: number;
  /** A prefix length was written. */
  readonly written: boolean;
}

/**
 * `IP[/LEN]`. A wrong length is reported and taken as that of one address, as keepalived does
 * (vrrp/vrrp_ipaddress.c:parse_ipaddress).
 */
export function readPrefixed(word: Word, tell: TellFault): PrefixedAddress | undefined {
  const [text = '', length] = splitAt(word.text, '/');
  const address = canonicalAddress(text);
  if (address === null) return tellNoAddress(word, tell);
  const family = familyOf(address);
  const most = family === 'inet' ? 32 : 128;
  if (length === undefined) return { address, family, prefix: most, written: false };
  if (!/^\+?\d+$/.test(length) || Number(length) > most) {
    const message = `The prefix length of ${text} is 0 to ${most}, not ${length}; ${most} is taken.`;
    tell('out-of-range', word, message, `Write ${text}/${family === 'inet' ? 24 : 64}, or no prefix length.`);
    return { address, family, prefix: most, written: false };
  }
  return { address, family, prefix: Number(length), written: true };
}

/** `IP`; what follows a `-` or `/` is cut off without a word, as keepalived does (lib/utils.c:inet_stosockaddr). */
export function readCutAddress(word: Word, tell: TellFault): string | undefined {
  const plain = word.text.replace(/[-/].*$/, '');
  const address = canonicalAddress(plain);
  if (address === null) return tellNoAddress(word, tell);
  if (plain !== word.text) {
    tell('surplus-words', word, `${word.text.slice(plain.length)} is ignored behind an address.`, `Write ${plain}.`);
  }
  return address;
}

/** `IP` and nothing else. */
export function readPlainAddress(word: Word, tell: TellFault): string | undefined {
  return canonicalAddress(word.text) ?? tellNoAddress(word, tell);
}

function tellNoAddress(word: Word, tell: TellFault): undefined {
  return tell('bad-address', word, `${word.text} is no numeric address.`, 'Write an IPv4 or IPv6 address.');
}

function splitAt(text: string, sign: string): readonly [string, string?] {
  const at = text.indexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
