import { createHash } from 'node:crypto';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Turn } from '../../../checks/exchange.ts';
import { createHttpDialogue } from '../../../checks/http-dialogue.ts';
import { createResponseReader } from '../../../checks/http-response.ts';
import { suite } from '../../support/suite.ts';

const test = suite('http responses in pieces');

/** Responses as servers and attackers make them. */
const lineEnd = fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r', '\n\r', '\r\r\n');
const statusLine = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.0 200',
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 103 Early Hints',
  'HTTP/1.1 101 Switching Protocols',
  'HTTP/1.1 500  ',
  'HTTP/1.1 2000 OK',
  'HTTP/1.1  200 OK',
  ' 200 ',
  '\x00 200 \x00',
  '',
  'garbage',
);
const headerLine = fc.oneof(
  fc.constantFrom(
    'Content-Length: 5',
    'content-length:5 ',
    'Content-Length: 05',
    'Content-Length : 7',
    'Content-Length: 0',
    'Content-Length: -1',
    'Content-Length: 5, 5',
    'Content-Length: 99999999999999999999',
    'Transfer-Encoding: chunked',
    'transfer-encoding: gzip, CHUNKED',
    'Transfer-Encoding: chunked, gzip',
    ' Content-Length: 9',
    '\tfolded',
    'Connection: close',
    ': no name',
    'no colon',
    '\x00\x00',
    'T',
    'c',
    'Content-Length\x00: 3',
  ),
  fc.string({ maxLength: 12 }),
);
const body = fc.oneof(
  fc.constantFrom(
    '',
    'hello',
    'hello world',
    '5\r\nhello\r\n0\r\n\r\n',
    '5;a=b\nhello\n0\nX: y\n\n',
    'xyz\r\n',
    '0\r\n\r\n',
    '\r\n\r\n',
  ),
  fc.string({ maxLength: 30 }),
);
const oneHeader = fc
  .tuple(statusLine, fc.array(fc.tuple(headerLine, lineEnd), { maxLength: 5 }), lineEnd, lineEnd)
  .map(([status, lines, first, last]) => `${status}${first}${lines.map(([line, end]) => line + end).join('')}${last}`);
const response = fc
  .tuple(fc.array(oneHeader, { minLength: 1, maxLength: 3 }), body)
  .map(([headers, content]) => Buffer.from(`${headers.join('')}${content}`, 'latin1'));
const cuts = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 });

/** The bytes cut into pieces of these lengths, the rest as one; each piece is overwritten once it was read. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const length of [...lengths, bytes.length]) {
    pieces.push(Buffer.from(bytes.subarray(from, from + length)));
    from += length;
  }
  return pieces;
}

function read(pieces: readonly Buffer[]) {
  let header = '';
  let content = '';
  const reader = createResponseReader({
    header: bytes => {
      header += Buffer.from(bytes).toString('latin1');
    },
    body: bytes => {
      content += Buffer.from(bytes).toString('latin1');
    },
  });
  let state: unknown = null;
  for (const piece of pieces) {
    state = reader.push(piece);
    piece.fill(0x21);
  }
  return {
    state,
    header,
    content,
    status: reader.status(),
    length: reader.bodyLength(),
    announced: reader.announced(),
    toTheEnd: reader.endsWithConnection(),
  };
}

test('any response in any pieces is understood as the whole is', () => {
  fc.assert(
    fc.property(response, cuts, (bytes, lengths) => {
      const whole = read(cut(bytes, []));
      assert.equal(read(cut(bytes, lengths)), whole);
      assert.equal(read(cut(bytes, Array(bytes.length).fill(1))), whole);
    }),
    { numRuns: 2000 },
  );
});

test('so is a header as long as one may be, and one byte longer', () => {
  const start = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: ';
  for (const [length, ends] of [
    [65_535, true],
    [65_536, true],
    [65_537, false],
  ] as const) {
    const header = `${start}${'x'.repeat(length - start.length - 4)}\r\n\r\n`;
    const bytes = Buffer.from(`${header}ok`);
    assert.is(header.length, length);
    const whole = read(cut(bytes, []));
    assert.is(whole.content === 'ok', ends, `${length}`);
    assert.is(JSON.stringify(whole.state).includes('header longer'), !ends);
    for (const lengths of [[1], [40, 3], [65_535], [65_536], Array(bytes.length).fill(1)]) {
      assert.equal(read(cut(bytes, lengths)), whole);
    }
  }
});

/** What an HTTP check makes of the pieces and of the end of the connection. */
function judge(pieces: readonly Buffer[], end: 'ended' | 'broken'): unknown {
  const dialogue = createHttpDialogue('', {
    digest: 'md5',
    keepBody: true,
    judgeStatus: () => null,
    judge: found => ({ ok: true, detail: JSON.stringify({ ...found, body: found.body === null ? null : 'kept' }) }),
  });
  let turn: Turn = 'wait';
  for (const piece of pieces) {
    if (turn !== 'wait') break;
    turn = dialogue.data(piece);
    piece.fill(0x21);
  }
  return turn === 'wait' ? dialogue[end]() : turn;
}

test('the verdict and the digest are the same in any pieces', () => {
  fc.assert(
    fc.property(response, cuts, fc.constantFrom('ended' as const, 'broken' as const), (bytes, lengths, end) => {
      const whole = judge(cut(bytes, []), end);
      assert.equal(judge(cut(bytes, lengths), end), whole);
      assert.equal(judge(cut(bytes, Array(bytes.length).fill(1)), end), whole);
    }),
    { numRuns: 2000 },
  );
});

test('the digest is that of the body, whole or in pieces, with a length or without', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), cuts, (content, announced, lengths) => {
      const length = announced ? `Content-Length: ${content.length}\r\n` : '';
      const bytes = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${length}\r\n`), content]);
      const verdict = judge(cut(bytes, lengths), 'ended') as { detail: string };
      assert.is(JSON.parse(verdict.detail).digest, createHash('md5').update(content).digest('hex'));
    }),
    { numRuns: 500 },
  );
});

test.run();
