import type { Params, ReadWords, TellFault, Word } from '../src/model/params.ts';
import { type HexString, readHexString } from './hex-string.ts';

const maxReply = 65_535;

const readPayload: ReadWords = (words, tell) => {
  const advice = 'Write pairs of hexadecimal digits: payload 01 02 ab.';
  if (words.length === 0) return tell('missing-argument', undefined, 'payload lacks its digits.', advice);
  return readHex(words, false, advice, tell);
};

/** Without digits any reply will do: the value is { bytes: [], mask: [] }. */
const readReply: ReadWords = (words, tell) => {
  const advice = 'Write pairs of hexadecimal digits, with x for a digit that may be any, or nothing.';
  return words.length === 0 ? { bytes: [], mask: [] } : readHex(words, true, advice, tell);
};

/** 2.2.7 takes a last byte of FF for a fault of its own (keepalived lib/parser.c:read_hex_str). */
function readHex(words: readonly Word[], wildcards: boolean, advice: string, tell: TellFault): HexString | undefined {
  const text = words.map(each => each.text).join(' ');
  const hex = readHexString(text, wildcards);
  if (hex === null) return tell('bad-value', words[0], `${text} is not hexadecimal.`, advice);
  if (hex.bytes.at(-1) === 0xff) {
    tell('newer-value', words.at(-1), 'keepalived 2.2.7 refuses digits that end with ff.', 'Leave the last byte out.');
  }
  return hex;
}

/** What UDP_CHECK takes besides a connection. */
export const udpParams: Params = [
  {
    name: 'payload',
    type: { kind: 'custom', syntax: 'HEX', read: readPayload },
    doc: 'What to send: hexadecimal digits in pairs, blanks anywhere between them; a digit alone before a blank is a byte.',
    default: '32 bytes of the text "keepalived check - "',
    since: '2.2.0',
  },
  {
    name: 'require_reply',
    type: { kind: 'custom', syntax: '[HEX]', read: readReply },
    doc: 'A reply must come, and begin with these digits, of which x may be any; without it silence passes, unproven.',
    default: 'off',
  },
  {
    name: 'min_reply_length',
    type: { kind: 'int', min: 0, max: maxReply },
    doc: 'Bytes that a reply has at least.',
    default: '0',
    since: '2.2.0',
  },
  {
    name: 'max_reply_length',
    type: { kind: 'int', min: 0, max: maxReply },
    doc: 'Bytes that a reply has at most.',
    default: '255 with digits in require_reply, else any number',
    since: '2.2.0',
  },
];
