import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TlsOptions as ServerOptions } from 'node:tls';
import * as assert from 'uvu/assert';
import type { Connection, ConnectOptions, SocketFault, Sockets, TlsOptions } from '../../../src/model/ports.ts';
import { assertNoDescriptorLeft, listDescriptors } from '../../../testing/descriptors.ts';
import { findClosedPort, startFaultServer } from '../../../testing/fault-server.ts';
import { testCertificate } from '../../../testing/test-certificate.ts';
import { socketPaths } from '../../support/socket-paths.ts';
import { suite } from '../../support/suite.ts';

interface Doing {
  connected?(connection: Connection): void;
  opened?(connection: Connection): void;
  data?(connection: Connection, text: string): void;
  ended?(connection: Connection): void;
  /** Right after connect has returned. */
  begun?(connection: Connection): void;
}
const plain: TlsOptions = { serverName: null };
const tls12: ServerOptions = { ...testCertificate, maxVersion: 'TLSv1.2' };
const seen = 'opened checkalived.test';

const spell = (fault: SocketFault | null): string =>
  fault ? `${fault.code} ${fault.message}${fault.remote ? ' (remote)' : ''}` : 'in order';

/** All that is told of one connection until it is closed, and what comes afterwards though nothing may. */
async function converse(sockets: Sockets, to: ConnectOptions, doing: Doing, tls: TlsOptions): Promise<string[]> {
  const told: string[] = [];
  let connection: Connection | null = null;
  await new Promise<void>(resolve => {
    const tell = (text: string): void => {
      told.push(connection === null ? `${text} before connect has returned` : text);
    };
    const then = (react: ((connection: Connection) => void) | undefined): void => {
      if (connection) react?.(connection);
    };
    connection = sockets.connect(to, tls, {
      connected() {
        tell('connected');
        then(doing.connected);
      },
      opened(open) {
        tell(`opened ${open.certificate()?.subject}`);
        doing.opened?.(open);
      },
      data(bytes) {
        const text = Buffer.from(bytes).toString('latin1');
        tell(`data ${text}`);
        then(open => doing.data?.(open, text));
      },
      ended() {
        tell('ended');
        then(doing.ended);
      },
      closed(fault) {
        tell(`closed ${spell(fault)}`);
        resolve();
      },
    });
    doing.begun?.(connection);
  });
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve));
  return told;
}

for (const [path, sockets] of socketPaths) {
  const test = suite(`a TLS connection ${path}`);

  /** The same with a server that does this to whoever comes; nothing may be left open. */
  const meet = async (
    behave: (socket: Socket) => void,
    doing: Doing = {},
    server: boolean | ServerOptions = true,
    tls = plain,
  ): Promise<string[]> => {
    const before = listDescriptors();
    const peer = await startFaultServer(behave, server);
    try {
      return await converse(sockets, { address: '127.0.0.1', port: peer.port }, doing, tls);
    } finally {
      await peer.released();
      await peer.close();
      await assertNoDescriptorLeft(before);
    }
  };
  const close = (connection: Connection): void => connection.close();

  test('closed at whatever moment, it tells no more', async () => {
    const talkative = (socket: Socket): void => void socket.end('hello');
    for (const server of [true, tls12]) {
      assert.equal(await meet(talkative, { begun: close }, server), ['closed in order']);
      assert.equal(await meet(talkative, { connected: close }, server), ['connected', 'closed in order']);
      assert.equal(await meet(talkative, { opened: close }, server), ['connected', seen, 'closed in order']);
      const atData = await meet(talkative, { data: close }, server);
      assert.equal(atData, ['connected', seen, 'data hello', 'closed in order']);
      const atEnd = await meet(talkative, { ended: close }, server);
      assert.equal(atEnd, ['connected', seen, 'data hello', 'ended', 'closed in order']);
    }
  });

  test('closed and written to within opened, it neither fails nor tells', async () => {
    const opened = (connection: Connection): void => {
      connection.write('before');
      connection.close();
      connection.write('late');
      connection.close();
    };
    assert.equal(await meet(() => {}, { opened }), ['connected', seen, 'closed in order']);
  });

  test('what is written goes out as it is, text as UTF-8, before the server has spoken and after', async () => {
    let heard = '';
    const listen = (socket: Socket): void => {
      socket.on('data', bytes => {
        heard += bytes.toString('latin1');
        if (heard.endsWith('.')) socket.end(heard, 'latin1');
      });
    };
    const opened = (connection: Connection): void => {
      connection.write('é');
      connection.write(Buffer.from([0, 0xff]));
      connection.write('');
      connection.write('.');
    };
    const told = await meet(listen, { opened });
    assert.equal(told, ['connected', seen, 'data \xc3\xa9\0\xff.', 'ended', 'closed in order']);
  });

  test('each byte of a large answer comes, in order, and each of a large question arrives', async () => {
    const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) % 251));
    const echo = (socket: Socket): void => {
      let left = bytes.length;
      socket.on('data', piece => {
        socket.write(piece);
        left -= piece.length;
        if (left === 0) socket.end();
      });
    };
    const told = await meet(echo, { opened: connection => connection.write(bytes) });
    const pieces = told.slice(2, -2).map(text => text.slice('data '.length));
    assert.equal([...told.slice(0, 2), ...told.slice(-2)], ['connected', seen, 'ended', 'closed in order']);
    const digest = (of: Buffer): string => createHash('sha1').update(of).digest('hex');
    assert.is(digest(Buffer.from(pieces.join(''), 'latin1')), digest(bytes));
  });

  test('many at a time do not mix up what they read', async () => {
    const before = listDescriptors();
    const server = await startFaultServer(socket => void socket.on('data', bytes => socket.end(bytes)), true);
    const to = { address: '127.0.0.1', port: server.port };
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        converse(sockets, to, { opened: connection => connection.write(`I am ${index}`) }, plain),
      ),
    );
    for (const [index, told] of all.entries()) {
      assert.equal(told, ['connected', seen, `data I am ${index}`, 'ended', 'closed in order']);
    }
    await server.close();
    await assertNoDescriptorLeft(before);
  });

  test('a server that closes or resets in the handshake is told as that', async () => {
    const left = 'closed ECONNRESET Client network socket disconnected before secure TLS connection was established';
    assert.equal(await meet(socket => void socket.resume().end(), {}, false), ['connected', 'ended', left]);
    const atEnd = await meet(socket => void socket.resume().end(), { ended: close }, false);
    assert.equal(atEnd, ['connected', 'ended', 'closed in order']);
    const reset = await meet(socket => socket.once('data', () => socket.resetAndDestroy()), {}, false);
    assert.equal(reset, ['connected', 'closed ECONNRESET connection reset by peer']);
  });

  test('a server that resets after the handshake is told as that', async () => {
    const before = listDescriptors();
    const server = await startFaultServer(socket => void socket.once('data', () => server.reset()), true);
    const to = { address: '127.0.0.1', port: server.port };
    const told = await converse(sockets, to, { opened: connection => connection.write('x') }, plain);
    assert.equal(told, ['connected', seen, 'closed ECONNRESET connection reset by peer']);
    await server.close();
    await assertNoDescriptorLeft(before);
  });

  test('what is no TLS is told in the words of OpenSSL', async () => {
    const told = await meet(socket => void socket.resume().end('220 mail\r\n'), {}, false);
    assert.equal(told, ['connected', 'closed ERR_SSL_WRONG_VERSION_NUMBER wrong version number']);
  });

  test('a server that breaks off the handshake is told by its alert', async () => {
    const refusing: ServerOptions = { ...testCertificate, requestCert: true, maxVersion: 'TLSv1.2' };
    const told = await meet(() => {}, {}, { ...refusing, rejectUnauthorized: true });
    assert.is(told[0], 'connected');
    assert.match(told.at(-1) ?? '', /^closed (ECONNRESET |ERR_SSL_)/);
    const unnamed = await meet(
      () => {},
      {},
      { SNICallback: (_, done) => done(new Error('no such name')) },
      { serverName: 'nobody.test' },
    );
    assert.equal(unnamed.slice(0, 1), ['connected']);
    assert.match(unnamed.at(-1) ?? '', /^closed (ECONNRESET |ERR_SSL_)/);
  });

  test('a server that wants a certificate and is shown none says so after the handshake of TLS 1.3', async () => {
    const wanting: ServerOptions = {
      ...testCertificate,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
    };
    const told = await meet(() => {}, { opened: connection => connection.write('x') }, wanting);
    assert.equal(told.slice(0, 2), ['connected', seen]);
    assert.match(told.at(-1) ?? '', /^closed (ECONNRESET |ERR_SSL_)/);
  });

  test('a port where nobody listens refuses, and an address that is not ours is a fault of ours', async () => {
    const before = listDescriptors();
    const port = await findClosedPort();
    const refused = await converse(sockets, { address: '127.0.0.1', port }, {}, plain);
    assert.equal(refused, ['closed ECONNREFUSED connection refused (remote)']);
    const unbound = await converse(sockets, { address: '127.0.0.1', port, localAddress: '192.0.2.1' }, {}, plain);
    assert.equal(unbound, ['closed EADDRNOTAVAIL address not available']);
    await assertNoDescriptorLeft(before);
  });

  test.run();
}
