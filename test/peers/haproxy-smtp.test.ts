// HAProxy's reg-tests/checks for mail servers, in our words.
import { block } from '../support/black-box.ts';
import { tellCases } from '../support/peer-cases.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: haproxy smtp');
const checker = 'SMTP_CHECK { }';
const conversation = /^HELO \S+\r\nQUIT\r\n$/;

tellCases(test, [
  {
    title: 'H17 banner, HELO and QUIT, each with its reply, pass',
    server: { greets: '220 mail.example.com ESMTP\r\n', smtp: true },
    checker,
    verdict: 'up',
    detail: /^HELO and QUIT answered$/,
    heard: conversation,
  },
  {
    title: 'H04 a banner that comes byte by byte is one line',
    server: { greets: [...'220\r\n'], commands: { HELO: '250 hi\r\n', QUIT: '221 bye\r\n' }, in: 'single bytes' },
    checker,
    verdict: 'up',
    heard: conversation,
  },
  {
    title: 'H04 a mail server without a banner is a timeout of the answer',
    server: {},
    checker,
    hangs: ({ opened }) => opened === 1,
    verdict: 'down timeout_read',
  },
  {
    title: 'H04 a mail server that falls silent behind its banner is a timeout too',
    server: { greets: '220 here\r\n' },
    checker,
    hangs: ({ bytes }) => bytes === 10,
    verdict: 'down timeout_read',
    heard: /^HELO /,
  },
  {
    title: 'H18 a reply of several lines is one reply',
    server: {
      greets: '220 here\r\n',
      commands: { HELO: '250-mail.example.com\r\n250-PIPELINING\r\n250 SIZE\r\n', QUIT: '221 bye\r\n' },
    },
    checker: block('SMTP_CHECK', 'helo_name director.example.com'),
    verdict: 'up',
    heard: /^HELO director\.example\.com\r\nQUIT\r\n$/,
  },
  {
    title: 'H19 a banner that is none is shown',
    server: { greets: "I'm not a SMTP server\r\n" },
    checker,
    verdict: 'down protocol',
    detail: /banner "I'm not a SMTP server", expected a reply code/,
  },
  {
    title: 'H20 a mail server that is busy is down, with its code',
    server: { greets: '421 Try again later\r\n', afterwards: 'close' },
    checker,
    verdict: 'down status',
    detail: /banner "421 Try again later", expected 220/,
    heard: /^$/,
  },
  {
    title: 'H21 a mail server that refuses the HELO is down, with its code',
    server: { greets: '220 here\r\n', commands: { HELO: '512 DNS error\r\n' } },
    checker,
    verdict: 'down status',
    detail: /HELO "512 DNS error", expected 250/,
  },
]);

test.run();
