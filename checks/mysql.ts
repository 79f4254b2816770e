import { Buffer } from 'node:buffer';
import { createAnswerDialogue, notUnderstood } from './answer-dialogue.ts';
import type { Dialogue, Turn, Verdict } from './exchange.ts';
import { createHelloChecker } from './hello-checker.ts';
import { quoteBytes } from './quote.ts';

/** Bytes of a packet's body; greetings and errors have some hundred. */
const longestPacket = 16_384;
const protocolVersion = 10;
const quit = [1, 0, 0, 0, 1];

export const mysql = createHelloChecker({
  keyword: 'MYSQL_CHECK',
  doc: "Waits for the greeting of MySQL or MariaDB; with user it logs in, with an empty password, as HAProxy's mysql-check does.",
  params: [
    { name: 'user', type: { kind: 'word' }, doc: 'User to log in as, who has no password and no rights.', ours: true },
    {
      name: 'login',
      type: { kind: 'choice', of: ['post-41', 'pre-41'] },
      doc: 'How to log in: as clients since 4.1 do, or as older ones.',
      default: 'post-41',
      ours: true,
    },
  ],
  settings(values) {
    const user = values.get<string>('user');
    return user === undefined ? {} : { user, login: values.get<string>('login') ?? 'post-41' };
  },
  converse: ({ user, login }) => createMysqlDialogue(user === undefined ? null : writeLogin(user, login === 'pre-41')),
});

function createMysqlDialogue(login: Buffer | null): Dialogue {
  let version = '';
  let greeting = 0;
  const read = (bytes: Buffer): Turn => {
    const packet = readPacket(bytes, greeting);
    if (packet === 'wait' || !Buffer.isBuffer(packet)) return packet;
    if (packet[0] === 0xff) return { ok: false, reason: 'status', detail: describeError(packet) };
    if (greeting > 0) return judgeLogin(packet, version);
    if (packet[0] !== protocolVersion) return notUnderstood('a greeting of MySQL', bytes);
    version = quoteBytes(packet.subarray(1, Math.max(1, packet.indexOf(0, 1))));
    if (login === null) return { ok: true, detail: version };
    greeting = 4 + packet.length;
    return { send: login };
  };
  return createAnswerDialogue({ request: null, limit: 2 * longestPacket, read });
}

/** Three bytes of length, one of sequence, the body. */
function readPacket(bytes: Buffer, from: number): Buffer | 'wait' | Verdict {
  if (bytes.length < from + 4) return 'wait';
  const length = bytes.readUIntLE(from, 3);
  if (length === 0 || length > longestPacket) return notUnderstood('MySQL', bytes.subarray(from));
  return bytes.length < from + 4 + length ? 'wait' : bytes.subarray(from + 4, from + 4 + length);
}

function judgeLogin(packet: Buffer, version: string): Verdict {
  switch (packet[0]) {
    case 0:
      return { ok: true, detail: `${version}, logged in` };
    case 0xfe: {
      const plugin =
        packet.length > 1 ? ` by ${quoteBytes(packet.subarray(1, packet.indexOf(0, 1)))}` : ' as before 4.1';
      return {
        ok: false,
        reason: 'status',
        detail: `${version} wants another login${plugin}: give the user mysql_native_password`,
      };
    }
    default:
      return notUnderstood('an answer of MySQL to a login', packet);
  }
}

/** Code and text; since 4.1 with `#` and five characters of SQLSTATE between. */
function describeError(packet: Buffer): string {
  const code = packet.length < 3 ? 0 : packet.readUInt16LE(1);
  const text = packet.subarray(packet[3] === 0x23 ? 9 : 3);
  return `error ${code}: ${quoteBytes(text, 120)}`;
}

/** The packet of a login without password, and the one that says goodbye. */
function writeLogin(user: string, isOld: boolean): Buffer {
  const name = [...Buffer.from(user), 0, 0];
  const flags = isOld ? [0x00, 0x80, 0x00, 0x00, 0x01] : [0x00, 0x82, 0x00, 0x00, 0x00, 0x80, 0x00, 0x01, 0x21];
  const body = isOld ? [...flags, ...name] : [...flags, ...new Array<number>(23).fill(0), ...name];
  return Buffer.from([body.length & 0xff, body.length >> 8, 0, 1, ...body, ...quit]);
}
