import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import * as assert from 'uvu/assert';
import { type GenhashOptions, printDigest } from '../../../../src/cli/commands/genhash.ts';
import type { ConnectionHandler, Sockets } from '../../../../src/model/ports.ts';
import { sockets } from '../../../../src/sys/sockets.ts';
import { makeConnection } from '../../../../testing/check-context.ts';
import { findClosedPort, startFaultServer } from '../../../../testing/fault-server.ts';
import { VirtualClock } from '../../../../testing/virtual-clock.ts';
import { suite } from '../../../support/suite.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/commands/genhash');
const asked: GenhashOptions = {
  server: '127.0.0.1',
  port: 0,
  url: '/index.html',
  useSsl: false,
  useSni: false,
  protocol: '1.0',
  timeout: 5000,
  fwmark: 0,
  hash: 'md5',
  verbose: false,
};
const resolve = (): Promise<never> => Promise.reject(new Error('no name here'));
const hello = '5d41402abc4b2a76b9719d911017c592';
const response = 'HTTP/1.0 200 OK\r\n\r\nhello';

/** Asks a server that does `respond` when it has the whole request. */
async function ask(respond: (socket: Socket) => void, changes: Partial<GenhashOptions> = {}) {
  let serverName: string | false | null = null;
  const server = await startFaultServer(socket => {
    if (socket instanceof TLSSocket) serverName = socket.servername;
    let request = '';
    socket.on('data', bytes => {
      request += bytes;
      if (request.endsWith('\r\n\r\n')) respond(socket);
    });
  }, changes.useSsl);
  const io = createFakeIo();
  try {
    const exit = await printDigest({ ...asked, port: server.port, ...changes }, io, { sockets, resolve });
    await server.released();
    const request = server.received().replace(`:${server.port}`, ':PORT');
    const stderr = io.stderr.text.replace(`:${server.port}`, ':PORT');
    return { exit, stdout: io.stdout.text, stderr, request, serverName, listeners: io.listeners() };
  } finally {
    await server.close();
  }
}

test('it prints the digest and nothing else', async () => {
  assert.equal(await ask(socket => socket.end(response)), {
    exit: 0,
    stdout: `${hello}\n`,
    stderr: '',
    request: 'GET /index.html HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 127.0.0.1:PORT\r\n\r\n',
    serverName: null,
    listeners: 0,
  });
});

test('the options are in the request', async () => {
  const { request } = await ask(socket => socket.end(response), {
    url: '/a?b',
    protocol: '1.1',
    useVirtualhost: 'www.example.org',
  });
  assert.is(
    request,
    'GET /a?b HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: www.example.org\r\n\r\n',
  );
});

test('over TLS the name is sent only when it is asked for', async () => {
  const options = { useSsl: true, useVirtualhost: 'www.example.org' };
  const plain = await ask(socket => socket.end(response), options);
  assert.equal([plain.exit, plain.stdout, plain.serverName], [0, `${hello}\n`, false]);
  const named = await ask(socket => socket.end(response), { ...options, useSni: true });
  assert.equal([named.exit, named.stdout, named.serverName], [0, `${hello}\n`, 'www.example.org']);
});

test('verbose prints what comes, the digest, and the time', async () => {
  const { exit, stdout } = await ask(socket => socket.end(response), { verbose: true });
  assert.is(exit, 0);
  assert.match(stdout, /^-+\[ {4}HTTP Header Buffer {4}\]-+\n0000 {2}48 54/);
  assert.ok(
    stdout.endsWith(`]-----------------------\n${hello}\n\nGlobal response time for [/index.html] = 0 usecs\n`),
  );
});

test('a failure is told on standard error, and the exit code is 1', async () => {
  const port = await findClosedPort();
  const io = createFakeIo();
  assert.is(await printDigest({ ...asked, port }, io, { sockets, resolve }), 1);
  assert.equal([io.stdout.text, io.stderr.text], ['', `genhash: 127.0.0.1:${port}: connection refused\n`]);
  const { exit, stdout, stderr } = await ask(socket => socket.end());
  assert.equal([exit, stdout, stderr], [1, '', 'genhash: 127.0.0.1:PORT: closed without a complete header\n']);
});

test('a failure in verbose leaves what came, and no digest', async () => {
  const { exit, stdout } = await ask(socket => socket.end('HTTP/1.0 200 OK\r\n'), { verbose: true });
  assert.is(exit, 1);
  assert.is(
    stdout,
    '-----------------------[    HTTP Header Buffer    ]-----------------------\n' +
      '\nGlobal response time for [/index.html] = 0 usecs\n',
  );
});

test('a body that was cut has its digest, a sentence and exit code 1', async () => {
  const { exit, stdout, stderr } = await ask(socket => socket.end('HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nhello'));
  assert.equal([exit, stdout], [1, `${hello}\n`]);
  assert.is(stderr, 'genhash: 127.0.0.1:PORT: body cut after 5 bytes of 9; a check of it fails, whatever its digest\n');
});

/** Sockets whose server takes the connection and says nothing. */
function createSilence(): Sockets & { closed: number } {
  const silence = {
    closed: 0,
    connect: (_: unknown, __: unknown, handler: ConnectionHandler) => {
      const connection = makeConnection(() => {
        silence.closed++;
        queueMicrotask(() => handler.closed(null));
      });
      queueMicrotask(() => handler.opened(connection));
      return connection;
    },
  };
  return silence;
}

test('other digests are computed of the same bytes', async () => {
  const sha1 = await ask(socket => socket.end(response), { hash: 'sha1' });
  assert.equal([sha1.exit, sha1.stdout], [0, 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d\n']);
  const sha256 = await ask(socket => socket.end(response), { hash: 'sha256' });
  assert.is(sha256.stdout, '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\n');
});

test('a name is asked at its addresses in their order, and the first that takes the connection is the last', async () => {
  const server = await startFaultServer(socket => void socket.end(response));
  const io = createFakeIo();
  const named = { ...asked, server: 'web', port: server.port };
  const of =
    (...addresses: string[]) =>
    async (): Promise<readonly string[]> =>
      addresses;
  try {
    // Nothing listens on the other addresses of loopback.
    const modules = { sockets, resolve: of('127.0.0.9', '127.0.0.1', '127.0.0.10') };
    assert.is(await printDigest(named, io, modules), 0);
    assert.equal([io.stdout.text, io.stderr.text, server.connections()], [`${hello}\n`, '', 1]);
    assert.match(server.received(), `\r\nHost: 127.0.0.1:${server.port}\r\n`);
    const closed = createFakeIo();
    const nobody = { sockets, resolve: of('127.0.0.9', '127.0.0.10') };
    assert.is(await printDigest(named, closed, nobody), 1);
    assert.is(
      closed.stderr.text,
      `genhash: 127.0.0.9:${server.port}: connection refused\ngenhash: 127.0.0.10:${server.port}: connection refused\n`,
    );
  } finally {
    await server.close();
  }
});

test('after an answer that is of no use no other address is asked', async () => {
  const server = await startFaultServer(socket => void socket.end());
  const io = createFakeIo();
  try {
    const modules = { sockets, resolve: async () => ['127.0.0.1', '127.0.0.1'] };
    assert.is(await printDigest({ ...asked, server: 'web', port: server.port }, io, modules), 1);
    assert.is(server.connections(), 1);
  } finally {
    await server.close();
  }
});

test('a name without addresses is a sentence that says what to do', async () => {
  const io = createFakeIo();
  assert.is(await printDigest({ ...asked, server: 'web' }, io, { sockets, resolve }), 1);
  assert.is(
    io.stderr.text,
    'genhash: web: no name here; write its address, or look at the name, /etc/hosts and the name servers of this host\n',
  );
});

test('Ctrl-C does not wait for the name servers', async () => {
  const io = createFakeIo();
  const exit = printDigest({ ...asked, server: 'web' }, io, { sockets, resolve: () => new Promise(() => {}) });
  io.send('SIGINT');
  assert.equal([await exit, io.stderr.text, io.listeners()], [1, 'genhash: interrupted\n', 0]);
});

test('a server that does not answer in time is a failure', async () => {
  const clock = new VirtualClock();
  const io = createFakeIo({ clock });
  const exit = printDigest({ ...asked, port: 80 }, io, { sockets: createSilence(), resolve });
  await clock.advance(5000);
  assert.is(await exit, 1);
  assert.is(io.stderr.text, 'genhash: 127.0.0.1:80: no complete answer within 5 s\n');
});

test('Ctrl-C ends it at once, with the connection closed and the signals given back', async () => {
  const clock = new VirtualClock();
  const io = createFakeIo({ clock });
  const silence = createSilence();
  const exit = printDigest(asked, io, { sockets: silence, resolve });
  io.send('SIGINT');
  assert.is(await exit, 1);
  assert.equal([io.stdout.text, io.stderr.text], ['', 'genhash: interrupted\n']);
  assert.equal([silence.closed, io.listeners(), clock.pending()], [1, 0, 0]);
});

test.run();
