import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import * as assert from 'uvu/assert';
import { checkUrls } from '../../../checks/http-check.ts';
import type { UrlSpec } from '../../../checks/http-plan.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { makeContext } from '../../../testing/check-context.ts';
import { startFaultServer } from '../../../testing/fault-server.ts';
import { suite } from '../../support/suite.ts';

const test = suite('http check');

const url: UrlSpec = {
  path: '/',
  request: 'GET / HTTP/1.0\r\n\r\n',
  tls: null,
  status: [{ from: 200, to: 299 }],
  digest: null,
};
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Fetches from a server that does `respond` when it has the whole request. */
async function fetch(
  respond: (socket: Socket, request: string) => void,
  ...urls: readonly Partial<UrlSpec>[]
): Promise<CheckResult> {
  const server = await startFaultServer(socket => {
    let request = '';
    socket.on('data', bytes => {
      request += bytes;
      if (request.endsWith('\r\n\r\n')) respond(socket, request);
    });
  }, urls[0]?.tls !== undefined);
  try {
    const connection = { address: '127.0.0.1', port: server.port, timeout: 1000 };
    const spec = { connection, urls: (urls.length > 0 ? urls : [{}]).map(more => ({ ...url, ...more })) };
    return await checkUrls(spec, makeContext({ sockets }));
  } finally {
    await server.close();
  }
}
const says = (text: string) => (socket: Socket) => void socket.end(text);
const keepsOpen = (text: string) => (socket: Socket) => void socket.write(text);
const told = (result: CheckResult): string => `${result.ok ? 'ok' : result.reason}: ${result.detail}`;

test('a status in the ranges passes, any other fails with what was expected', async () => {
  assert.is(told(await fetch(says('HTTP/1.0 204 No Content\r\n\r\n'))), 'ok: status 204, 0 bytes');
  assert.is(told(await fetch(says('HTTP/1.0 503 Busy\r\n\r\n'))), 'status: status 503, expected 200-299');
  const codes = [
    { from: 200, to: 200 },
    { from: 301, to: 302 },
  ];
  assert.is(told(await fetch(says('HTTP/1.0 302 Found\r\n\r\n'), { status: codes })), 'ok: status 302, 0 bytes');
  assert.is(
    told(await fetch(says('HTTP/1.0 303 See\r\n\r\n'), { status: codes })),
    'status: status 303, expected 200 301-302',
  );
});

test('a wrong status is known without the body', async () => {
  assert.is(
    told(await fetch(keepsOpen('HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n'))),
    'status: status 500, expected 200-299',
  );
});

test('a server that keeps the connection open passes when its answer is complete', async () => {
  const length = await fetch(keepsOpen('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello world\n'), {
    digest: '6f5902ac237024bdd0c176cb93063dc4',
  });
  assert.is(told(length), 'ok: status 200, 12 bytes');
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';
  assert.is(told(await fetch(keepsOpen(chunked))), 'ok: status 200, 15 bytes');
});

test('the digest is that of genhash', async () => {
  const digestOf = async (response: string, digest: string) => told(await fetch(says(response), { digest }));
  const ok = 'HTTP/1.0 200 OK\r\n';
  assert.is(await digestOf(`${ok}\r\nhello world\n`, '6f5902ac237024bdd0c176cb93063dc4'), 'ok: status 200, 12 bytes');
  assert.is(await digestOf(`${ok}\r\n`, 'd41d8cd98f00b204e9800998ecf8427e'), 'ok: status 200, 0 bytes');
  assert.is(
    await digestOf(`${ok}\r\n${'x'.repeat(20_000)}`, 'e5d2c6fe7777b38038eb8315e1f5c734'),
    'ok: status 200, 20000 bytes',
  );
  assert.is(
    await digestOf(`${ok}Content-Length: 5\r\n\r\nhello world\n`, '5d41402abc4b2a76b9719d911017c592'),
    'ok: status 200, 5 bytes',
  );
  const chunks = '5\r\nhello\r\n0\r\n\r\n';
  assert.is(
    await digestOf(`${ok}Transfer-Encoding: chunked\r\n\r\n${chunks}`, md5(chunks)),
    'ok: status 200, 15 bytes',
  );
  assert.is(
    await digestOf(`${ok}\r\nhello`, '6f5902ac237024bdd0c176cb93063dc4'),
    'digest: digest 5d41402abc4b2a76b9719d911017c592, expected 6f5902ac237024bdd0c176cb93063dc4',
  );
});

test('a body shorter than announced fails, with or without a digest', async () => {
  const cut = says('HTTP/1.0 200 OK\r\nContent-Length: 500\r\n\r\nhello');
  assert.is(told(await fetch(cut)), 'body: body cut after 5 bytes of 500');
  assert.is(told(await fetch(cut, { digest: md5('hello') })), 'body: body cut after 5 bytes of 500');
  const chunked = says('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n');
  assert.is(told(await fetch(chunked)), 'body: body cut after 10 bytes, before its last chunk');
});

test('status, digest and pattern all have to pass', async () => {
  const regex = { pattern: '(?<=hell)o', options: [], wanted: true, from: 0, to: null };
  const digest = md5('hello');
  const respond = says('HTTP/1.0 200 OK\r\n\r\nhello');
  assert.is(told(await fetch(respond, { digest, regex })), 'ok: status 200, 5 bytes');
  assert.is(
    told(await fetch(respond, { digest, regex: { ...regex, pattern: 'jello' } })),
    'body: regex "jello" does not match',
  );
  assert.match(told(await fetch(respond, { digest: md5('x'), regex })), /^digest: /);
  assert.match(told(await fetch(says('HTTP/1.0 404 No\r\n\r\nhello'), { digest, regex })), /^status: /);
});

test('the header is never searched, whether or not it comes with the body', async () => {
  const regex = { pattern: 'X-Foo', options: [], wanted: true, from: 0, to: null };
  const header = 'HTTP/1.0 200 OK\r\nX-Foo: bar\r\n\r\n';
  const apart = (socket: Socket) => void socket.write(header, () => socket.end('hello'));
  for (const respond of [says(`${header}hello`), apart]) {
    assert.is(told(await fetch(respond, { regex })), 'body: regex "X-Foo" does not match');
    const atStart = { ...regex, pattern: 'hello', to: 0 };
    assert.is(told(await fetch(respond, { regex: atStart })), 'ok: status 200, 5 bytes');
  }
});

test('a reset behind a complete answer does not matter', async () => {
  const reset = (text: string) => (socket: Socket) => void socket.write(text, () => socket.resetAndDestroy());
  assert.is(told(await fetch(reset('HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello'))), 'ok: status 200, 5 bytes');
  // The kernel may drop the answer with the reset; then it is a reset and nothing else.
  const open = told(await fetch(reset('HTTP/1.0 200 OK\r\n\r\nhello')));
  assert.ok(
    ['ok: status 200, 5 bytes', 'reset: connection reset by peer while waiting for the answer'].includes(open),
    open,
  );
});

test('closing within the header is no answer', async () => {
  assert.is(told(await fetch(says('HTTP/1.0 200 OK\r\nServer: x'))), 'protocol: closed without a complete header');
});

test('all urls are fetched in one check over connections of their own, and the first that fails tells its path', async () => {
  const seen: string[] = [];
  const respond = (socket: Socket, request: string): void => {
    seen.push(request);
    socket.end(request.startsWith('GET /b') ? 'HTTP/1.0 404 No\r\n\r\n' : 'HTTP/1.0 200 OK\r\n\r\n');
  };
  const urls = ['/a', '/b', '/c'].map(path => ({ path, request: `GET ${path} HTTP/1.0\r\n\r\n` }));
  assert.is(told(await fetch(respond, ...urls)), 'status: /b: status 404, expected 200-299');
  assert.is(seen.length, 2);
  assert.is(told(await fetch(respond, ...urls.filter(({ path }) => path !== '/b'))), 'ok: 2 URLs');
});

test('over TLS a close without close_notify ends the body like any other', async () => {
  const tls = { serverName: 'server.test' };
  const response = 'HTTP/1.0 200 OK\r\n\r\nhello';
  assert.is(told(await fetch(says(response), { tls, digest: md5('hello') })), 'ok: status 200, 5 bytes');
  const bare = (socket: Socket) => void socket.write(response, () => socket.destroy());
  assert.is(told(await fetch(bare, { tls, digest: md5('hello') })), 'ok: status 200, 5 bytes');
});

test.run();
