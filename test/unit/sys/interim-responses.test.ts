import { Buffer } from 'node:buffer';
import * as assert from 'uvu/assert';
import { createInterimFilter } from '../../../src/sys/interim-responses.ts';
import { suite } from '../../support/suite.ts';

const test = suite('interim responses');
const answer = 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n';

/** What is left of the bytes when they come in pieces of this size. */
function filter(text: string, size: number): string {
  const pass = createInterimFilter();
  const bytes = Buffer.from(text);
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += size) pieces.push(pass(bytes.subarray(from, from + size)));
  return Buffer.concat(pieces).toString();
}

test('what comes before the answer goes, however it is cut, and the answer stays as it is', () => {
  const before = 'HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.0 103 Early Hints\n\n';
  for (const size of [1, 2, 7, 13, 1000]) assert.is(filter(`${before}${answer}`, size), answer, `${size}`);
});

test('101 and what is no HTTP/1 go on', () => {
  for (const text of [
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    'SSH-2.0-OpenSSH 100\r\n\r\n',
    `HTTP/1.1 100 ${'a'.repeat(70_000)}`,
  ]) {
    assert.is(filter(text, 1000), text);
  }
});

test.run();
