import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import * as assert from 'uvu/assert';
import type { Connection, ConnectOptions, SocketFault, TlsOptions } from '../../../src/model/ports.ts';
import { findClosedPort, startFaultServer } from '../../../testing/fault-server.ts';
import { testCertificate } from '../../../testing/test-certificate.ts';
import { socketPaths } from '../../support/socket-paths.ts';
import { suite } from '../../support/suite.ts';

for (const [path, sockets] of socketPaths) {
  const test = suite(`sockets ${path}`);

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

  test('an interface and a mark are set, and one that is not there is a fault', async () => {
    const greet = (socket: Socket) => void socket.end('hi');
    const told = ['opened', 'data hi', 'ended', 'closed in order'];
    assert.equal(await meet(greet, () => {}, null, { interface: 'lo', mark: 7 }), told);
    assert.equal(await meet(greet, () => {}, null, { mark: 7, localAddress: '127.0.0.3' }), told);
    assert.equal(await meet(greet, () => {}, { serverName: null }, { interface: 'lo' }), ['connected', ...told]);
    const lost = await meet(greet, () => {}, null, { interface: 'no-such-if' });
    assert.equal(lost, ['closed ENODEV bind_if: no such device']);
  });

  test('a preamble goes out before all else, before a TLS handshake too', async () => {
    for (const tls of [null, { serverName: null }]) {
      const server = await startFaultServer(() => {});
      const to = { address: '127.0.0.1', port: server.port, preamble: Buffer.from('PROXY UNKNOWN\r\n') };
      const done = connect(to, tls, connection => connection.write('hello'));
      const next = tls ? '\x16\x03' : 'hello';
      await server.heard(text => text.startsWith(`PROXY UNKNOWN\r\n${next}`));
      server.reset();
      await done;
      await server.close();
    }
  });

  test('a connection goes over to TLS when it is asked to', async () => {
    let step = 0;
    const server = await startFaultServer(socket => {
      socket.write('220 ready\r\n');
      socket.once('data', () => {
        socket.write('220 go ahead\r\n', () => {
          const layer = new TLSSocket(socket, { isServer: true, ...testCertificate });
          layer.on('error', () => {});
          layer.on('data', bytes => layer.end(`you said ${bytes}`));
        });
      });
    });
    const told: string[] = [];
    await new Promise<void>(resolve => {
      let connection: Connection | null = null;
      sockets.connect({ address: '127.0.0.1', port: server.port }, null, {
        opened(open) {
          connection = open;
          const name = open.certificate()?.subject;
          told.push(`opened ${name ?? 'in the clear'}`);
          if (name !== undefined) open.write('hello');
        },
        data(bytes) {
          told.push(`data ${Buffer.from(bytes)}`.trimEnd());
          step++;
          if (step === 1) connection?.write('STARTTLS\r\n');
          if (step === 2) connection?.startTls({ serverName: null });
        },
        ended: () => told.push('ended'),
        closed(fault) {
          told.push(`closed ${describe(fault)}`);
          resolve();
        },
      });
    });
    await server.close();
    assert.equal(told, [
      'opened in the clear',
      'data 220 ready',
      'data 220 go ahead',
      'opened checkalived.test',
      'data you said hello',
      'ended',
      'closed in order',
    ]);
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
}
