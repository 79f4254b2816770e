import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type TlsOptions as ServerOptions, type TLSSocket } from 'node:tls';
import * as assert from 'uvu/assert';
import type { Connection, ConnectionOutcome, ConnectOptions, TlsOptions } from '../../../src/model/ports.ts';
import { testCertificate } from '../../../testing/test-certificate.ts';
import { listenApart } from '../../support/listen-apart.ts';
import { socketPaths } from '../../support/socket-paths.ts';
import { suite } from '../../support/suite.ts';
import { testAuthority } from '../../support/test-authority.ts';

for (const [path, sockets] of socketPaths) {
  const test = suite(`resumption of TLS sessions ${path}`);
  const plain: TlsOptions = { serverName: null, reuseSession: true };
  const good: ServerOptions = { cert: testAuthority.server, key: testAuthority.serverKey };
  const expired: ServerOptions = { cert: testAuthority.expired, key: testAuthority.serverKey };

  let directory = '';
  let verified: TlsOptions = plain;
  test.before(() => {
    directory = mkdtempSync(join(tmpdir(), 'checkalived-resumption-'));
    const ca = join(directory, 'ca.pem');
    writeFileSync(ca, testAuthority.authority);
    verified = { ...plain, serverName: 'www.checkalived.test', verify: { name: 'www.checkalived.test', ca } };
  });
  test.after(() => rmSync(directory, { recursive: true }));

  interface Peer {
    readonly server: Server;
    /** One letter for each connection: of TLS 1.3 `N` a full handshake, `R` a resumed one; of TLS 1.2 `H` and `h`. */
    seen(): string;
    /** One connection over which a word comes back. Tells the certificate's subject, or the fault. */
    visit(tls?: TlsOptions, outcome?: ConnectionOutcome, route?: Partial<ConnectOptions>): Promise<string>;
    /** Whether the connection over which it comes back was shortened. */
    isShort(tls?: TlsOptions): Promise<Connection['shortened']>;
  }

  async function meet(options: ServerOptions, body: (peer: Peer) => Promise<void>): Promise<void> {
    let seen = '';
    const serve = (socket: TLSSocket): void => {
      const letters = socket.getProtocol() === 'TLSv1.3' ? 'RN' : 'hH';
      seen += letters[socket.isSessionReused() ? 0 : 1];
      socket.on('error', () => {});
      socket.on('data', bytes => socket.write(bytes));
    };
    const server = createServer(options, serve);
    server.on('tlsClientError', () => {});
    const peer = await listenApart(server);
    try {
      await body({
        server,
        seen: () => seen,
        visit: async (tls = plain, outcome = 'passed', route = {}) => (await visit(peer, tls, outcome, route)).told,
        isShort: async (tls = plain) => (await visit(peer, tls, 'passed', {})).shortened,
      });
    } finally {
      server.close();
      await once(server, 'close');
    }
  }

  function visit(
    peer: ConnectOptions,
    tls: TlsOptions,
    outcome: ConnectionOutcome,
    route: Partial<ConnectOptions>,
  ): Promise<{ readonly told: string; readonly shortened: Connection['shortened'] }> {
    let subject = '';
    return new Promise(resolve => {
      const connection = sockets.connect({ ...peer, ...route }, tls, {
        opened(open) {
          subject = open.certificate()?.subject ?? 'no certificate';
          open.write('x');
        },
        data: () => connection.close(outcome),
        ended: () => {},
        closed: fault => resolve({ told: fault ? fault.message : subject, shortened: connection.shortened }),
      });
    });
  }

  async function repeat(times: number, run: () => Promise<unknown>): Promise<void> {
    for (let done = 0; done < times; done++) await run();
  }

  const ofVersion = (version: 'TLSv1.2' | 'TLSv1.3'): ServerOptions => ({
    ...testCertificate,
    minVersion: version,
    maxVersion: version,
  });
  const name = 'checkalived.test';
  /** SSL_OP_NO_TICKET. */
  const noTicket = 1 << 14;

  test('of a server that speaks both one connection in twenty is natural, the others resume TLS 1.2, and all know the certificate', async () => {
    await meet(testCertificate, async ({ seen, visit }) => {
      await repeat(61, async () => assert.is(await visit(), name));
      assert.match(seen(), /^NHh{0,18}(NH?h{18,19})*NH?h{0,18}$/);
      const times = (letter: RegExp): number => seen().match(letter)?.length ?? 0;
      assert.ok(times(/N/g) <= 5 && times(/H/g) === 1, seen());
    });
  });

  test('of a server of TLS 1.2 one connection in twenty is a full handshake, and all know the certificate', async () => {
    await meet(ofVersion('TLSv1.2'), async ({ seen, visit }) => {
      await repeat(45, async () => assert.is(await visit(), name));
      assert.match(seen(), /^Hh{1,19}(Hh{19})*Hh*$/);
    });
  });

  test('a server that speaks TLS 1.3 only is held to TLS 1.2 once, and then resumed in TLS 1.3', async () => {
    await meet(ofVersion('TLSv1.3'), async ({ seen, visit }) => {
      assert.is(await visit(), name);
      // OpenSSL's word for it, or a reset: the server closes behind its alert.
      assert.match(await visit(), /protocol version|reset|disconnected/i);
      await repeat(43, async () => assert.is(await visit(), name));
      assert.match(seen(), /^NNR{1,19}(NR{19})*NR*$/);
    });
  });

  test('the connection after one that was refused is natural, on every route', async () => {
    for (const route of [{}, { interface: 'lo' }]) {
      await meet(testCertificate, async ({ server, seen, visit }) => {
        const { address, port } = server.address() as AddressInfo;
        await repeat(3, async () => assert.is(await visit(plain, 'passed', route), name));
        server.close();
        await once(server, 'close');
        assert.match(await visit(plain, 'passed', route), 'refused');
        server.listen(port, address);
        await once(server, 'listening');
        await repeat(2, async () => assert.is(await visit(plain, 'passed', route), name));
        assert.is(seen(), 'NHhNH');
      });
    }
  });

  test('a ticket that is refused costs a full handshake and no check', async () => {
    await meet(testCertificate, async ({ server, seen, visit }) => {
      await repeat(3, () => visit());
      server.setTicketKeys(randomBytes(48));
      await repeat(2, async () => assert.is(await visit(), name));
      assert.is(seen(), 'NHhHh');
    });
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      await meet(ofVersion(version), async ({ server, seen, visit }) => {
        await repeat(3, () => visit());
        server.setTicketKeys(randomBytes(48));
        await repeat(2, async () => assert.is(await visit(), name));
        assert.is(seen(), version === 'TLSv1.2' ? 'HhhHh' : 'NNNR');
      });
    }
  });

  test('a server that keeps no sessions passes, and is soon left alone', async () => {
    await meet({ ...testCertificate, secureOptions: noTicket }, async ({ seen, visit }) => {
      await repeat(8, async () => assert.is(await visit(), name));
      assert.is(seen(), 'NHHHHNNN');
    });
    await meet({ ...ofVersion('TLSv1.2'), secureOptions: noTicket }, async ({ seen, visit }) => {
      await repeat(4, async () => assert.is(await visit(), name));
      assert.is(seen(), 'HHHH');
    });
  });

  test('a server whose TLS 1.2 shows another certificate is known by that which clients see', async () => {
    await meet(good, async ({ server, seen, visit }) => {
      assert.is(await visit(), 'www.checkalived.test');
      server.setSecureContext({ ...testCertificate, maxVersion: 'TLSv1.2' });
      await repeat(2, async () => assert.is(await visit(), 'www.checkalived.test'));
      server.setSecureContext(good);
      assert.is(await visit(), 'www.checkalived.test');
      assert.match(seen(), /^NHh/);
    });
  });

  test('a certificate that was exchanged is seen within twenty connections', async () => {
    await meet(good, async ({ server, visit }) => {
      await repeat(3, async () => assert.is(await visit(), 'www.checkalived.test'));
      server.setSecureContext(testCertificate);
      let connections = 0;
      while ((await visit()) !== name) assert.ok(++connections < 20);
      assert.is(await visit(), name);
    });
  });

  test('whoever wants a proof, shows one or agrees on a protocol is never held to TLS 1.2', async () => {
    const identity = { certificate: join(directory, 'client.pem'), key: join(directory, 'client.key') };
    writeFileSync(identity.certificate, testAuthority.client);
    writeFileSync(identity.key, testAuthority.clientKey);
    for (const tls of [verified, { ...plain, identity }, { ...plain, protocols: ['http/1.1'] }]) {
      await meet(good, async ({ seen, visit }) => {
        await repeat(41, async () => assert.is(await visit(tls), 'www.checkalived.test'));
        assert.match(seen(), /^NR{1,19}(NR{19})*NR*$/);
      });
    }
  });

  test('a connection says whether it was shortened', async () => {
    await meet(testCertificate, async ({ server, seen, isShort }) => {
      const said: unknown[] = [];
      await repeat(4, async () => said.push(await isShort()));
      assert.equal(said, [false, 'untried', 'untried', true]);
      assert.is(seen(), 'NHhh');
      assert.equal(
        [await isShort({ serverName: null }), await isShort({ ...plain, reuseSession: false })],
        [false, false],
      );
      const { address, port } = server.address() as AddressInfo;
      server.close();
      await once(server, 'close');
      // What was refused never got so far.
      assert.is(await isShort(), false);
      server.listen(port, address);
      await once(server, 'listening');
    });
    // A session that was refused has shortened nothing.
    await meet(ofVersion('TLSv1.2'), async ({ server, isShort }) => {
      assert.equal([await isShort(), await isShort(), await isShort()], [false, 'untried', true]);
      server.setTicketKeys(randomBytes(48));
      assert.is(await isShort(), false);
    });
  });

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
        assert.match(seen(), /^Hh/);
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
      await repeat(2, () => visit());
      assert.is(seen(), 'NHNNHNH');
    });
  });

  test('a server that was gone for a while is resumed again', async () => {
    await meet(testCertificate, async ({ server, seen, visit }) => {
      await repeat(2, () => visit());
      const { address, port } = server.address() as AddressInfo;
      server.close();
      await once(server, 'close');
      assert.is(await visit(), 'connection refused');
      server.listen(port, address);
      await once(server, 'listening');
      await repeat(2, () => visit());
      assert.is(seen(), 'NHNH');
    });
  });

  test('a session is used only where everything is the same, and not at all where that is asked for', async () => {
    await meet(good, async ({ seen, visit }) => {
      await visit();
      await visit({ ...plain, serverName: 'www.checkalived.test' });
      await visit(verified);
      await visit({ ...plain, protocols: ['http/1.1'] });
      assert.is(seen(), 'NNNN');
      await repeat(2, () => visit({ serverName: null }));
      await repeat(2, () => visit({ serverName: null, reuseSession: false }));
      assert.is(seen(), 'NNNNNNNN');
      await visit();
      await visit(verified);
      assert.is(seen(), 'NNNNNNNNHR');
    });
  });

  test('a resumed connection agrees on a protocol as the first did', async () => {
    await meet({ ...testCertificate, ALPNProtocols: ['h2'] }, async ({ server, seen, visit }) => {
      const agreed: unknown[] = [];
      server.on('secureConnection', socket => agreed.push(socket.alpnProtocol));
      await repeat(2, () => visit({ ...plain, protocols: ['h2'] }));
      assert.is(seen(), 'NR');
      assert.equal(agreed, ['h2', 'h2']);
    });
  });

  test('where the certificate is verified, one that expired is found by the next full handshake and stays found', async () => {
    await meet(good, async ({ server, seen, visit }) => {
      await repeat(2, async () => assert.is(await visit(verified), 'www.checkalived.test'));
      assert.is(seen(), 'NR');
      server.setSecureContext(expired);
      let last = '';
      for (let tries = 0; tries < 22 && last !== 'certificate has expired'; tries++) last = await visit(verified);
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
      assert.is(seen(), 'HHH');
    });
  });

  test.run();
}
