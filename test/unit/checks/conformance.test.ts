import { Buffer } from 'node:buffer';
import * as assert from 'uvu/assert';
import { checkers } from '../../../checks/index.ts';
import { tcp } from '../../../checks/tcp.ts';
import { udp } from '../../../checks/udp.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { type ConformanceSubject, conform } from '../../../testing/checker-conformance.ts';
import { conformDatagrams, type DatagramSubject } from '../../../testing/datagram-conformance.ts';
import { suite } from '../../support/suite.ts';

const test = suite('checker conformance');

const page = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const pages = { replies: [page], greets: false, until: '\r\n\r\n' };
const url = (keyword: string, more: Readonly<Record<string, unknown>> = {}) => {
  const params = checkers.find(checker => checker.keyword === keyword)?.params ?? [];
  const type = params.find(param => param.name === 'url')?.type;
  return [blockValues(type?.kind === 'block' ? type.params : [], { path: '/', ...more })];
};
/** How to make each checker that talks to a server pass; a checker without an entry is not one of them. */
const subjects: Readonly<Record<string, Omit<ConformanceSubject, 'checker'>>> = {
  TCP_CHECK: { given: {}, tls: false, talk: null },
  HTTP_GET: { given: { url: url('HTTP_GET') }, tls: false, talk: pages },
  SSL_GET: { given: { url: url('SSL_GET') }, tls: true, talk: pages },
  SMTP_CHECK: {
    given: {},
    tls: false,
    talk: { replies: ['220 mail.test\r\n', '250 hello\r\n', '221 bye\r\n'], greets: true, until: '\r\n' },
  },
  AGENT_CHECK: { given: {}, tls: false, talk: { replies: ['ready 75%\n'], greets: true, until: '\n' } },
  MYSQL_CHECK: {
    given: { user: 'check' },
    tls: false,
    talk: { replies: ['\x0a\0\0\0\x0a8.0.19-x\0', '\x07\0\0\x02\0\0\0\x02\0\0\0'], greets: true, until: 'check\0\0' },
  },
  PGSQL_CHECK: {
    given: {},
    tls: false,
    talk: { replies: ['R\0\0\0\x08\0\0\0\0'], greets: false, until: 'postgres\0\0' },
  },
  REDIS_CHECK: { given: {}, tls: false, talk: { replies: ['+PONG\r\n'], greets: false, until: 'PING\r\n' } },
  LDAP_CHECK: {
    given: {},
    tls: false,
    talk: { replies: ['0\x0c\x02\x01\x01a\x07\x0a\x01\0\x04\0\x04\0'], greets: false, until: '\x04\0\x80\0' },
  },
};

/** The bytes of a datagram with some of them changed. */
const change = (bytes: Buffer, changes: Readonly<Record<number, number>>) => Object.assign(Buffer.from(bytes), changes);
const junk = [Buffer.alloc(0), Buffer.from('?'), Buffer.alloc(60_000, 0xff)];
const dnsAnswer = (query: Buffer) => change(query, { 2: 0x81, 3: 0x80 });
const echoReply = (request: Buffer) => change(request, { 0: 0 });
/** The same for each checker that sends a datagram. */
const datagramSubjects: Readonly<Record<string, Omit<DatagramSubject, 'checker'>>> = {
  DNS_CHECK: {
    given: {},
    answer: dnsAnswer,
    garbage: query => [
      ...junk,
      query,
      dnsAnswer(query).subarray(0, 11),
      change(dnsAnswer(query), { 0: (query[0] ?? 0) ^ 1 }),
    ],
    silence: 'fails',
  },
  UDP_CHECK: { given: {}, answer: () => Buffer.from('pong'), garbage: () => [], silence: 'passes with a warning' },
  PING_CHECK: {
    given: {},
    answer: echoReply,
    garbage: request => [
      ...junk,
      request,
      echoReply(request).subarray(0, 12),
      change(echoReply(request), { 7: (request[7] ?? 0) ^ 1 }),
      change(echoReply(request), { 135: (request[135] ?? 0) ^ 1 }),
      change(echoReply(request), { 0: 3 }),
    ],
    silence: 'fails',
  },
};

test('every checker with a connection is in this test', () => {
  const connecting = checkers.filter(checker => checker.params.some(param => param.name === 'connect_ip'));
  assert.equal(
    connecting.map(checker => checker.keyword).sort(),
    [...Object.keys(subjects), ...Object.keys(datagramSubjects)].sort(),
  );
});

for (const checker of checkers) {
  const subject = subjects[checker.keyword];
  if (subject) conform(test, { checker, ...subject });
  const datagramSubject = datagramSubjects[checker.keyword];
  if (datagramSubject) conformDatagrams(test, { checker, ...datagramSubject });
  if (!/^(?:HTTP|SSL)_GET$/.test(checker.keyword) || !subject) continue;
  const given = { url: url(checker.keyword, { method: 'GET' }) };
  conform(test, { checker, ...subject, given, title: `${checker.keyword} through an HTTP client` });
}

const dialogue: Omit<ConformanceSubject, 'checker' | 'tls' | 'title'> = {
  given: {},
  lines: [
    ['send', ['PING\r\n']],
    ['expect_hex', '+PONG\r\n'],
    ['expect', '^ready$'],
  ],
  talk: { replies: ['+PONG\r\nready\n'], greets: false, until: 'PING\r\n' },
};
conform(test, { checker: tcp, title: 'TCP_CHECK with steps', tls: false, ...dialogue });
conform(test, { checker: tcp, title: 'TCP_CHECK over TLS', tls: true, ...dialogue, given: { tls: true } });
conformDatagrams(test, {
  checker: udp,
  given: { require_reply: { bytes: [], mask: [] } },
  answer: () => Buffer.from('pong'),
  garbage: () => [],
  silence: 'fails',
});

test.run();
