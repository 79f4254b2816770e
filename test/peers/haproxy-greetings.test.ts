// HAProxy's reg-tests/checks for databases and directories, in our words; bytes as the servers send them.
import { Buffer } from 'node:buffer';
import { block } from '../support/black-box.ts';
import { tellCases } from '../support/peer-cases.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: haproxy greetings');
const bytes = (hex: string): string => Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1');
const mysqlPacket = (sequence: number, body: string): string => String.fromCharCode(body.length, 0, 0, sequence) + body;
const pgMessage = (type: string, body: string): string =>
  `${type}${String.fromCharCode(0, 0, 0, body.length + 4)}${body}`;

const greeting = mysqlPacket(0, `\n8.0.19\0${'\x01'.repeat(40)}`);
const loggedIn = mysqlPacket(2, bytes('00 00 00 02 00 00 00'));
const refusal = mysqlPacket(2, `${bytes('ff e3 04')}Client does not support this login`);
const startup = new RegExp(`^${bytes('00000017 00030000')}user\0postgres\0\0$`);
const bindOk = bytes('30 0c 02 01 01 61 07 0a 01 00 04 00 04 00');
const bindOkInLongForm = bytes('30 84 00000010 02 01 01 61 84 00000007 0a 01 00 04 00 04 00');

tellCases(test, [
  {
    title: 'H22 Redis that answers PONG is up',
    server: { replies: ['+PONG\r\n'] },
    checker: 'REDIS_CHECK { }',
    verdict: 'up',
    heard: /^\*1\r\n\$4\r\nPING\r\n$/,
  },
  {
    title: 'H22 Redis that answers an error is down, with its text',
    server: { replies: ['-Error message\r\n'] },
    checker: 'REDIS_CHECK { }',
    verdict: 'down status',
    detail: /Error message/,
  },
  {
    title: 'H23 the greeting of MySQL is enough, and its version is told',
    server: { greets: greeting },
    checker: 'MYSQL_CHECK { }',
    verdict: 'up',
    detail: /8\.0\.19/,
    heard: /^$/,
  },
  ...(['pre-41', 'post-41'] as const).map(login => ({
    title: `H23 a login of MySQL passes, ${login}`,
    server: { greets: greeting, replies: [loggedIn] },
    checker: block('MYSQL_CHECK', 'user haproxy', `login ${login}`),
    verdict: 'up',
    heard: /haproxy\0/,
  })),
  {
    title: 'H23 a login of MySQL that is refused is down, with its code',
    server: { greets: greeting, replies: [refusal] },
    checker: block('MYSQL_CHECK', 'user haproxy'),
    verdict: 'down status',
    detail: /1251/,
  },
  {
    title: 'H24 PostgreSQL that lets us in is up',
    server: { replies: [pgMessage('R', bytes('00000000'))] },
    checker: block('PGSQL_CHECK', 'user postgres'),
    verdict: 'up',
    heard: startup,
  },
  {
    title: 'H24 PostgreSQL that asks who we are is up',
    server: { replies: [pgMessage('R', `${bytes('0000000a')}SCRAM-SHA-256\0\0`)] },
    checker: 'PGSQL_CHECK { }',
    verdict: 'up',
    heard: startup,
  },
  {
    title: 'H24 PostgreSQL that refuses is down, with its words',
    server: { replies: [pgMessage('E', 'SFATAL\0C28000\0Mno such role\0\0')] },
    checker: 'PGSQL_CHECK { }',
    verdict: 'down status',
    detail: /FATAL.*no such role/,
  },
  {
    title: 'H24 what is no PostgreSQL is down',
    server: { replies: ['Not a PostgreSQL response'] },
    checker: 'PGSQL_CHECK { }',
    verdict: 'down protocol',
  },
  {
    title: 'H25 a directory that lets us bind is up',
    server: { replies: [bindOk] },
    checker: 'LDAP_CHECK { }',
    verdict: 'up',
  },
  {
    title: 'H25 lengths in their long form, byte by byte, are understood',
    server: { replies: [bindOkInLongForm], in: 'single bytes' },
    checker: 'LDAP_CHECK { }',
    verdict: 'up',
  },
  {
    title: 'H25 another tag is no LDAPv3',
    server: { replies: [bindOk.replace('\x61', '\x60')] },
    checker: 'LDAP_CHECK { }',
    verdict: 'down protocol',
    detail: /LDAPv3/,
  },
  {
    title: 'H25 a bind that fails is down, with its code',
    server: { replies: [bindOk.replace('\x0a\x01\0', '\x0a\x01\x01')] },
    checker: 'LDAP_CHECK { }',
    verdict: 'down status',
    detail: /result code 1/,
  },
]);

test.run();
