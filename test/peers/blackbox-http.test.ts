// blackbox_exporter's prober tests for HTTP, in our words.
import { createHash } from 'node:crypto';
import * as assert from 'uvu/assert';
import { block, configFor, httpGet, runCheck, sslGet } from '../support/black-box.ts';
import { describeVerdict, type PeerCase, tellCases } from '../support/peer-cases.ts';
import { withServer } from '../support/scripted-server.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: blackbox http');

const codes: readonly (readonly [status: number, allowed: string, verdict: string])[] = [
  [200, '', 'up'],
  [201, '', 'up'],
  [299, '', 'up'],
  [300, '', 'down status'],
  [404, '', 'down status'],
  [404, '200 404', 'up'],
  [200, '200 404', 'up'],
  [201, '200 404', 'down status'],
  [404, '404', 'up'],
  [200, '404', 'down status'],
];
tellCases(
  test,
  codes.map(
    ([status, allowed, verdict]): PeerCase => ({
      title: `B01 ${status} where ${allowed || 'nothing'} is named is ${verdict}`,
      server: { urls: { '/': { status } } },
      checker: httpGet('path /', ...(allowed ? [`status_code ${allowed}`] : [])),
      verdict,
      detail: new RegExp(`^status ${status}`),
    }),
  ),
);

const longBody = 'x'.repeat(3_000_000);
tellCases(test, [
  ...(['1.0', '1.1'] as const).map(
    (httpVersion): PeerCase => ({
      title: `B02 an answer of HTTP/${httpVersion} passes whatever version was asked in`,
      server: { urls: { '/': '' }, httpVersion },
      checker: block('HTTP_GET', 'http_protocol 1.1', block('url', 'path /')),
      verdict: 'up',
      heard: /^GET \/ HTTP\/1\.1\r\n/,
    }),
  ),
  {
    title: 'B04 a body of any length is read in bounded memory, and judged by its digest',
    server: { urls: { '/': longBody } },
    checker: httpGet('path /', `digest ${createHash('md5').update(longBody).digest('hex')}`),
    verdict: 'up',
    detail: /^status 200, 3000000 bytes$/,
  },
  {
    title: 'B05 a redirection is not followed: it is a status like any other',
    server: { urls: { '/': { status: 302, headers: ['Location: /fine'] }, '/fine': '' } },
    checker: httpGet('path /'),
    verdict: 'down status',
    detail: /^status 302, expected 200-299$/,
    heard: /^GET \/ (?!.*GET \/fine)/s,
  },
  {
    title: 'B05 a redirection that is named passes',
    server: { urls: { '/': { status: 302, headers: ['Location: /fine'] } } },
    checker: httpGet('path /', 'status_code 302'),
    verdict: 'up',
    detail: /^status 302/,
  },
  {
    title: 'B06 a server that speaks no TLS where TLS is meant fails in the handshake',
    server: { greets: 'HTTP/1.0 400 Bad Request\r\n\r\n', afterwards: 'close' },
    checker: sslGet('path /'),
    verdict: 'down tls',
  },
  {
    title: 'B14 a deadline names its phase: the connection',
    server: 'its queue is full',
    checker: sslGet('path /'),
    hangs: ({ asked }) => asked === 1,
    verdict: 'down timeout_connect',
  },
  {
    title: 'B14 a deadline names its phase: the TLS handshake',
    server: {},
    checker: sslGet('path /'),
    hangs: ({ connected }) => connected === 1,
    verdict: 'down timeout_tls',
  },
  {
    title: 'B14 a deadline names its phase: the answer',
    server: { tls: true },
    checker: sslGet('path /'),
    hangs: ({ opened }) => opened === 1,
    verdict: 'down timeout_read',
  },
]);

test('B05 each of several urls is fetched, and the first that fails is named', () =>
  withServer({ urls: { '/': 'fine', '/gone': { status: 410 } } }, async ({ port }) => {
    const checker = block('HTTP_GET', block('url', 'path /'), block('url', 'path /gone'), block('url', 'path /never'));
    const { findings } = await runCheck(configFor(checker, port));
    assert.equal(findings.map(describeVerdict), ['down status']);
    assert.match(findings[0]?.detail ?? '', '/gone: status 410');
  }));

test('B14 the time told is that of all of it', () =>
  withServer({}, async server => {
    const { findings } = await runCheck(configFor(httpGet('path /'), server.port), async ({ until, clock }) => {
      await until(({ opened }) => opened === 1);
      await clock.advance(1250);
      await server.say('HTTP/1.0 204 so it is\r\n\r\n');
    });
    assert.is(findings[0]?.durationMs, 1250);
  }));

test.run();
