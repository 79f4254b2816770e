import { Buffer } from 'node:buffer';
import { createAnswerDialogue, notUnderstood } from './answer-dialogue.ts';
import type { Turn, Verdict } from './exchange.ts';
import { createHelloChecker } from './hello-checker.ts';
import { quoteBytes } from './quote.ts';

/** RFC 4511: message 1, a bind of version 3 with no name and an empty password. */
const anonymousBind = Buffer.from('300c020101600702010304008000', 'hex');
const longestMessage = 16_384;

const tags = { sequence: 0x30, integer: 0x02, bindResponse: 0x61, enumerated: 0x0a, text: 0x04 } as const;

/** An element of BER: what is in it, and where the next one begins. */
interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly next: number;
}

export const ldap = createHelloChecker({
  keyword: 'LDAP_CHECK',
  doc: 'Binds anonymously to a directory, as LDAP version 3 does; success passes.',
  params: [],
  converse: () => createAnswerDialogue({ request: anonymousBind, limit: longestMessage, read }),
});

function read(bytes: Buffer): Turn {
  if (bytes[0] !== tags.sequence) return notUnderstood('LDAPv3', bytes);
  const message = readElement(bytes, 0);
  if (message === 'wait') return 'wait';
  if (message === null) return notUnderstood('LDAPv3', bytes);
  return judge(message.content) ?? notUnderstood('LDAPv3', bytes);
}

/** null: it is no answer to a bind. */
function judge(message: Buffer): Verdict | null {
  const id = readWhole(message, 0, tags.integer);
  const response = id && readWhole(message, id.next, tags.bindResponse);
  const code = response && readWhole(response.content, 0, tags.enumerated);
  if (!response || code?.content.length !== 1) return null;
  const result = code.content[0] ?? 0;
  if (result === 0) return { ok: true, detail: 'anonymous bind succeeded' };
  const matched = readWhole(response.content, code.next, tags.text);
  const text = matched && readWhole(response.content, matched.next, tags.text);
  const words = text && text.content.length > 0 ? `: ${quoteBytes(text.content, 100)}` : '';
  return { ok: false, reason: 'status', detail: `result code ${result}${words}` };
}

function readWhole(bytes: Buffer, from: number, tag: number): Element | null {
  const element = readElement(bytes, from);
  return element !== 'wait' && element?.tag === tag ? element : null;
}

/** null: a length that no answer has. */
function readElement(bytes: Buffer, from: number): Element | 'wait' | null {
  const tag = bytes[from];
  const first = bytes[from + 1];
  if (tag === undefined || first === undefined) return 'wait';
  const long = first & 0x80 ? first & 0x7f : 0;
  // Indefinite and reserved forms are not for LDAP.
  if (first === 0x80 || long > 4) return null;
  const start = from + 2 + long;
  if (bytes.length < start) return 'wait';
  const length = long === 0 ? first : bytes.readUIntBE(from + 2, long);
  if (length > longestMessage) return null;
  return bytes.length < start + length
    ? 'wait'
    : { tag, content: bytes.subarray(start, start + length), next: start + length };
}
