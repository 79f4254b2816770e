import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type TlsOptions as ServerOptions, type TLSSocket } from 'node:tls';
import * as assert from 'uvu/assert';
import type { ConnectionOutcome, TlsOptions } from '../../../src/model/ports.ts';
import { testCertificate } from '../../../testing/test-certificate.ts';
import { socketPaths } from '../../support/socket-paths.ts';
import { suite } from '../../support/suite.ts';
import { testAuthority } from '../../support/test-authority.ts';

for (const [path, sockets] of socketPaths) {
  const test = suite(`resumption of TLS sessions ${path}`);
  const plain: TlsOptions = { serverName: null };
  const good: ServerOptions = { cert: testAuthority.server, key: testAuthority.serverKey };
  const expired: ServerOptions = { cert: testAuthority.expired, key: testAuthority.serverKey };

  let directory = '';
  let verified: TlsOptions = plain;
  test.before(() => {
    directory = mkdtempSync(join(tmpdir(), 'checkalived-resumption-'));
    const ca = join(directory, 'ca.pem');
    writeFileSync(ca, testAuthority.authority);
    verified = { serverName: 'www.checkalived.test', verify: { name: 'www.checkalived.test', ca } };
  });
  test.after(() => rmSync(directory, { recursive: true }));

  interface Peer {
    readonly server: Server;
    /** One letter for each connection: `F` full, `r` resumed. */
    seen(): string;
    /** One connection over which a word comes back. Tells the certificate's subject, or the fault. */
    visit(tls?: TlsOptions, outcome?: ConnectionOutcome): Promise<string>;
  }

  async function meet(options: ServerOptions, body: (peer: Peer) => Promise<void>): Promise<void> {
    let seen = '';
    const serve = (socket: TLSSocket): void => {
      seen += socket.isSessionReused() ? 'r' : 'F';
      socket.on('error', () => {});
      socket.on('data', bytes => socket.write(bytes));
    };
    const server = createServer(options, serve);
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      await body({ server, seen: () => seen, visit: (tls = plain, outcome = 'passed') => visit(port, tls, outcome) });
    } finally {
      server.close();
      await once(server, 'close');
    }
  }

  function visit(port: number, tls: TlsOptions, outcome: ConnectionOutcome): Promise<string> {
    let subject = '';
    return new Promise(resolve => {
      const connection = sockets.connect({ address: '127.0.0.1', port }, tls, {
        opened(open) {
          subject = open.certificate()?.subject ?? 'no certificate';
          open.write('x');
        },
        data: () => connection.close(outcome),
        ended: () => {},
        closed: fault => resolve(fault ? fault.message : subject),
      });
    });
  }

  async function repeat(times: number, run: () => Promise<unknown>): Promise<void> {
    for (let done = 0; done < times; done++) await run();
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const only: ServerOptions = { ...testCertificate, minVersion: version, maxVersion: version };

    test(`every tenth connection of ${version} is a full handshake, and all know the certificate`, async () => {
      await meet(only, async ({ seen, visit }) => {
        await repeat(40, async () => assert.is(await visit(), 'checkalived.test'));
        assert.match(seen(), /^Fr{1,9}(Fr{9}){2,3}F?r{0,9}$/);
      });
    });

    test(`a ticket of ${version} that is refused costs a full handshake and no check`, async () => {
      await meet(only, async ({ server, seen, visit }) => {
        await repeat(2, visit);
        server.setTicketKeys(randomBytes(48));
        await repeat(2, async () => assert.is(await visit(), 'checkalived.test'));
        assert.is(seen(), 'FrFr');
      });
    });

    test(`a server of ${version} that keeps no sessions passes`, async () => {
      await meet({ ...only, secureOptions: noTicket }, async ({ seen, visit }) => {
        await repeat(4, async () => assert.is(await visit(), 'checkalived.test'));
        assert.is(seen(), 'FFFF');
      });
    });
  }
  /** SSL_OP_NO_TICKET. */
  const noTicket = 1 << 14;

  // Node itself does so for TLS 1.2 only.
  test('a server that keeps sessions itself is resumed', async () => {
    await meet(
      { ...testCertificate, maxVersion: 'TLSv1.2', secureOptions: noTicket },
      async ({ server, seen, visit }) => {
        const kept = new Map<string, Buffer>();
        server.on('newSession', (id: Buffer, data: Buffer, done: () => void) => {
          kept.set(id.toString('hex'), data);
          done();
        });
        server.on('resumeSession', (id: Buffer, done: (error: null, data: Buffer | null) => void) => {
          done(null, kept.get(id.toString('hex')) ?? null);
        });
        await repeat(4, async () => assert.is(await visit(), 'checkalived.test'));
        assert.match(seen(), /^Fr/);
      },
    );
  });

  test('after a check that has not passed the next handshake is a full one', async () => {
    await meet(testCertificate, async ({ seen, visit }) => {
      await visit();
      await visit(plain, 'failed');
      await visit(plain, 'failed');
      await visit();
      await visit(plain, 'aborted');
      await repeat(2, visit);
      assert.is(seen(), 'FrFFrFr');
    });
  });

  test('a server that was gone for a while is resumed again', async () => {
    await meet(testCertificate, async ({ server, seen, visit }) => {
      await repeat(2, visit);
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, 'close');
      assert.is(await visit(), 'connection refused');
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      await repeat(2, visit);
      assert.is(seen(), 'FrFr');
    });
  });

  test('a session is used only where everything is the same, and not at all where that is asked for', async () => {
    await meet(good, async ({ seen, visit }) => {
      await visit();
      await visit({ serverName: 'www.checkalived.test' });
      await visit(verified);
      await visit({ ...plain, protocols: ['http/1.1'] });
      assert.is(seen(), 'FFFF');
      await visit({ ...plain, reuseSession: false });
      await visit({ ...plain, reuseSession: false });
      assert.is(seen(), 'FFFFFF');
      await visit();
      await visit(verified);
      assert.is(seen(), 'FFFFFFrr');
    });
  });

  test('a resumed connection agrees on a protocol as the first did', async () => {
    await meet({ ...testCertificate, ALPNProtocols: ['h2'] }, async ({ server, seen, visit }) => {
      const agreed: unknown[] = [];
      server.on('secureConnection', socket => agreed.push(socket.alpnProtocol));
      await repeat(2, () => visit({ ...plain, protocols: ['h2'] }));
      assert.is(seen(), 'Fr');
      assert.equal(agreed, ['h2', 'h2']);
    });
  });

  test('where the certificate is verified, one that expired is found by the next full handshake and stays found', async () => {
    await meet(good, async ({ server, seen, visit }) => {
      await repeat(2, async () => assert.is(await visit(verified), 'www.checkalived.test'));
      assert.is(seen(), 'Fr');
      server.setSecureContext(expired);
      let last = '';
      for (let tries = 0; tries < 12 && last !== 'certificate has expired'; tries++) last = await visit(verified);
      assert.is(last, 'certificate has expired');
      await repeat(3, async () => assert.is(await visit(verified), 'certificate has expired'));
      server.setSecureContext(good);
      assert.is(await visit(verified), 'www.checkalived.test');
      assert.is(await visit(verified), 'www.checkalived.test');
    });
  });

  test('where the certificate is verified, TLS 1.2 makes a full handshake each time', async () => {
    await meet({ ...good, maxVersion: 'TLSv1.2' }, async ({ seen, visit }) => {
      await repeat(3, async () => assert.is(await visit(verified), 'www.checkalived.test'));
      assert.is(seen(), 'FFF');
    });
  });

  test.run();
}
