// keepalived's test/tcp_server.c and its fellows, in our words: each knob of the scripted server, seen through a checker.
import * as assert from 'uvu/assert';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { block, configFor, httpGet, runCheck, sslGet } from '../support/black-box.ts';
import { describeVerdict, tellCases } from '../support/peer-cases.ts';
import { startScriptedServer, withServer } from '../support/scripted-server.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: keepalived');
const tcp = 'TCP_CHECK { }';

tellCases(test, [
  {
    title: 'K03 a TCP server that talks as soon as it is connected to passes',
    server: { greets: 'hello, whoever you are\r\n' },
    checker: tcp,
    verdict: 'up',
  },
  {
    title: 'K03 a TCP server that resets what it has accepted was there',
    server: { greets: '', afterwards: 'reset' },
    checker: tcp,
    verdict: 'up',
  },
  {
    title: 'K03 a backlog that is full is a timeout of the connection',
    server: 'its queue is full',
    checker: block('TCP_CHECK', 'connect_timeout 2'),
    hangs: ({ asked }) => asked === 1,
    moves: 2000,
    verdict: 'down timeout_connect',
    detail: /^no connection within 2 s$/,
  },
  {
    title: 'K03 a web server that accepts and is silent fails at the deadline',
    server: {},
    checker: httpGet('path /'),
    hangs: ({ opened }) => opened === 1,
    verdict: 'down timeout_read',
  },
  {
    title: 'K03 a server that echoes the request is no web server',
    server: { echoes: true },
    checker: httpGet('path /'),
    verdict: 'down protocol',
  },
  {
    title: 'K03 a web server that talks before it is asked is heard',
    server: { greets: 'HTTP/1.0 200 early\r\n\r\n', afterwards: 'close' },
    checker: httpGet('path /'),
    verdict: 'up',
  },
  {
    title: 'K03 a web server that closes behind its answer passes',
    server: { urls: { '/': 'fine' }, httpVersion: '1.0', afterwards: 'close' },
    checker: httpGet('path /'),
    verdict: 'up',
  },
  {
    title: 'K03 a web server that resets behind its answer passes',
    server: { urls: { '/': 'fine' }, afterwards: 'reset' },
    checker: httpGet('path /'),
    verdict: 'up',
  },
  {
    title: 'K03 an answer that is cut by a reset fails',
    server: { urls: { '/': { headers: ['Content-Length: 99'], body: 'begun' } }, afterwards: 'reset' },
    checker: httpGet('path /'),
    verdict: 'down body',
    detail: /^body cut after 5 bytes of 99$/,
  },
  {
    title: 'K03 an answer that is cut by an orderly end fails',
    server: { urls: { '/': { headers: ['Content-Length: 99'], body: 'begun' } }, afterwards: 'close' },
    checker: httpGet('path /'),
    verdict: 'down body',
  },
  {
    title: 'K03 a connection that is closed without a word fails',
    server: { greets: '', afterwards: 'close' },
    checker: httpGet('path /'),
    verdict: 'down protocol',
    detail: /^closed without a complete header$/,
  },
  {
    title: 'K03 an answer byte by byte is one answer',
    server: { urls: { '/': 'hello' }, in: 'single bytes' },
    checker: httpGet('path /', 'digest 5d41402abc4b2a76b9719d911017c592'),
    verdict: 'up',
  },
  {
    title: 'K03 a url that the server does not know is a status',
    server: { urls: { '/other': '' } },
    checker: httpGet('path /'),
    verdict: 'down status',
    detail: /^status 404/,
  },
  {
    title: 'K03 a mail server with other words for a command is heard',
    server: { greets: '220 here\r\n', smtp: true, commands: { HELO: '250-I\r\n250 am\r\n' } },
    checker: 'SMTP_CHECK { }',
    verdict: 'up',
  },
  {
    title: 'K03 a web server that ends its TLS behind its answer passes',
    server: { tls: true, urls: { '/': 'fine' }, afterwards: 'close' },
    checker: sslGet('path /'),
    verdict: 'up',
  },
]);

for (const [by, verdict] of [
  [4999, 'up'],
  [5001, 'down timeout_read'],
] as const) {
  test(`K03 an answer that takes ${by} ms of 5000 is ${verdict}`, () => {
    const clock = new VirtualClock();
    return withServer({ urls: { '/': 'late' }, delay: { by, clock } }, async server => {
      const meanwhile = async () => {
        await server.heard(text => text.endsWith('\r\n\r\n'));
        await clock.advance(Math.min(by, 5000));
      };
      const { findings } = await runCheck(configFor(httpGet('path /'), server.port), meanwhile, clock);
      assert.equal(findings.map(describeVerdict), [verdict]);
    });
  });
}

test('K03 a server of HTTP/1.0 on IPv6 is asked as one of HTTP/1.1 on IPv4', async () => {
  const server = await startScriptedServer({ urls: { '/': 'six' }, httpVersion: '1.0', afterwards: 'close' }, '::1');
  const config = configFor(httpGet('path /'), server.port)
    .replace('127.0.0.1', '::1')
    .replace('192.0.2.1', '2001:db8::1');
  const { findings, complaints } = await runCheck(config);
  await server.close();
  assert.equal(findings.map(describeVerdict), ['up'], complaints);
});

test.run();
