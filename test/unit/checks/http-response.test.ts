import { Buffer } from 'node:buffer';
import * as assert from 'uvu/assert';
import { createResponseReader } from '../../../checks/http-response.ts';
import { suite } from '../../support/suite.ts';

const test = suite('http response');

/** Reads `text` in pieces of `size` bytes. */
function read(text: string, size = text.length) {
  let body = '';
  let header = '';
  const reader = createResponseReader({
    header: bytes => {
      header += Buffer.from(bytes).toString('latin1');
    },
    body: bytes => {
      body += Buffer.from(bytes).toString('latin1');
    },
  });
  let state = reader.push(new Uint8Array(0));
  const bytes = Buffer.from(text, 'latin1');
  for (let from = 0; from < bytes.length; from += size) state = reader.push(bytes.subarray(from, from + size));
  return {
    state: state.kind,
    status: reader.status(),
    header,
    body,
    bodyLength: reader.bodyLength(),
    endsWithConnection: reader.endsWithConnection(),
    detail: state.kind === 'fault' ? state.detail : '',
  };
}
const ok = 'HTTP/1.1 200 OK\r\n';
const chunks = '6\r\nhello \r\n6;x=y\r\nworld\n\r\n0\r\n\r\n';

/** Response → how it is understood; each is read as a whole and byte by byte. */
const cases: readonly [string, string, { state: string; status: number | null; body?: string }][] = [
  ['a body without a length ends with the connection', `${ok}\r\nhello`, { state: 'body', status: 200, body: 'hello' }],
  [
    'Content-Length ends the body',
    `${ok}Content-Length: 5\r\n\r\nhello`,
    { state: 'complete', status: 200, body: 'hello' },
  ],
  [
    'what comes after Content-Length does not count',
    `${ok}Content-Length: 5\r\n\r\nhello world`,
    { state: 'complete', status: 200, body: 'hello' },
  ],
  [
    'Content-Length is read in any case',
    `${ok}content-length:5  \r\n\r\nhello!`,
    { state: 'complete', status: 200, body: 'hello' },
  ],
  [
    'a body that is not there yet is waited for',
    `${ok}Content-Length: 6\r\n\r\nhello`,
    { state: 'body', status: 200, body: 'hello' },
  ],
  [
    'an empty body is complete with the header',
    `${ok}Content-Length: 0\r\n\r\n`,
    { state: 'complete', status: 200, body: '' },
  ],
  [
    'Content-Length in the body or in another name is none',
    `${ok}X-Content-Length: 3\r\n\r\nContent-Length: 2\r\n\r\n`,
    { state: 'body', status: 200, body: 'Content-Length: 2\r\n\r\n' },
  ],
  [
    'a length that is no number is none',
    `${ok}Content-Length: 5x\r\n\r\nhello`,
    { state: 'body', status: 200, body: 'hello' },
  ],
  [
    'two equal lengths are one',
    `${ok}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
    { state: 'complete', status: 200, body: 'hello' },
  ],
  [
    'two different lengths are a fault',
    `${ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
    { state: 'fault', status: null },
  ],
  ['204 has no body', 'HTTP/1.1 204 No Content\r\n\r\n', { state: 'complete', status: 204 }],
  [
    '304 has no body, whatever its length',
    'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n',
    { state: 'complete', status: 304 },
  ],
  [
    'a header with LF only is one',
    'HTTP/1.0 200 OK\nContent-Length: 2\n\nhi',
    { state: 'complete', status: 200, body: 'hi' },
  ],
  ['a status line needs no reason', 'HTTP/1.1 200\r\n\r\n', { state: 'body', status: 200 }],
  ['a status line needs no known version', 'ICY 200 OK\r\n\r\n', { state: 'body', status: 200 }],
  [
    '100 Continue is not the answer',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx`,
    { state: 'complete', status: 404, body: 'x' },
  ],
  ['101 is an answer', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', { state: 'complete', status: 101 }],
  [
    'chunks count with their framing up to the last',
    `${ok}Transfer-Encoding: chunked\r\n\r\n${chunks}more`,
    { state: 'complete', status: 200, body: chunks },
  ],
  [
    'trailers belong to the chunks',
    `${ok}Transfer-Encoding: gzip, Chunked\r\n\r\n0\r\nA: b\r\n\r\n`,
    { state: 'complete', status: 200, body: '0\r\nA: b\r\n\r\n' },
  ],
  [
    'chunks without their last are not complete',
    `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
    { state: 'body', status: 200, body: '5\r\nhello\r\n' },
  ],
  [
    'what is announced as chunks and is none ends with the connection',
    `${ok}Transfer-Encoding: chunked\r\n\r\nhello`,
    { state: 'body', status: 200, body: 'hello' },
  ],
  ['no header at all is waited for', 'HTTP/1.1 200 OK\r\nServer: x\r\n', { state: 'header', status: null }],
  ['a status of two digits is a fault', 'HTTP/1.1 20 OK\r\n\r\n', { state: 'fault', status: null }],
  ['an empty first line is a fault', '\r\nHTTP/1.1 200 OK\r\n\r\n', { state: 'fault', status: null }],
];
for (const [title, text, expected] of cases) {
  test(title, () => {
    for (const size of [text.length, 1, 3]) {
      const { state, status, body } = read(text, size);
      assert.is(state, expected.state, `state, ${size} at a time`);
      assert.is(status, expected.status, `status, ${size} at a time`);
      if (expected.body !== undefined) assert.is(body, expected.body, `body, ${size} at a time`);
    }
  });
}

test('the header is shown once, whole, and is that of the answer', () => {
  const header = `${ok}Content-Length: 2\r\n\r\n`;
  const text = `HTTP/1.1 100 Continue\r\n\r\n${header}hi`;
  for (const size of [text.length, 1, 30]) assert.is(read(text, size).header, header);
  assert.is(read(ok).header, '');
});

test('a fault shows the first bytes, printable', () => {
  assert.is(read('SSH-2.0-OpenSSH_9.2\r\n').detail, 'status line "SSH-2.0-OpenSSH_9.2.."');
  assert.is(read(`\0\x01${'y'.repeat(40)}\n`).detail, `status line "..${'y'.repeat(30)}"...`);
});

test('a header of 64 KiB passes and a longer one does not', () => {
  const line = `X: ${'y'.repeat(65_536 - ok.length - 3 - 4)}\r\n`;
  assert.is(read(`${ok}${line}\r\n`, 1000).state, 'body');
  assert.is(read(`${ok}X${line}\r\n`, 1000).detail, 'header longer than 65536 bytes');
});

test('a chunk of data may be cut anywhere', () => {
  const text = `${ok}Transfer-Encoding: chunked\r\n\r\n1f\r\n${'z'.repeat(31)}\r\n0\r\n\r\n`;
  for (let size = 1; size < text.length; size++) assert.is(read(text, size).state, 'complete');
});

test('a chunk size beyond all measure is no chunk', () => {
  assert.ok(read(`${ok}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n`).endsWithConnection);
});

test.run();
