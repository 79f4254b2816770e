import { once } from 'node:events';
import { connect, type SecureVersion } from 'node:tls';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { stripCertificate, unwrapSession } from '../../../src/sys/session-bytes.ts';
import { answer, startFaultServer } from '../../../testing/fault-server.ts';
import { testCertificate } from '../../../testing/test-certificate.ts';
import { suite } from '../../support/suite.ts';

const test = suite('bytes of a TLS session');
const versions: readonly SecureVersion[] = ['TLSv1.2', 'TLSv1.3'];
const greet = answer(['hello'], { greets: true, until: '\n' });

/** A real session, and whether its server takes what `edit` makes of it. */
async function tryResuming(version: SecureVersion, edit: (session: Buffer) => Buffer): Promise<[Buffer, boolean]> {
  const server = await startFaultServer(greet, { ...testCertificate, maxVersion: version });
  const options = { host: '127.0.0.1', port: server.port, rejectUnauthorized: false };
  const first = connect(options);
  const [session] = (await once(first, 'session')) as [Buffer];
  first.destroy();
  const second = connect({ ...options, session: edit(session) });
  await once(second, 'secureConnect');
  const reused = second.isSessionReused();
  second.destroy();
  await server.close();
  return [session, reused];
}

test('what Node 24.21 puts before a session stays there', () => {
  const session = Buffer.from('3003020100', 'hex');
  const wrapped = Buffer.concat([Buffer.from('\0nodejs:tls:session:1\0\0\x09127.0.0.1', 'latin1'), session]);
  assert.equal(Buffer.from(unwrapSession(wrapped)), session);
  assert.equal(stripCertificate(wrapped), wrapped);
  const certificate = Buffer.from('3006020100a30100', 'hex');
  assert.equal(stripCertificate(Buffer.concat([wrapped.subarray(0, 33), certificate])), wrapped);
  for (const end of [1, 5, 22, 23, 24, 30]) assert.is(stripCertificate(wrapped.subarray(0, end)), null);
});

for (const version of versions) {
  test(`a session of ${version} is taken without its certificate`, async () => {
    let stripped: Buffer | null = null;
    const [session, reused] = await tryResuming(version, bytes => {
      stripped = stripCertificate(bytes);
      assert.ok(stripped);
      return stripped;
    });
    assert.ok(reused);
    assert.ok(stripped);
    const certificate = session.length - (stripped as Buffer).length;
    assert.ok(certificate > 350, `${certificate} bytes less`);
    assert.equal(stripCertificate(stripped), stripped);
  });
}

test('what is no session gives nothing, and nothing is thrown', async () => {
  const [session] = await tryResuming('TLSv1.3', bytes => bytes);
  for (let length = 0; length < session.length; length++) {
    assert.is(stripCertificate(session.subarray(0, length)), null);
  }
  assert.is(stripCertificate(Buffer.concat([session, Buffer.of(0)])), null);
  const hex = (text: string) => stripCertificate(Buffer.from(text, 'hex'));
  assert.is(hex('310102'), null);
  // No end, a length of three bytes, a tag of several bytes, a field that goes beyond.
  for (const bad of ['3080020100', '3083000003020100', '30033f0100', '3003020200']) assert.is(hex(bad), null, bad);
  assert.equal(hex('3003020100')?.toString('hex'), '3003020100');
  fc.assert(
    fc.property(fc.nat(session.length - 1), fc.nat(255), (at, value) => {
      const broken = Buffer.from(session);
      broken[at] = value;
      stripCertificate(broken);
    }),
  );
});

test('lengths have as many bytes as they need', () => {
  for (const length of [0, 1, 127, 128, 255, 256, 5000]) {
    const kept = Buffer.concat([headed(0x04, length), Buffer.alloc(length, 7)]);
    const dropped = Buffer.concat([headed(0xa3, 300), Buffer.alloc(300, 9)]);
    const whole = Buffer.concat([headed(0x30, kept.length + dropped.length), dropped, kept]);
    assert.equal(stripCertificate(whole), Buffer.concat([headed(0x30, kept.length), kept]));
  }
});

function headed(tag: number, length: number): Buffer {
  if (length < 128) return Buffer.of(tag, length);
  return length < 256 ? Buffer.of(tag, 0x81, length) : Buffer.of(tag, 0x82, length >> 8, length & 255);
}

test.run();
