import { Buffer } from 'node:buffer';
import { createAnswerDialogue, notUnderstood } from './answer-dialogue.ts';
import type { Turn, Verdict } from './exchange.ts';
import { createHelloChecker } from './hello-checker.ts';
import { quoteBytes } from './quote.ts';

/** Bytes, length included; the longest answer to a startup is an error with a hint. */
const longestMessage = 32_768;
/** PostgreSQL's protocol 3.0. */
const protocolVersion = 0x00030000;

export const pgsql = createHelloChecker({
  keyword: 'PGSQL_CHECK',
  doc: 'Greets PostgreSQL; a server that lets us in, or asks how we prove who we are, passes.',
  params: [{ name: 'user', type: { kind: 'word' }, doc: 'Role to come as.', default: 'postgres', ours: true }],
  settings: values => ({ user: values.get<string>('user') ?? 'postgres' }),
  converse: ({ user = '' }) =>
    createAnswerDialogue({ request: writeStartup(user), limit: longestMessage + 1, read, ended: readOldError }),
});

function writeStartup(user: string): Buffer {
  const words = Buffer.from(`user\0${user}\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + words.length, 0);
  head.writeUInt32BE(protocolVersion, 4);
  return Buffer.concat([head, words]);
}

/** One message: its type, its length (of itself too), its body. */
function read(bytes: Buffer): Turn {
  const type = bytes.toString('latin1', 0, 1);
  if (type !== 'R' && type !== 'E') return notUnderstood('PostgreSQL', bytes);
  if (bytes.length < 5) return 'wait';
  const length = bytes.readUInt32BE(1);
  if (type === 'E' && length > longestMessage) return 'wait';
  if (length < (type === 'R' ? 8 : 4) || length > longestMessage) return notUnderstood('PostgreSQL', bytes);
  if (bytes.length < 1 + length) return 'wait';
  const body = bytes.subarray(5, 1 + length);
  if (type === 'E') return { ok: false, reason: 'status', detail: describeError(body) };
  const method = body.readUInt32BE(0);
  return { ok: true, detail: method === 0 ? 'it lets us in' : `it asks for authentication (${method})` };
}

/** A server that cannot even start a process for us says so in the words of protocol 2: a text, and the end. */
function readOldError(bytes: Buffer): Verdict {
  const text = bytes.subarray(1);
  if (bytes[0] !== 0x45 || !/^[ -~]{4}/.test(text.toString('latin1'))) return notUnderstood('PostgreSQL', bytes);
  return { ok: false, reason: 'status', detail: quoteBytes(text, 100) };
}

/** Severity, code and message of the fields. */
function describeError(body: Buffer): string {
  const fields = body.toString('latin1').split('\0');
  const wanted = ['S', 'C', 'M'].flatMap(name => fields.filter(field => field.startsWith(name)).slice(0, 1));
  return quoteBytes(Buffer.from(wanted.map(field => field.slice(1)).join(' '), 'latin1'), 100);
}
