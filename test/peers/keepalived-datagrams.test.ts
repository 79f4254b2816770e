// What keepalived's UDP_CHECK and DNS_CHECK make of odd datagrams, in our words.
import { Buffer } from 'node:buffer';
import * as assert from 'uvu/assert';
import { findClosedDatagramPort, startDatagramServer } from '../../testing/datagram-server.ts';
import { block, configFor, runCheck } from '../support/black-box.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { describeVerdict } from '../support/peer-cases.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: keepalived datagrams');
const udpConfig = (checker: string, port: number): string =>
  configFor(checker, port).replace('protocol TCP', 'protocol UDP');

interface UdpCase {
  readonly title: string;
  readonly words: readonly string[];
  /** Bytes of the reply in hexadecimal digits; null = silence until the deadline. */
  readonly reply: string | null;
  readonly verdict: string;
  readonly detail?: RegExp;
  /** What the server gets. */
  readonly sent?: string;
}

const cases: readonly UdpCase[] = [
  {
    title: 'K10 digits alone and in pairs are bytes',
    words: ['payload Ab12f 3 456 546443123', 'require_reply'],
    reply: '00',
    sent: 'ab120f0345065464431203',
    verdict: 'up',
  },
  ...(
    [
      ['0102300005', 'up'],
      ['01f23fff05', 'up'],
      ['0203300005', 'down body'],
      ['0102400005', 'down body'],
    ] as const
  ).map(
    ([reply, verdict]): UdpCase => ({
      title: `K10 ${reply} where 01 x2 3X xx 05 is required is ${verdict}`,
      words: ['require_reply 01 x2 3X xx 05'],
      reply,
      verdict,
    }),
  ),
  {
    title: 'K10 a reply that is too short fails',
    words: ['require_reply', 'min_reply_length 3'],
    reply: '0102',
    verdict: 'down body',
    detail: /2 bytes in reply, expected at least 3/,
  },
  {
    title: 'K10 a reply that is too long fails',
    words: ['require_reply', 'max_reply_length 3'],
    reply: '01020304',
    verdict: 'down body',
    detail: /4 bytes in reply, expected at most 3/,
  },
  {
    title: 'K10 silence passes where no reply is required, and is told to be unproven',
    words: [],
    reply: null,
    verdict: 'up',
    detail: /^unproven/,
  },
  {
    title: 'K10 silence fails where a reply is required',
    words: ['require_reply'],
    reply: null,
    verdict: 'down timeout_read',
  },
];

for (const { title, words, reply, verdict, detail, sent } of cases) {
  test(title, async () => {
    const server = await startDatagramServer(() => (reply === null ? [] : [Buffer.from(reply, 'hex')]));
    try {
      const text = udpConfig(block('UDP_CHECK', ...words), server.port);
      const { findings, complaints } = await runCheck(text, async ({ clock }) => {
        await server.heard();
        if (reply === null) await clock.advance(5000);
      });
      assert.equal(findings.map(describeVerdict), [verdict], findings[0]?.detail ?? complaints);
      if (detail) assert.match(findings[0]?.detail ?? '', detail);
      if (sent) assert.is(server.received()[0]?.toString('hex'), sent);
    } finally {
      await server.close();
    }
  });
}

test('K10 a port that ICMP says is closed is refused, with or without require_reply', async () => {
  const port = await findClosedDatagramPort();
  for (const words of [[], ['require_reply']]) {
    const { findings } = await runCheck(udpConfig(block('UDP_CHECK', ...words), port));
    assert.equal(findings.map(describeVerdict), ['down refused']);
  }
});

/** What becomes of the header of an answer. */
const oddAnswers: readonly (readonly [what: string, make: (query: Buffer) => Buffer])[] = [
  ['with another id', query => Buffer.concat([Buffer.from([query.readUInt8(0) ^ 1]), query.subarray(1)])],
  ['of eleven bytes', query => query.subarray(0, 11)],
  ['that is a query', query => query],
];
const asAnswer = (query: Buffer): Buffer => {
  const copy = Buffer.from(query);
  copy[2] = (copy[2] ?? 0) | 0x80;
  return copy;
};
for (const [what, make] of oddAnswers) {
  test(`K11 an answer ${what} is passed over, until the deadline`, async () => {
    const isQuery = what === 'that is a query';
    const server = await startDatagramServer(query => [make(isQuery ? query : asAnswer(query))]);
    try {
      const { findings } = await runCheck(configFor('DNS_CHECK { }', server.port), async ({ clock }) => {
        await server.heard();
        await clock.advance(5000);
      });
      assert.equal(findings.map(describeVerdict), ['down timeout_read']);
    } finally {
      await server.close();
    }
  });
}

test('K11 the answer that is behind such ones counts', async () => {
  const server = await startDatagramServer(query => [
    query,
    ...oddAnswers.map(([, make]) => make(query)),
    asAnswer(query),
  ]);
  const { findings } = await runCheck(configFor('DNS_CHECK { }', server.port));
  await server.close();
  assert.equal(findings.map(describeVerdict), ['up']);
});

for (const [written, asked] of [
  ['.', '.'],
  ['www.example.com', 'www.example.com'],
  ['www.example.com.', 'www.example.com'],
] as const) {
  test(`K11 the name ${written} is legal`, async () => {
    const server = await startDnsServer(() => ({}));
    const { findings } = await runCheck(configFor(block('DNS_CHECK', `name ${written}`), server.port));
    await server.close();
    assert.equal(findings.map(describeVerdict), ['up']);
    assert.is(server.queries()[0]?.query.questions?.[0]?.name, asked);
  });
}

test.run();
