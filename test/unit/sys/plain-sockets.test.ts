import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import * as assert from 'uvu/assert';
import type { Connection, ConnectionHandler, ConnectOptions, SocketFault } from '../../../src/model/ports.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { type ConnectPlain, findTcpHandles } from '../../../src/sys/tcp-handles.ts';
import { assertNoDescriptorLeft, listDescriptors } from '../../../testing/descriptors.ts';
import { findClosedPort, startFaultServer } from '../../../testing/fault-server.ts';
import { suite } from '../../support/suite.ts';

// What is told of a plain connection must be the same on every path.
const handles = findTcpHandles(Buffer.allocUnsafeSlow(65_536));
const paths: readonly [string, ConnectPlain | null][] = [
  ['for TLS later', (to, handler) => sockets.connect(to, null, handler)],
  ['without TLS', (to, handler) => sockets.connect(to, 'never', handler)],
  ["over Node's TCP handles", handles],
];

interface Doing {
  opened?(connection: Connection): void;
  data?(connection: Connection, text: string): void;
  /** Right after connect has returned. */
  begun?(connection: Connection): void;
}

const spell = (fault: SocketFault | null): string =>
  fault ? `${fault.code} ${fault.message}${fault.remote ? ' (remote)' : ''}` : 'in order';

/** All that is told of one connection until it is closed, and what comes afterwards though nothing may. */
async function converse(connectPlain: ConnectPlain, to: ConnectOptions, doing: Doing = {}): Promise<string[]> {
  const told: string[] = [];
  let connection: Connection | null = null;
  await new Promise<void>(resolve => {
    const tell = (text: string): void => {
      told.push(connection === null ? `${text} before connect has returned` : text);
    };
    const handler: ConnectionHandler = {
      opened(open) {
        tell('opened');
        doing.opened?.(open);
      },
      data(bytes) {
        const text = Buffer.from(bytes).toString('latin1');
        tell(`data ${text}`);
        if (connection) doing.data?.(connection, text);
      },
      ended: () => tell('ended'),
      closed(fault) {
        tell(`closed ${spell(fault)}`);
        resolve();
      },
    };
    connection = connectPlain(to, handler);
    doing.begun?.(connection);
  });
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve));
  return told;
}

for (const [path, connectPlain] of paths) {
  const test = suite(`a plain connection ${path}`);
  if (connectPlain === null) throw new Error(`this Node knows no connection ${path}`);

  /** The same with a server that does this to whoever comes; nothing may be left open. */
  const meet = async (
    behave: (socket: Socket) => void,
    doing: Doing = {},
    from: Partial<ConnectOptions> = {},
    host = '127.0.0.1',
  ): Promise<string[]> => {
    const before = listDescriptors();
    const server = await startFaultServer(behave, false, host);
    try {
      return await converse(connectPlain, { address: host, port: server.port, ...from }, doing);
    } finally {
      await server.released();
      await server.close();
      await assertNoDescriptorLeft(before);
    }
  };

  test('closed as soon as it stands, it tells no more', async () => {
    const told = await meet(socket => void socket.write('hello'), { opened: connection => connection.close() });
    assert.equal(told, ['opened', 'closed in order']);
  });

  test('closed before it stands, it tells that alone', async () => {
    const told = await meet(() => {}, { begun: connection => connection.close() });
    assert.equal(told, ['closed in order']);
  });

  test('closed while data come, it tells no more of them', async () => {
    const told = await meet(socket => void socket.end('x'.repeat(1_000_000)), {
      data: connection => connection.close(),
    });
    assert.equal(
      told.map(text => text.slice(0, 6)),
      ['opened', 'data x', 'closed'],
    );
  });

  test('what is done with it after its end does nothing', async () => {
    let late: Connection | null = null;
    const told = await meet(socket => void socket.end(), {
      begun: connection => {
        late = connection;
      },
    });
    const connection = late as Connection | null;
    connection?.write('late');
    connection?.close();
    connection?.close();
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(told, ['opened', 'ended', 'closed in order']);
    assert.is(connection?.certificate(), null);
  });

  test('closed and written to within opened, it neither fails nor tells', async () => {
    const told = await meet(() => {}, {
      opened: connection => {
        connection.close();
        connection.write('late');
        connection.close();
      },
    });
    assert.equal(told, ['opened', 'closed in order']);
  });

  test('data and the end of the peer come in order', async () => {
    const echo = (socket: Socket) => void socket.once('data', bytes => socket.end(bytes));
    const told = await meet(echo, { opened: connection => connection.write('ping') });
    assert.equal(told, ['opened', 'data ping', 'ended', 'closed in order']);
  });

  test('each byte of a large answer comes, in order', async () => {
    const answer = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) % 251));
    const told = await meet(socket => void socket.end(answer));
    const pieces = told.slice(1, -2).map(text => text.slice('data '.length));
    assert.equal([told[0], ...told.slice(-2)], ['opened', 'ended', 'closed in order']);
    assert.is(Math.max(...pieces.map(piece => piece.length)) <= 65_536, true);
    const digest = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex');
    assert.is(digest(Buffer.from(pieces.join(''), 'latin1')), digest(answer));
  });

  test('many at a time do not mix up what they read', async () => {
    const before = listDescriptors();
    const server = await startFaultServer(socket => void socket.on('data', bytes => socket.end(bytes)));
    const to = { address: '127.0.0.1', port: server.port };
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        converse(connectPlain, to, { opened: connection => connection.write(`I am ${index}`) }),
      ),
    );
    for (const [index, told] of all.entries()) {
      assert.equal(told, ['opened', `data I am ${index}`, 'ended', 'closed in order']);
    }
    await server.close();
    await assertNoDescriptorLeft(before);
  });

  test('a preamble goes out before what is said, text as UTF-8 and bytes as they are', async () => {
    let heard = '';
    const listen = (socket: Socket): void => {
      socket.on('data', bytes => {
        heard += bytes.toString('latin1');
        if (heard.endsWith('.')) socket.end();
      });
    };
    const say = (connection: Connection): void => {
      connection.write('é');
      connection.write(Buffer.from([0, 0xff]));
      connection.write('');
      connection.write('.');
    };
    await meet(listen, { opened: say }, { preamble: Buffer.from('PROXY UNKNOWN\r\n') });
    assert.is(heard, 'PROXY UNKNOWN\r\n\xc3\xa9\0\xff.');
  });

  test('a port where nobody listens refuses', async () => {
    const before = listDescriptors();
    const port = await findClosedPort();
    const told = await converse(connectPlain, { address: '127.0.0.1', port });
    assert.equal(told, ['closed ECONNREFUSED connection refused (remote)']);
    await assertNoDescriptorLeft(before);
  });

  test('where no route leads to is no answer of the network', async () => {
    const before = listDescriptors();
    // TCP has none to a broadcast address, whatever the host's routes are.
    const told = await converse(connectPlain, { address: '255.255.255.255', port: 9 });
    assert.equal(told, ['closed ENETUNREACH network is unreachable']);
    await assertNoDescriptorLeft(before);
  });

  test('an address that is not ours is a fault of ours', async () => {
    const before = listDescriptors();
    for (const [address, localAddress] of [
      ['127.0.0.1', '192.0.2.1'],
      ['::1', '2001:db8::1'],
    ] as const) {
      const told = await converse(connectPlain, { address, port: 9, localAddress });
      assert.equal(told, ['closed EADDRNOTAVAIL address not available']);
    }
    await assertNoDescriptorLeft(before);
  });

  test('closed before a fault of ours is told, it closes in order', async () => {
    const doing: Doing = { begun: connection => connection.close() };
    const told = await converse(connectPlain, { address: '127.0.0.1', port: 9, localAddress: '192.0.2.1' }, doing);
    assert.is(told.length, 1);
    assert.match(told[0] ?? '', /^closed /);
  });

  test('a local address is bound', async () => {
    let from: string | undefined;
    await meet(
      socket => {
        from = socket.remoteAddress;
        socket.end();
      },
      {},
      { localAddress: '127.0.0.2' },
    );
    assert.is(from, '127.0.0.2');
  });

  test('IPv6 is spoken, from a local address too', async () => {
    const greet = (socket: Socket) => void socket.end('hi');
    for (const from of [{}, { localAddress: '::1' }]) {
      assert.equal(await meet(greet, {}, from, '::1'), ['opened', 'data hi', 'ended', 'closed in order']);
    }
  });

  test('a reset by the peer is told, whether something came before it or not', async () => {
    const resetWhenSpokenTo = (greeting: string) => (socket: Socket) => {
      if (greeting !== '') socket.write(greeting);
      socket.once('data', () => socket.resetAndDestroy());
    };
    const silent = await meet(resetWhenSpokenTo(''), { opened: connection => connection.write('x') });
    assert.equal(silent, ['opened', 'closed ECONNRESET connection reset by peer']);
    const talkative = await meet(resetWhenSpokenTo('220'), { data: connection => connection.write('x') });
    assert.equal(talkative, ['opened', 'data 220', 'closed ECONNRESET connection reset by peer']);
  });

  test('what cannot be written because the peer is gone is a fault', async () => {
    const told = await meet(
      // At the first bytes of many.
      socket => void socket.once('data', () => socket.resetAndDestroy()),
      { opened: connection => connection.write(Buffer.alloc(8_000_000)) },
    );
    assert.match(told.join(), /^opened,closed (ECONNRESET connection reset by peer|EPIPE broken pipe)$/);
  });

  test('a peer that ends while we still write is told as ended, and the rest is not waited for', async () => {
    const told = await meet(
      socket => {
        socket.pause();
        socket.end('bye');
        setImmediate(() => socket.resume());
      },
      { opened: connection => connection.write(Buffer.alloc(8_000_000)) },
    );
    assert.equal(told.slice(0, 3), ['opened', 'data bye', 'ended']);
    assert.match(told.slice(3).join(), /^closed /);
  });

  test.run();
}
