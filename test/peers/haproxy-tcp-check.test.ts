// HAProxy's reg-tests/checks for tcp-check and ssl-hello-chk, in our words.
import * as assert from 'uvu/assert';
import { findClosedPort } from '../../testing/fault-server.ts';
import { block, configFor, runCheck } from '../support/black-box.ts';
import { describeVerdict, tellCases } from '../support/peer-cases.ts';
import { withServer } from '../support/scripted-server.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: haproxy tcp-check');
const tlsHello = block('TCP_CHECK', 'tls on');

tellCases(test, [
  { title: 'H27 a TLS handshake that succeeds passes', server: { tls: true }, checker: tlsHello, verdict: 'up' },
  {
    title: 'H27 a server that closes in place of a handshake fails',
    server: { replies: [''], afterwards: 'close' },
    checker: tlsHello,
    verdict: 'down protocol',
    detail: /^closed in the TLS handshake$/,
  },
  {
    title: 'H27 a web server without TLS fails in the handshake',
    server: { replies: ['HTTP/1.0 400 Bad Request\r\n\r\n'], afterwards: 'close' },
    checker: tlsHello,
    verdict: 'down tls',
  },
  ...(
    [
      ['that is served', 'www.example.com', 'up'],
      ['that is not served', 'other.example.com', 'down protocol'],
    ] as const
  ).map(([which, name, verdict]) => ({
    title: `H28 asking for a server name ${which} is ${verdict}`,
    server: { tls: true, serverName: 'www.example.com', greets: 'hello' },
    checker: block('TCP_CHECK', 'tls on', `sni_name ${name}`, 'expect "hello"'),
    verdict,
  })),
  {
    title: 'H30 what is refused is looked for in as many bytes as it says',
    server: { greets: 'valid' },
    checker: block('TCP_CHECK', 'refuse "^error" min 5'),
    verdict: 'up',
  },
  {
    title: 'H30 while fewer have come it waits for the deadline',
    server: { greets: 'vali' },
    checker: block('TCP_CHECK', 'refuse "^error" min 5'),
    hangs: ({ bytes }) => bytes === 4,
    verdict: 'down timeout_read',
    detail: /step 1, refuse "\^error"/,
  },
  {
    title: 'H30 what is refused fails as soon as it comes',
    server: { greets: ['err', 'or'] },
    checker: block('TCP_CHECK', 'refuse "^error" min 5'),
    verdict: 'down protocol',
    detail: /it matches/,
  },
]);

test('H31 of several ports the one that is closed is named, with its step', () =>
  withServer({}, async ({ port, connections }) => {
    const closed = await findClosedPort();
    for (const [ports, detail] of [
      [[port, closed], `step 2, connect ${closed}`],
      [[closed, port], `step 1, connect ${closed}`],
    ] as const) {
      const checker = block('TCP_CHECK', ...ports.map(each => `connect ${each}`));
      const { findings } = await runCheck(configFor(checker, port));
      assert.equal(findings.map(describeVerdict), ['down refused']);
      assert.match(findings[0]?.detail ?? '', detail);
    }
    assert.is(connections(), 1, 'behind a closed port nothing is tried');
  }));

test.run();
