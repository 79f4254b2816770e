import { createHash } from 'node:crypto';
import * as assert from 'uvu/assert';
import { checkUrls } from '../../../checks/http-check.ts';
import { type DigestSpec, fetchDigest } from '../../../checks/http-digest.ts';
import { formatRequest } from '../../../checks/http-request.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { makeContext } from '../../../testing/check-context.ts';
import { answer, startFaultServer } from '../../../testing/fault-server.ts';
import { suite } from '../../support/suite.ts';

const test = suite('http digest');
const context = makeContext({ sockets });
const ok = 'HTTP/1.1 200 OK\r\n';
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const planDigest = (port: number, changes: Partial<DigestSpec> = {}): DigestSpec => ({
  connection: { address: '127.0.0.1', port, timeout: 1000 },
  protocol: '1.0',
  path: '/',
  virtualhost: null,
  tls: null,
  algorithm: 'md5',
  ...changes,
});

test('the digest is the one that HTTP_GET wants, and the request is the same', async () => {
  for (const response of [
    `${ok}Content-Length: 5\r\n\r\nhello`,
    `${ok}Content-Length: 5\r\n\r\nhello world`,
    `${ok}Content-Length: 0\r\n\r\n`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    'HTTP/1.0 204 No Content\r\n\r\n',
    `${ok}content-length: 20000\r\n\r\n${'x'.repeat(20_000)}`,
  ]) {
    for (const tls of [null, { serverName: null }]) {
      const server = await startFaultServer(answer([response], { greets: false, until: '\r\n\r\n' }), tls !== null);
      try {
        const spec = planDigest(server.port, { tls });
        const { digest, failure } = await fetchDigest(spec, context);
        assert.is(failure, null);
        const endpoint = spec.connection;
        const request = formatRequest({ protocol: '1.0', path: '/', virtualhost: null, endpoint });
        const status = [{ from: 200, to: 299 }];
        const urls = [{ path: '/', request, tls, status, digest }];
        assert.is((await checkUrls({ connection: spec.connection, urls }, context)).ok, true);
        assert.is(server.received(), request.repeat(2));
      } finally {
        await server.close();
      }
    }
  }
});

test('the status does not matter', async () => {
  const server = await startFaultServer(socket => void socket.end('HTTP/1.0 404 Not Found\r\n\r\nno such'));
  try {
    const { digest, failure } = await fetchDigest(planDigest(server.port), context);
    assert.equal({ digest, failure }, { digest: md5('no such'), failure: null });
  } finally {
    await server.close();
  }
});

test('a body that is cut has the digest of what came, and a failure', async () => {
  const server = await startFaultServer(socket => void socket.end(`${ok}Content-Length: 9\r\n\r\nhello`));
  try {
    const { digest, failure } = await fetchDigest(planDigest(server.port), context);
    assert.equal(
      { digest, failure: failure?.detail },
      { digest: md5('hello'), failure: 'body cut after 5 bytes of 9' },
    );
  } finally {
    await server.close();
  }
});

test('the response is shown in pieces of 4095 bytes, the first with the header', async () => {
  const server = await startFaultServer(socket => void socket.end(`${ok}\r\n${'x'.repeat(10_000)}`));
  const seen: string[] = [];
  try {
    await fetchDigest(planDigest(server.port), context, {
      read: () => void seen.push('read'),
      header: bytes => void seen.push(`header ${bytes.length}`),
      body: bytes => void seen.push(`body ${bytes.length}`),
    });
  } finally {
    await server.close();
  }
  assert.equal(seen, ['read', 'header 19', 'body 4076', 'read', 'body 4095', 'read', 'body 1829']);
});

test('what a header that is not complete has taken is taken from the size of the next piece', async () => {
  const server = await startFaultServer(socket => void socket.end(`${ok}X: ${'y'.repeat(4072)}\r\n\r\n12345`));
  const seen: string[] = [];
  try {
    await fetchDigest(planDigest(server.port), context, {
      read: () => void seen.push('read'),
      header: bytes => void seen.push(`header ${bytes.length}`),
      body: bytes => void seen.push(`body ${bytes.length}`),
    });
  } finally {
    await server.close();
  }
  assert.equal(seen, ['read', 'read', 'header 4096', 'body 5']);
});

test.run();
