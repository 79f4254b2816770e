import type { ReadWords, Word } from '../../model/params.ts';
import type { Tracked } from '../../model/trackers.ts';
import type { InterfaceDelays, LinkbeatInterface, UnicastPeer } from '../../model/vrrp.ts';
import { familyOf } from './addresses.ts';
import { readCutAddress } from './read-prefix.ts';
import { isDecimal } from './routing-names.ts';
import { firstOf } from './word-steps.ts';

/** What a track list takes: the range of its weights, and the words behind one. */
interface TrackKind {
  readonly weight: number;
  readonly directions: readonly string[];
}

/** `NAME [weight N [reverse|noreverse]]` (keepalived vrrp/vrrp_track.c:alloc_track_script and its siblings). */
export function readTracked({ weight: limit, directions }: TrackKind): ReadWords {
  return (words, tell): Tracked | undefined => {
    const name = firstOf(words);
    const [, keyword, number, direction] = words;
    const plain = { name: name.text, weight: null, reverse: null, span: name.span };
    if (keyword === undefined) return plain;
    const form = `${name.text} weight N${directions.length > 0 ? ` [${directions.join('|')}]` : ''}`;
    if (keyword.text !== 'weight')
      return tell('bad-value', keyword, `${name.text} is left out: ${keyword.text} is no option.`, `Write ${form}.`);
    if (number === undefined)
      return tell('missing-argument', keyword, `${name.text} is left out: weight lacks its number.`, `Write ${form}.`);
    const known = /^[+-]?\d+$/.test(number.text) && Math.abs(Number(number.text)) <= limit;
    if (!known) {
      const message = `A weight here is ${-limit} to ${limit}, not ${number.text}.`;
      tell('out-of-range', number, message, `Write a number from ${-limit} to ${limit}.`);
    }
    if (direction !== undefined && !directions.includes(direction.text))
      tell('bad-value', direction, `${direction.text} cannot stand behind a weight.`, `Write ${form}.`);
    const reverse = direction === undefined ? null : direction.text === 'reverse';
    return { ...plain, weight: known ? Number(number.text) : null, reverse };
  };
}

/** `IP [min_ttl N] [max_ttl N]` (keepalived vrrp/vrrp_data.c:alloc_vrrp_unicast_peer). */
export const readUnicastPeer: ReadWords = (words, tell): UnicastPeer | undefined => {
  const first = firstOf(words);
  const address = readCutAddress(first, tell);
  if (address === undefined) return undefined;
  const limits = { min_ttl: 0, max_ttl: 255 };
  for (let index = 1; index < words.length; index += 2) {
    const [option, value] = words.slice(index, index + 2);
    if (option === undefined) break;
    if (value === undefined) {
      tell('missing-argument', option, `${option.text} lacks its argument.`, 'Write min_ttl N or max_ttl N.');
    } else if (option.text !== 'min_ttl' && option.text !== 'max_ttl') {
      tell('bad-value', option, `${option.text} is no option of a peer.`, 'Write min_ttl N or max_ttl N.');
      break;
    } else if (isDecimal(value.text, 0, 255)) limits[option.text] = Number(value.text);
    else tell('out-of-range', value, `${option.text} is 0 to 255, not ${value.text}.`, 'Write a number up to 255.');
  }
  if (limits.min_ttl > limits.max_ttl) {
    const message = `min_ttl of ${address} is above max_ttl: every packet is thrown away.`;
    tell('bad-value', first, message, 'Write a smaller min_ttl.');
  }
  const { min_ttl: minTtl, max_ttl: maxTtl } = limits;
  return { address, family: familyOf(address), minTtl, maxTtl, span: first.span };
};

/** Any number of names on a line. */
export const readNames: ReadWords = (words): readonly Word[] => words;

/** `INTERFACE [MII|ETHTOOL|IOCTL]` (keepalived vrrp/vrrp_parser.c:alloc_linkbeat_interface). */
export const readLinkbeat: ReadWords = (words, tell): LinkbeatInterface => {
  const first = firstOf(words);
  const [, method, surplus] = words;
  const known = ([null, 'MII', 'ETHTOOL', 'IOCTL'] as const).find(each => each === (method?.text ?? null)) ?? null;
  const wrong = known === null ? method : surplus;
  if (wrong !== undefined) {
    const hint = 'Write MII, ETHTOOL, IOCTL or nothing behind the interface.';
    tell('bad-value', wrong, `${wrong.text} is no way to look at a link.`, hint);
  }
  return { interface: first.text, method: known, span: first.span };
};

/** `INTERFACE DOWN [UP]`, seconds (keepalived vrrp/vrrp_parser.c:alloc_if_up_down_delay). */
export const readInterfaceDelays: ReadWords = (words, tell): InterfaceDelays | undefined => {
  const first = firstOf(words);
  const delays: number[] = [];
  for (const word of words.slice(1, 3)) {
    const seconds = /^\+?\d*(\.\d{0,6})?$/.test(word.text) && /\d/.test(word.text) ? Number(word.text) : Number.NaN;
    if (!(seconds <= 255))
      return tell('out-of-range', word, `A delay is 0 to 255 seconds, not ${word.text}.`, 'Write at most 255.');
    delays.push(seconds * 1000);
  }
  const [down, up = 0] = delays;
  if (down === undefined)
    return tell('surplus-words', first, `${first.text} has no delay and is ignored.`, 'Write INTERFACE DOWN [UP].');
  return { interface: first.text, down, up, span: first.span };
};
