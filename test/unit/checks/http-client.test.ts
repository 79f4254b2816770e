import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createSecureServer, createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { http } from '../../../checks/http.ts';
import { httpParams, sslParams } from '../../../checks/http-params.ts';
import type { HttpSpec } from '../../../checks/http-plan.ts';
import { ssl } from '../../../checks/ssl.ts';
import type { Checker, CheckTarget } from '../../../src/model/check.ts';
import type { Params } from '../../../src/model/params.ts';
import { secret } from '../../../src/model/secret.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { makeContext, makeTarget } from '../../../testing/check-context.ts';
import { startFaultServer } from '../../../testing/fault-server.ts';
import { suite } from '../../support/suite.ts';
import { testAuthority } from '../../support/test-authority.ts';

const test = suite('http check through a client');
type Given = Readonly<Record<string, unknown>>;
const certificate = { cert: testAuthority.server, key: testAuthority.serverKey };

function planSpecs(checker: Checker, params: Params, url: Given, given: Given, target: Partial<CheckTarget>) {
  const type = params.find(param => param.name === 'url')?.type;
  const urls = [blockValues(type?.kind === 'block' ? type.params : [], { path: '/', ...url })];
  const faults: string[] = [];
  const specs = checker.plan(blockValues(params, { ...given, url: urls }), makeTarget(target), (_, code, message) =>
    faults.push(`${code}: ${message}`),
  );
  return { specs, faults };
}
async function check(
  port: number,
  url: Given,
  given: Given = {},
  tls = false,
  more: Partial<CheckTarget> = {},
): Promise<string> {
  const [checker, params]: [Checker, Params] = tls ? [ssl as Checker, sslParams] : [http as Checker, httpParams];
  const target = { address: '127.0.0.1', port, ...more };
  const { specs, faults } = planSpecs(checker, params, url, { ...given }, target);
  assert.equal(faults, []);
  const result = await checker.check(specs[0], makeContext({ sockets }));
  return `${result.ok ? 'ok' : result.reason}: ${result.detail}`;
}

/** What is said to an HTTP/1.1 server, and what becomes of its answer. */
async function ask(
  response: string,
  url: Given,
  given: Given = {},
  tls = false,
): Promise<{ told: string; request: string }> {
  const server = await startFaultServer(socket => {
    let request = '';
    socket.on('data', bytes => {
      request += bytes;
      const length = Number(/content-length: (\d+)/i.exec(request)?.[1] ?? 0);
      const end = request.indexOf('\r\n\r\n');
      if (end >= 0 && request.length >= end + 4 + length) socket.end(response);
    });
  }, tls && certificate);
  try {
    return { told: await check(server.port, url, given, tls), request: server.received() };
  } finally {
    await server.close();
  }
}
const told = async (...args: Parameters<typeof ask>): Promise<string> => (await ask(...args)).told;
const hello = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Test: one\r\nX-Test: two\r\nX-Empty:\r\n\r\nhello';
const passes = 'ok: status 200, 5 bytes';

test('H10, H11: method, path and Host go out as written', async () => {
  const { told: result, request } = await ask(hello, {
    path: '/status?a=b',
    method: 'OPTIONS',
    header: [{ name: 'Host', value: 'www.haproxy.org' }],
  });
  assert.is(result, passes);
  assert.is(
    request,
    'OPTIONS /status?a=b HTTP/1.1\r\nhost: www.haproxy.org\r\nconnection: close\r\nUser-Agent: KeepAliveClient\r\n\r\n',
  );
});

test('H12, H15, B12: a body has its length, and the headers that are written; POST is its method', async () => {
  const { told: result, request } = await ask(hello, {
    body: 'health-check body',
    header: [
      { name: 'User-Agent', value: 'probe/1' },
      { name: 'Authorization', value: secret('Bearer t0ken') },
      { name: 'X-Twice', value: 'a' },
      { name: 'X-Twice', value: 'b' },
    ],
  });
  assert.is(result, passes);
  assert.match(request, /^POST \/ HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
  assert.match(request, '\r\nUser-Agent: probe/1\r\nAuthorization: Bearer t0ken\r\nX-Twice: a\r\nX-Twice: b\r\n');
  assert.match(request, /\r\ncontent-length: 17\r\n\r\nhealth-check body$/i);
  assert.is(request.match(/user-agent/gi)?.length, 1);
});

test('HEAD has an answer without a body', async () => {
  const { told: result, request } = await ask('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n', { method: 'HEAD' });
  assert.match(request, /^HEAD \/ /);
  assert.is(result, 'ok: status 200, 0 bytes');
});

test('B01: only the status codes that are listed pass', async () => {
  const answer = (status: number) => `HTTP/1.1 ${status} Some\r\nContent-Length: 0\r\n\r\n`;
  const range = (...codes: readonly number[]) => ({ status_code: [codes.map(code => ({ from: code, to: code }))] });
  const cases: readonly [number, Given, boolean][] = [
    [200, {}, true],
    [201, {}, true],
    [299, {}, true],
    [300, {}, false],
    [404, {}, false],
    [404, range(200, 404), true],
    [200, range(200, 404), true],
    [201, range(200, 404), false],
    [404, range(404), true],
    [200, range(404), false],
  ];
  for (const [status, given, passed] of cases) {
    for (const more of [{}, { method: 'GET' }]) {
      const result = await told(answer(status), { ...given, ...more });
      assert.match(result, passed ? /^ok: / : /^status: /, `${status} ${JSON.stringify({ ...given, ...more })}`);
    }
  }
});

test('H14, B10: a header must be there, whatever its case, and one of its values must match', async () => {
  const expect = (name: string, pattern: string | null = null) => told(hello, { expect_header: [{ name, pattern }] });
  assert.is(await expect('x-test'), passes);
  assert.is(await expect('x-test', '^two$'), passes);
  assert.is(await expect('x-test', 'three'), 'body: header x-test is "one, two"');
  assert.is(await expect('x-empty', '.*'), passes);
  assert.is(await expect('x-other'), 'body: header x-other is missing');
  assert.is(await expect('x-other', '.*'), 'body: header x-other is missing');
});

test('B09: a header must not be there, or none of its values may match', async () => {
  const refuse = (name: string, pattern: string | null = null) => told(hello, { refuse_header: [{ name, pattern }] });
  assert.is(await refuse('x-other'), passes);
  assert.is(await refuse('x-test'), 'body: header x-test is "one, two"');
  assert.is(await refuse('x-test', 'three'), passes);
  assert.is(await refuse('x-test', 'two'), 'body: header x-test is "one, two"');
  assert.is(await refuse('x-empty', '.*'), 'body: header x-empty is ""');
});

test('B11: JSON must have the values that are asked for, and what is no JSON fails', async () => {
  const document = JSON.stringify({ status: { db: 'ok', n: 1 }, list: [{ up: true }, null], text: '1' });
  const answer = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const json = (path: string, value: string, body = document) => told(answer(body), { expect_json: [{ path, value }] });
  for (const [path, value] of [
    ['status.db', 'ok'],
    ['status.n', '1'],
    ['status.n', '1.0'],
    ['list.0.up', 'true'],
    ['list.1', 'null'],
    ['text', '1'],
  ] as const) {
    assert.match(await json(path, value), /^ok: /, `${path} ${value}`);
  }
  assert.is(await json('status.db', 'down'), 'body: status.db is "ok", expected "down"');
  assert.is(await json('status.n', ''), 'body: status.n is "1", expected ""');
  assert.is(await json('status.other', 'ok'), 'body: status.other is missing, expected "ok"');
  assert.is(await json('status.constructor', 'x'), 'body: status.constructor is missing, expected "x"');
  assert.match(await json('status', '[object Object]'), /^body: /);
  assert.is(await json('status', 'ok', 'hello'), 'body: the body is no JSON: "hello"');
  assert.is(await json('status', 'ok', ''), 'body: the body is no JSON: ""');
});

test('digest and pattern are of the body without the framing of chunks', async () => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n';
  const digest = createHash('md5').update('hello').digest('hex');
  assert.is(await told(chunked, { method: 'GET', digest, regex: '^hello$' }), passes);
  assert.match(await told(chunked, { method: 'GET', regex: 'hel\r' }), /^body: regex "hel\."/);
});

test('a body that the connection ends passes, and one that is cut does not', async () => {
  assert.is(await told('HTTP/1.0 200 OK\r\n\r\nhello', { method: 'GET' }), passes);
  const cut = await told('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello', { method: 'GET' });
  assert.match(cut, /^body: body cut after 5 bytes: /);
});

test('a wrong status is known without the body', async () => {
  const server = await startFaultServer(
    socket => void socket.once('data', () => socket.write('HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n')),
  );
  assert.is(await check(server.port, { method: 'GET' }), 'status: status 500, expected 200-299');
  await server.released();
  await server.close();
});

/** A server that speaks HTTP/2 only. */
async function startHttp2(
  secure: boolean,
  respond: (stream: ServerHttp2Stream, headers: Record<string, unknown>) => void,
) {
  const server: Http2Server = secure ? createSecureServer(certificate) : createServer();
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    respond(stream, headers);
  });
  server.on('sessionError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

test('H13, B02: a server that speaks HTTP/2 only passes, over TLS and without', async () => {
  for (const secure of [true, false]) {
    const seen: Record<string, unknown>[] = [];
    const server = await startHttp2(secure, (stream, headers) => {
      seen.push(headers);
      stream.respond({ ':status': 200, 'x-test': 'one' });
      stream.end('hello');
    });
    try {
      const url = { header: [{ name: 'X-A', value: 'b' }], expect_header: [{ name: 'x-test', pattern: 'one' }] };
      const digest = createHash('md5').update('hello').digest('hex');
      const given = { http_protocol: '2' };
      const result = await check(server.port, { ...url, digest }, given, secure, { virtualhost: 'www.test' });
      assert.is(result, passes);
      const [headers] = seen;
      assert.equal(
        [
          headers?.[':authority'],
          headers?.[':scheme'],
          headers?.[':method'],
          headers?.['x-a'],
          headers?.['user-agent'],
        ],
        ['www.test', secure ? 'https' : 'http', 'GET', 'b', 'KeepAliveClient'],
      );
      // Without anything else that is ours.
      assert.is(await check(server.port, {}, given, secure), passes);
      assert.match(await check(server.port, { regex: 'jello' }, given, secure), /^body: /);
    } finally {
      await server.close();
    }
  }
});

test('HTTP/2: a header that Node refuses to send fails the check, and throws nowhere', async () => {
  const server = await startHttp2(false, stream => stream.respond({ ':status': 200 }, { endStream: true }));
  try {
    const url = { header: [{ name: 'TE', value: 'gzip' }] };
    assert.match(await check(server.port, url, { http_protocol: '2' }, false), /^protocol: .*cannot be sent/);
  } finally {
    await server.close();
  }
});

test('a server that does not speak HTTP/2 fails where that is asked for', async () => {
  const plain = await told('HTTP/1.1 400 Bad Request\r\n\r\n', {}, { http_protocol: '2' });
  assert.match(plain, /^protocol: /);
  const secure = await told('HTTP/1.1 400 Bad Request\r\n\r\n', {}, { http_protocol: '2' }, true);
  assert.match(secure, /^(?:tls|protocol): /);
});

test('HTTP/2: a wrong status, a stream that is reset and a session that is closed fail', async () => {
  const run = async (respond: (stream: ServerHttp2Stream) => void) => {
    const server = await startHttp2(false, respond);
    try {
      return await check(server.port, {}, { http_protocol: '2' });
    } finally {
      await server.close();
    }
  };
  const busy = (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 503 });
    stream.end();
  };
  assert.is(await run(busy), 'status: status 503, expected 200-299');
  assert.match(await run(stream => stream.close(2)), /^protocol: /);
  assert.match(await run(stream => stream.session?.destroy()), /^(?:protocol|reset): /);
});

/** A server that answers the beginning of an HTTP/2 request with these bytes. */
async function askFrames(...frames: readonly Buffer[]): Promise<string> {
  const server = await startFaultServer(socket => void socket.once('data', () => socket.write(Buffer.concat(frames))));
  try {
    return await check(server.port, {}, { http_protocol: '2' });
  } finally {
    await server.close();
  }
}
function frame(type: number, flags: number, stream: number, ...payload: readonly number[]): Buffer {
  return Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream, ...payload]);
}
const settings = frame(4, 0, 0);
const status200 = frame(1, 4, 1, 0x88);
const status500 = frame(1, 4, 1, 0x8e);
const lastData = frame(0, 1, 1, ...Buffer.from('hello'));
/** The server takes stream 1 and none after it. */
const farewell = frame(7, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);

test('HTTP/2: a server that says farewell has answered all the same', async () => {
  assert.is(await askFrames(settings, status200, lastData, farewell), passes);
  assert.is(await askFrames(settings, farewell, status200, lastData), passes);
});

test('HTTP/2: a verdict before the answer is complete leaves nothing that throws later', async () => {
  const thrown: unknown[] = [];
  const take = (fault: unknown): void => void thrown.push(fault);
  process.on('uncaughtException', take);
  try {
    assert.is(await askFrames(settings, status500), 'status: status 500, expected 200-299');
    const stop = new AbortController();
    const server = await startFaultServer(socket => void socket.once('data', () => stop.abort()));
    const { specs } = planSpecs(
      http as Checker,
      httpParams,
      {},
      { http_protocol: '2' },
      {
        address: '127.0.0.1',
        port: server.port,
      },
    );
    const running = http.check(specs[0] as HttpSpec, makeContext({ sockets, signal: stop.signal }));
    assert.is((await running).ok, false);
    await server.close();
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(thrown, []);
  } finally {
    process.off('uncaughtException', take);
  }
});

test('an answer may come behind others that are none: 100 Continue, though nobody waits for it', async () => {
  const before = 'HTTP/1.1 100 Continue\r\nX-Some: thing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
  assert.is(await told(`${before}${hello}`, { body: 'x' }), passes);
  assert.is(await told(`HTTP/1.1 100 Continue\r\n\r\n${before}${hello}`, { method: 'GET' }), passes);
});

test('304 may announce the length of what is not sent', async () => {
  const unchanged = { header: [{ name: 'If-None-Match', value: '"a"' }], status_code: [[{ from: 304, to: 304 }]] };
  assert.is(await told('HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', unchanged), 'ok: status 304, 0 bytes');
});

test('B11: JSON may begin with a byte order mark, and be nested more deeply than can be shown', async () => {
  const answer = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  assert.match(await told(answer('\ufeff{"a":1}'), { expect_json: [{ path: 'a', value: '1' }] }), /^ok: /);
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)},"b":{}}`;
  assert.is(await told(answer(deep), { expect_json: [{ path: 'a', value: '1' }] }), 'body: a is a list, expected "1"');
  assert.is(
    await told(answer(deep), { expect_json: [{ path: 'b', value: '1' }] }),
    'body: b is an object, expected "1"',
  );
});

test('D02: the header of the PROXY protocol goes before the request of a client too', async () => {
  const { told: result, request } = await ask(hello, { method: 'GET' }, { proxy_protocol: 'v1' });
  assert.is(result, passes);
  assert.match(request, /^PROXY UNKNOWN\r\nGET \/ HTTP\/1\.1\r\n/);
});

test('B25: no value of a secret header is in a spec', () => {
  const header = [{ name: 'Cookie', value: secret('hunter2') }];
  const { specs } = planSpecs(http as Checker, httpParams, { header }, {}, {});
  assert.match(JSON.stringify(specs), /"name":"Cookie","value":"<secret>"/);
  assert.not.match(JSON.stringify(specs), 'hunter2');
});

test('what the client cannot say is an error', () => {
  const faults = (url: Given, given: Given = {}) => planSpecs(http as Checker, httpParams, url, given, {}).faults;
  assert.equal(faults({ method: 'GET' }, { http_protocol: '1.0C' }), [
    'old-protocol: method is said in HTTP/1.1 or 2, not in 1.0C',
  ]);
  assert.equal(faults({ method: 'GET' }, { http_protocol: '1.1' }), []);
  assert.equal(faults({ path: '/a b', body: 'x' }), ['bad-path: the path /a b cannot be sent with body']);
  assert.equal(faults({ path: 'a' }, { http_protocol: '2' }), [
    'bad-path: the path a cannot be sent with http_protocol 2',
  ]);
  const header = (...names: string[]) => faults({ header: names.map(name => ({ name, value: 'a' })) });
  assert.equal(header('Host', 'host'), ['repeated-header: a request has one header host, and here are several']);
  assert.equal(header('User-Agent', 'X-A', 'user-agent').length, 1);
  assert.equal(header('Host', 'X-A', 'X-A', 'Cookie', 'Cookie', 'Accept', 'accept'), []);
  const pattern = faults({ expect_header: [{ name: 'a', pattern: '(' }] });
  assert.match(pattern[0] ?? '', /^bad-pattern: the pattern of expect_header a cannot be used: /);
});

test.run();
