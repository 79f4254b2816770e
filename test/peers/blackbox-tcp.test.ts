// blackbox_exporter's prober tests for TCP, in our words.
import * as assert from 'uvu/assert';
import { block, configFor, runCheck } from '../support/black-box.ts';
import { type PeerCase, tellCases } from '../support/peer-cases.ts';
import { withServer } from '../support/scripted-server.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: blackbox tcp');

const startTls = block(
  'TCP_CHECK',
  'expect "^220[ ].*ESMTP.*$"',
  'send "EHLO prober\\r\\n"',
  'expect "^250[ -]STARTTLS"',
  'send "STARTTLS\\r\\n"',
  'expect "^220"',
  'starttls',
  'send "EHLO prober\\r\\n"',
  'expect "^250[ -]AUTH"',
  'send "QUIT\\r\\n"',
);
const irc = block(
  'TCP_CHECK',
  'send "NICK prober\\r\\n"',
  'send "USER prober prober prober :prober\\r\\n"',
  'expect "^:[^ ]+ 001"',
  'send "QUIT\\r\\n"',
);

tellCases(test, [
  {
    title: 'B15 a mail server is asked for STARTTLS, and for AUTH behind it',
    server: {
      greets: '220 mail ESMTP\r\n',
      commands: { EHLO: '250-STARTTLS\r\n250-AUTH PLAIN\r\n250 ok\r\n', STARTTLS: '220 go ahead\r\n' },
      startsTls: 'STARTTLS',
    },
    checker: startTls,
    verdict: 'up',
    heard: /^EHLO prober\r\nSTARTTLS\r\n/,
  },
  {
    title: 'B15 a mail server without STARTTLS is down at that step',
    server: { greets: '220 mail ESMTP\r\n', commands: { EHLO: '250 ok\r\n' } },
    checker: startTls,
    hangs: ({ bytes }) => bytes === 24,
    verdict: 'down timeout_read',
    detail: /step 3, expect "\^250\[ -\]STARTTLS"/,
  },
  {
    title: 'B16 an IRC server that welcomes is up',
    server: { commands: { USER: ':ircd.localhost 001 prober :Welcome\r\n' } },
    checker: irc,
    verdict: 'up',
    heard: /QUIT\r\n$/,
  },
  {
    title: 'B16 an IRC server that turns away is down, with its words',
    server: { commands: { USER: 'ERROR :Your IP address has been blacklisted\r\n' }, afterwards: 'close' },
    checker: irc,
    verdict: 'down protocol',
    detail: /ERROR :Your IP address/,
  },
  {
    title: 'B17 what a banner says can be sent back',
    server: { greets: 'SSH-2.0-OpenSSH_6.9p1 Debian-8\r\n', commands: { CONFIRM: 'thanks\r\n' } },
    checker: block('TCP_CHECK', 'expect "^SSH-2.0-([^ -]+)(?: (.*))?$"', 'send "CONFIRM \\1\\n"', 'expect "thanks"'),
    verdict: 'up',
    heard: /^CONFIRM OpenSSH_6\.9p1\n$/,
  },
  ...(
    [
      ['not-a-line', 'up'],
      ['something-else', 'down protocol'],
    ] as const
  ).map(
    ([greets, verdict]): PeerCase => ({
      title: `B18 ${greets} compared byte by byte is ${verdict}`,
      server: { greets },
      checker: block('TCP_CHECK', 'expect_hex 6e6f742d612d6c696e65'),
      verdict,
    }),
  ),
]);

test('B19 a port that there is not is refused before anything is checked', async () => {
  const { exit, findings, complaints } = await runCheck(configFor(block('TCP_CHECK', 'connect_port 70000'), 80));
  assert.is(exit, 3);
  assert.equal(findings, []);
  assert.match(complaints, /:7:\d+: error: .*70000/);
});

/** The lines of virtual server, real server and checker; what holds. */
const timeouts = [
  ['', '', '', 5],
  ['connect_timeout 4', '', '', 4],
  ['connect_timeout 4', 'connect_timeout 3', '', 3],
  ['connect_timeout 4', 'connect_timeout 3', 'connect_timeout 2.5', 2.5],
] as const;
for (const [ofService, ofServer, ofChecker, seconds] of timeouts) {
  test(`B26 the nearest connect_timeout holds: ${[ofService, ofServer, ofChecker].filter(Boolean).join(', ') || 'none'}`, async () => {
    const checker = `${ofServer}\n${block('TCP_CHECK', 'expect "never"', ofChecker)}`;
    await withServer({}, async ({ port }) => {
      const { findings } = await runCheck(configFor(checker, port, ofService), async ({ until, clock }) => {
        await until(({ opened }) => opened === 1);
        await clock.advance(seconds * 1000);
      });
      assert.is(findings[0]?.durationMs, seconds * 1000);
    });
  });
}

test.run();
