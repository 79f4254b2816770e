import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import * as assert from 'uvu/assert';
import type { Connection, ConnectOptions, SocketFault, TlsOptions } from '../../../src/model/ports.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { findClosedPort, startFaultServer } from '../../support/fault-server.ts';
import { suite } from '../../support/suite.ts';
import { testCertificate } from '../../support/test-certificate.ts';

const test = suite('sockets');

/** Connects and writes down all that the handler is told, until it is closed. */
function connect(
  to: ConnectOptions,
  tls: TlsOptions | null,
  whenOpen: (connection: Connection) => void,
): Promise<string[]> {
  const told: string[] = [];
  return new Promise(resolve => {
    sockets.connect(to, tls, {
      connected: () => told.push('connected'),
      opened(connection) {
        told.push('opened');
        whenOpen(connection);
      },
      data: bytes => told.push(`data ${Buffer.from(bytes).toString('latin1')}`),
      ended: () => told.push('ended'),
      closed(fault) {
        told.push(`closed ${describe(fault)}`);
        // What comes after this would be seen in the list.
        setImmediate(() => resolve(told));
      },
    });
  });
}
const describe = (fault: SocketFault | null): string =>
  fault ? `${fault.code} ${fault.message}${fault.remote ? ' (remote)' : ''}` : 'in order';
const close = (connection: Connection): void => connection.close();

async function meet(
  behave: (socket: Socket) => void,
  whenOpen: (connection: Connection) => void,
  tls: TlsOptions | null = null,
  from: Partial<ConnectOptions> = {},
): Promise<string[]> {
  const server = await startFaultServer(behave, tls !== null);
  try {
    return await connect({ address: '127.0.0.1', port: server.port, ...from }, tls, whenOpen);
  } finally {
    await server.close();
  }
}

test('a connection that is closed at once tells no more', async () => {
  const talkative = (socket: Socket) => void socket.write('hello');
  assert.equal(await meet(talkative, close), ['opened', 'closed in order']);
  assert.equal(await meet(talkative, close, { serverName: null }), ['connected', 'opened', 'closed in order']);
});

test('data and the end of the peer come in order', async () => {
  const echo = (socket: Socket) => void socket.once('data', bytes => socket.end(bytes));
  const say = (connection: Connection) => connection.write('ping');
  const expected = ['opened', 'data ping', 'ended', 'closed in order'];
  assert.equal(await meet(echo, say), expected);
  assert.equal(await meet(echo, say, { serverName: null }), ['connected', ...expected]);
});

test('closing before the connection stands is in order', async () => {
  const server = await startFaultServer(() => {});
  const told: string[] = [];
  await new Promise<void>(resolve => {
    const connection = sockets.connect({ address: '127.0.0.1', port: server.port }, null, {
      opened: () => told.push('opened'),
      data: () => told.push('data'),
      ended: () => told.push('ended'),
      closed(fault) {
        told.push(`closed ${describe(fault)}`);
        resolve();
      },
    });
    connection.close();
  });
  await server.close();
  assert.equal(told, ['closed in order']);
});

test('faults have the code and the words of the system', async () => {
  const port = await findClosedPort();
  const refused = await connect({ address: '127.0.0.1', port }, null, close);
  assert.equal(refused, ['closed ECONNREFUSED connection refused (remote)']);
  const unbound = await connect({ address: '127.0.0.1', port, localAddress: '192.0.2.1' }, null, close);
  assert.equal(unbound, ['closed EADDRNOTAVAIL address not available']);
  const reset = await meet(
    socket => socket.once('data', () => socket.resetAndDestroy()),
    connection => connection.write('x'),
  );
  assert.equal(reset, ['opened', 'closed ECONNRESET connection reset by peer']);
});

test('what is no TLS has a code of TLS', async () => {
  const server = await startFaultServer(socket => socket.end('220 mail\r\n'));
  const told = await connect({ address: '127.0.0.1', port: server.port }, { serverName: null }, close);
  await server.close();
  assert.match(told.at(-1) ?? '', /^closed (ERR_SSL_|EPROTO).* wrong version number$/);
});

test('a local address and port are used', async () => {
  const port = await findClosedPort();
  let seen = '';
  const look = (socket: Socket) => {
    seen = `${socket.remoteAddress}:${socket.remotePort}`;
    socket.end();
  };
  await meet(look, () => {}, null, { localAddress: '127.0.0.2', localPort: port });
  assert.is(seen, `127.0.0.2:${port}`);
});

test('the server name goes out only if there is one, and an address is none', async () => {
  const names: unknown[] = [];
  const server = createTlsServer(testCertificate, socket => {
    names.push('servername' in socket ? socket.servername : undefined);
    socket.on('error', () => {});
    socket.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const serverName of ['server.test', null, '192.0.2.1']) {
    await connect({ address: '127.0.0.1', port }, { serverName }, () => {});
  }
  server.close();
  await once(server, 'close');
  assert.equal(names, ['server.test', false, false]);
});

test('servers with old versions of TLS pass', async () => {
  const server = createTlsServer(
    { ...testCertificate, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    socket => socket.on('error', () => {}).end(),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const told = await connect(
    { address: '127.0.0.1', port: (server.address() as AddressInfo).port },
    { serverName: null },
    close,
  );
  server.close();
  await once(server, 'close');
  assert.equal(told, ['connected', 'opened', 'closed in order']);
});

test.run();
