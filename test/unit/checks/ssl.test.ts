import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket, type TlsOptions } from 'node:tls';
import * as assert from 'uvu/assert';
import { sslParams } from '../../../checks/http-params.ts';
import type { HttpSpec } from '../../../checks/http-plan.ts';
import { ssl } from '../../../checks/ssl.ts';
import type { CheckTarget, SslSettings } from '../../../src/model/check.ts';
import { secret } from '../../../src/model/secret.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { makeContext, makeTarget } from '../../../testing/check-context.ts';
import { startFaultServer } from '../../../testing/fault-server.ts';
import { testCertificate } from '../../../testing/test-certificate.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { socketPaths } from '../../support/socket-paths.ts';
import { suite } from '../../support/suite.ts';
import { testAuthority } from '../../support/test-authority.ts';

for (const [path, sockets] of socketPaths) {
  const test = suite(`ssl check ${path}`);
  const day = 86_400_000;
  const good: TlsOptions = { cert: testAuthority.server, key: testAuthority.serverKey };
  const expired: TlsOptions = { cert: testAuthority.expired, key: testAuthority.serverKey };
  const unsigned: TlsOptions = testCertificate;
  const answers = (socket: Socket): void => void socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nhello'));

  let directory = '';
  let ca = '';
  test.before(() => {
    directory = mkdtempSync(join(tmpdir(), 'checkalived-ssl-'));
    ca = write('ca.pem', testAuthority.authority);
  });
  test.after(() => rmSync(directory, { recursive: true }));

  function write(name: string, text: string): string {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  }

  function plan(port: number, given: Readonly<Record<string, unknown>>, more: Partial<CheckTarget> = {}): HttpSpec {
    const type = sslParams.find(param => param.name === 'url')?.type;
    const url = [blockValues(type?.kind === 'block' ? type.params : [], { path: '/' })];
    const target = makeTarget({ address: '127.0.0.1', port, ...more });
    const faults: string[] = [];
    const [spec] = ssl.plan(blockValues(sslParams, { ...given, url }), target, (_, code) => faults.push(code));
    assert.equal(faults, []);
    assert.ok(spec);
    return spec;
  }

  /** One check of a server on 127.0.0.1. */
  async function check(
    server: TlsOptions | false,
    given: Readonly<Record<string, unknown>>,
    more: Partial<CheckTarget> = {},
    behave: (socket: Socket) => void = answers,
    clock = new VirtualClock(),
  ): Promise<string> {
    const peer = await startFaultServer(behave, server);
    try {
      const result = await ssl.check(plan(peer.port, given, more), makeContext({ sockets, clock }));
      const warning = result.ok && result.warning !== undefined ? `, warning: ${result.warning}` : '';
      return `${result.ok ? 'ok' : result.reason}: ${result.detail}${warning}`;
    } finally {
      await peer.close();
    }
  }
  const passes = 'ok: status 200, 5 bytes';
  const named = { virtualhost: 'www.checkalived.test' };

  test('B13: whatever certificate a server shows is taken, unless verify is on', async () => {
    for (const server of [good, expired, unsigned])
      assert.match(await check(server, { expiry_warning: 0 }, named), passes);
    assert.is(await check(good, { verify: true, ca }, named), passes);
    assert.is(await check(expired, { verify: true, ca }, named), 'certificate: certificate has expired');
    assert.is(await check(unsigned, { verify: true, ca }, named), 'certificate: self-signed certificate');
    assert.is(await check(good, { verify: true }, named), 'certificate: unable to verify the first certificate');
  });

  test('B13: the certificate must be for the SNI name, else the virtualhost, else the address', async () => {
    const verify = { verify: true, ca };
    assert.is(await check(good, verify), passes);
    assert.is(await check(good, verify, { virtualhost: 'www.checkalived.test:443' }), passes);
    assert.is(await check(good, verify, { virtualhost: 'a.farm.test' }), passes);
    assert.is(
      await check(good, verify, { virtualhost: 'other.test' }),
      "certificate: Host: other.test. is not in the cert's altnames: DNS:www.checkalived.test, DNS:*.farm.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1",
    );
    assert.is(await check(good, { ...verify, sni_name: 'a.farm.test' }, { virtualhost: 'other.test' }), passes);
    assert.match(await check(good, { ...verify, sni_name: 'other.test' }, named), /^certificate: /);
    // An address that is not in the certificate.
    const elsewhere = { cert: testAuthority.client, key: testAuthority.clientKey };
    assert.match(await check(elsewhere, verify), /^certificate: /);
  });

  test('verify sends the name that it looks for, unless enable_sni is off', async () => {
    const names: unknown[] = [];
    const behave = (socket: Socket): void => {
      if (socket instanceof TLSSocket) names.push(socket.servername);
      answers(socket);
    };
    await check(good, { verify: true, ca }, named, behave);
    await check(good, { verify: true, ca, enable_sni: false }, named, behave);
    await check(good, {}, named, behave);
    assert.equal(names, ['www.checkalived.test', false, false]);
  });

  test('the authorities of the block SSL are taken where the check names none', async () => {
    const settings: SslSettings = { identity: null, ca };
    assert.is(await check(good, { verify: true }, { ...named, ssl: settings }), passes);
    assert.is(await check(unsigned, {}, { ...named, ssl: settings }), passes);
  });

  test('the end of a certificate is warned of in the same words each day, and changes nothing else', async () => {
    const clock = new VirtualClock();
    const end = Date.UTC(2119, 0, 1);
    const at = (left: number, given: Record<string, unknown> = {}) => {
      clock.wall = () => end - left;
      return check(good, given, {}, answers, clock);
    };
    const warning = ', warning: the certificate of www.checkalived.test expires on 2119-01-01';
    assert.is(await at(15 * day), passes);
    assert.is(await at(14 * day), passes + warning);
    assert.is(await at(day), passes + warning);
    assert.is(await at(-day), passes + warning.replace('expires', 'expired'));
    assert.is(await at(15 * day, { expiry_warning: 30 }), passes + warning);
    assert.is(await at(day, { expiry_warning: 0 }), passes);
  });

  test('a server that asks for it is shown the certificate of the block SSL', async () => {
    const asking: TlsOptions = { ...good, requestCert: true, rejectUnauthorized: true, ca: testAuthority.authority };
    const certificate = write('client.pem', testAuthority.client);
    const key = write('client.key', testAuthority.clientKey);
    const locked = write('locked.key', testAuthority.lockedClientKey);
    const shown: unknown[] = [];
    const behave = (socket: Socket): void => {
      if (socket instanceof TLSSocket) shown.push(socket.getPeerCertificate().subject.CN);
      answers(socket);
    };
    const show = (identity: SslSettings['identity']) => check(asking, {}, { ssl: { identity, ca: null } }, behave);
    assert.is(await show({ certificate, key }), passes);
    assert.is(await show({ certificate, key: locked, password: secret('hunter2') }), passes);
    assert.equal(shown, ['director.checkalived.test', 'director.checkalived.test']);
    assert.match(await show(null), /^(?:tls|reset|protocol): /);
    assert.is(shown.length, 2);
  });

  test('a file that cannot be used is our own fault, and is named', async () => {
    const certificate = write('shown.pem', testAuthority.client);
    const key = join(directory, 'gone.key');
    const show = (identity: SslSettings['identity']) => check(good, {}, { ssl: { identity, ca: null } });
    const missing = `local: cannot read the key ${key}: no such file or directory`;
    assert.is(await show({ certificate, key }), missing);
    const locked = write('locked2.key', testAuthority.lockedClientKey);
    const wrong = await show({ certificate, key: locked, password: secret('hunter3') });
    assert.match(wrong, `local: cannot use certificate ${certificate}, key ${locked}: `);
    assert.not.match(wrong, 'hunter');
    assert.is(
      await check(good, { verify: true, ca: directory }, named),
      `local: cannot read the ca ${directory}: illegal operation on a directory`,
    );
    const empty = write('empty.pem', '');
    assert.is(
      await check(good, { verify: true, ca: empty }, named),
      `local: there is no certificate in the ca ${empty}`,
    );
  });

  test('files are read anew when they change', async () => {
    const changing = write('changing.pem', testCertificate.cert);
    assert.match(await check(good, { verify: true, ca: changing }, named), /^certificate: /);
    write('changing.pem', testAuthority.authority);
    assert.is(await check(good, { verify: true, ca: changing }, named), passes);
    rmSync(changing);
    assert.match(await check(good, { verify: true, ca: changing }, named), /^local: /);
  });

  test('H27: a port that speaks TLS passes, one that closes or speaks HTTP does not', async () => {
    assert.is(await check(unsigned, {}), passes);
    assert.is(await check(false, {}, {}, socket => void socket.end()), 'protocol: closed in the TLS handshake');
    const plain = await check(false, {}, {}, socket => void socket.end('HTTP/1.0 400 Bad Request\r\n\r\n'));
    assert.match(plain, /^tls: /);
  });

  test('H28: a server that knows its names passes with the right one and fails with a wrong one', async () => {
    const picky: TlsOptions = {
      ...good,
      SNICallback: (name, done) => done(name === 'www.checkalived.test' ? null : new Error(`no ${name}`)),
    };
    assert.is(await check(picky, { sni_name: 'www.checkalived.test' }), passes);
    assert.is(await check(picky, { enable_sni: true }, named), passes);
    assert.match(await check(picky, { sni_name: 'wrong.test' }), /^protocol: closed in the TLS handshake$/);
  });

  test('H33: traffic may be plain on one port and checked over TLS on another', async () => {
    const other = await startFaultServer(answers, good);
    try {
      assert.is(await check(false, { connect_port: other.port }), passes);
    } finally {
      await other.close();
    }
  });

  test('a check that passed lends its session to the next, and one that failed does not, whatever it failed of', async () => {
    let seen = '';
    let status = 200;
    const behave = (socket: Socket): void => {
      if (socket instanceof TLSSocket)
        seen += socket.getProtocol() === 'TLSv1.3' ? 'N' : socket.isSessionReused() ? 'h' : 'H';
      socket.once('data', () => socket.end(`HTTP/1.0 ${status} Word\r\n\r\n`));
    };
    const peer = await startFaultServer(behave, good);
    const warned: (string | undefined)[] = [];
    const ends = new Set<number | undefined>();
    const run = async (given: Readonly<Record<string, unknown>> = {}): Promise<boolean> => {
      const result = await ssl.check(plan(peer.port, { expiry_warning: 36_500, ...given }), makeContext({ sockets }));
      if (result.ok) warned.push(result.warning);
      ends.add(result.certificateEnds);
      return result.ok;
    };
    try {
      assert.equal([await run()], [true]);
      status = 500;
      assert.equal([await run(), await run()], [false, false]);
      status = 200;
      assert.equal([await run(), await run()], [true, true]);
      assert.equal([await run({ tls_session_reuse: false }), await run({ tls_session_reuse: false })], [true, true]);
      assert.is(seen, 'NHNNNHNN');
      // The same words, whether the certificate came now or before.
      assert.is(warned.length, 5);
      assert.equal([...new Set(warned)], ['the certificate of www.checkalived.test expires on 2119-01-01']);
      assert.equal([...ends], [Date.parse('2119-01-01T00:00:00Z')]);
    } finally {
      await peer.close();
    }
  });

  test('tls_session_reuse stands in the plan only where it is off: the identity of all other checks stays', () => {
    const tls = (given: Readonly<Record<string, unknown>>) => plan(443, given).urls[0]?.tls;
    assert.equal(tls({}), { serverName: null });
    assert.equal(tls({ tls_session_reuse: true }), { serverName: null });
    assert.equal(tls({ tls_session_reuse: false }), { serverName: null, reuseSession: false });
  });

  test.run();
}
