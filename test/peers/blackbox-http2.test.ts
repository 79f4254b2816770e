// What blackbox_exporter and HAProxy ask of HTTP/2, in our words.
import { once } from 'node:events';
import { createSecureServer, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import * as assert from 'uvu/assert';
import { testCertificate } from '../../testing/test-certificate.ts';
import { block, configFor, runCheck } from '../support/black-box.ts';
import { describeVerdict, tellCases } from '../support/peer-cases.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: blackbox http2');
const fetch = (keyword: string): string => block(keyword, 'http_protocol 2', block('url', 'path /'));

/** What the check says of a server that speaks HTTP/2 and nothing else, and what was agreed on in the handshake. */
async function askHttp2(keyword: 'HTTP_GET' | 'SSL_GET') {
  const server = keyword === 'SSL_GET' ? createSecureServer(testCertificate) : createServer();
  let agreed: string | undefined;
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session: ServerHttp2Session) => {
    agreed = session.alpnProtocol;
    sessions.add(session);
  });
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200 });
    stream.end('fine');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { findings } = await runCheck(configFor(fetch(keyword), (server.address() as AddressInfo).port));
  for (const session of sessions) session.destroy();
  server.close();
  await once(server, 'close');
  return { verdicts: findings.map(describeVerdict), agreed };
}

test('B02 a server of HTTP/2 is asked in HTTP/2, over a plain connection too', async () => {
  assert.equal((await askHttp2('HTTP_GET')).verdicts, ['up']);
});

test('H28 HTTP/2 is agreed on in the handshake by ALPN', async () => {
  assert.equal(await askHttp2('SSL_GET'), { verdicts: ['up'], agreed: 'h2' });
});

tellCases(test, [
  {
    title: 'B02 a server of HTTP/1.1 is down where HTTP/2 is asked for',
    server: { greets: 'HTTP/1.1 400 Bad Request\r\n\r\n', afterwards: 'close' },
    checker: fetch('HTTP_GET'),
    verdict: 'down protocol',
    detail: /, expected HTTP\/2$/,
  },
  {
    title: 'B02 the same over TLS, where nothing is agreed on',
    server: { tls: true, urls: { '/': '' } },
    checker: fetch('SSL_GET'),
    verdict: 'down protocol',
    detail: /, expected HTTP\/2$/,
  },
]);

test.run();
