import type { Param, Params, ReadWords } from '../src/model/params.ts';
import { escapes, readEscapedText, readHexBytes } from './escaped-text.ts';
import { sessionReuseParam } from './tls-params.ts';

/** What `refuse` says. */
export interface RefuseValue {
  readonly pattern: string;
  /** Bytes that must have come. */
  readonly min: number;
}

const longestAnswer = 65_536;

/** TEXT with escapes; the value is its parts. */
export const readText: ReadWords = (words, tell) => {
  const hint = 'Write one text in quotation marks, such as send "QUIT\\r\\n".';
  const [word, surplus] = words;
  if (word === undefined) return tell('missing-argument', word, 'There is no text to send.', hint);
  if (surplus !== undefined) return tell('bad-value', surplus, 'What is sent is one text, and here are several.', hint);
  const text = readEscapedText(word.text);
  if (!text.ok) return tell('bad-value', word, `This text cannot be sent: ${text.message}.`, `Write ${escapes}.`);
  return text.parts.length > 0 ? text.parts : tell('bad-value', word, 'The text to send is empty.', hint);
};

const readPattern: ReadWords = (words, tell) => {
  const hint = 'Write one pattern in quotation marks, and \\x22 for a quotation mark in it.';
  const [word, surplus] = words;
  if (word === undefined) return tell('missing-argument', word, 'There is no pattern.', hint);
  if (surplus !== undefined) return tell('bad-value', surplus, 'Here is more than one pattern.', hint);
  return word.text !== '' ? word.text : tell('bad-value', word, 'The pattern is empty.', hint);
};

const readRefuse: ReadWords = (words, tell): RefuseValue | undefined => {
  const [pattern, min, count] = words;
  const hint = `Write refuse "PATTERN", or refuse "PATTERN" min BYTES with a number from 1 to ${longestAnswer}.`;
  const text = readPattern(words.slice(0, 1), tell) as string | undefined;
  if (pattern === undefined || text === undefined) return undefined;
  if (min === undefined) return { pattern: text, min: 1 };
  const bytes = /^\d{1,6}$/.test(count?.text ?? '') ? Number(count?.text) : 0;
  if (min.text === 'min' && words.length === 3 && bytes >= 1 && bytes <= longestAnswer)
    return { pattern: text, min: bytes };
  return tell('bad-value', count ?? min, 'What follows the pattern is not min and a number of bytes.', hint);
};

const readHex: ReadWords = (words, tell) =>
  readHexBytes(words.map(word => word.text)) ??
  tell('bad-value', words[0], 'These are no bytes.', 'Write two hexadecimal digits for each byte: 50494e470d0a.');

/** The keywords of a dialogue, in whatever order they are written. */
export const stepParams: Params = [
  step('send', 'TEXT', readText, `Sends the text; ${escapes} are escapes, \\1 is the first group of the last expect.`),
  step('send_hex', 'HEX ...', readHex, 'Sends these bytes.'),
  step('expect', 'PATTERN', readPattern, 'Waits until the pattern (PCRE2) matches in what came since the last match.'),
  step('expect_hex', 'HEX ...', readHex, 'Waits for exactly these bytes; others fail.'),
  step(
    'refuse',
    'PATTERN [min BYTES]',
    readRefuse,
    'Fails as soon as the pattern matches; passes when so many bytes (default 1) have come and it does not.',
  ),
  ours('starttls', { kind: 'flag' }, 'Goes over to TLS on the open connection; the certificate is not verified.'),
  ours(
    'connect',
    { kind: 'port' },
    'Closes the connection and opens one to this port; as the first step it is the first.',
  ),
];

/** How a TCP_CHECK goes over to TLS. */
export const tlsParams: Params = [
  {
    name: 'tls',
    type: { kind: 'bool' },
    doc: 'Speaks TLS on every connection from its start; the certificate is not verified.',
    default: 'false',
    ours: true,
  },
  { name: 'sni_name', type: { kind: 'word' }, doc: 'Server name to send in the TLS handshake.', ours: true },
  sessionReuseParam,
];

function step(name: string, syntax: string, read: ReadWords, doc: string): Param {
  return ours(name, { kind: 'custom', syntax, read }, doc);
}

function ours(name: string, type: Param['type'], doc: string): Param {
  return { name, type, doc, repeat: 'all', ours: true };
}
