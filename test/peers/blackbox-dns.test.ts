// blackbox_exporter's prober tests for DNS, in our words; each over UDP and TCP.
import type { Answer } from 'dns-packet';
import * as assert from 'uvu/assert';
import { block, configFor, runCheck } from '../support/black-box.ts';
import { type DnsReply, startDnsServer } from '../support/dns-server.ts';
import { describeVerdict } from '../support/peer-cases.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: blackbox dns');
const transports = ['udp', 'tcp'] as const;

interface DnsCase {
  readonly title: string;
  /** Words of the checker. */
  readonly words: readonly string[];
  readonly reply: DnsReply | ((query: { readonly flags?: number | undefined }) => DnsReply);
  readonly verdict: string;
  readonly detail?: RegExp;
}

const name = 'example.com';
const address = (data: string, ttl: number): Answer => ({ type: 'A', name, ttl, data });
const recursive: DnsReply = { answers: [address('127.0.0.1', 3600)] };
const glue = (ttl: number): Answer => ({ type: 'A', name: 'ns1.isp.net', ttl, data: '127.0.0.7' });
const authoritative: DnsReply = {
  answers: ['127.0.0.1', '127.0.0.2', '127.0.0.3'].map(data => address(data, 3600)),
  authorities: [{ type: 'NS', name, ttl: 3600, data: 'ns1.isp.net' }],
  additionals: [glue(3600)],
};
const recursionDesired = 0x0100;

const cases: readonly DnsCase[] = [
  { title: 'B20 a resolver that answers is up', words: ['type A'], reply: recursive, verdict: 'up' },
  {
    title: 'B20 a code that is not named is down',
    words: ['type A', 'expect_rcode SERVFAIL NXDOMAIN'],
    reply: recursive,
    verdict: 'down dns',
    detail: /NOERROR, expected SERVFAIL or NXDOMAIN/,
  },
  {
    title: 'B20 what must not be in the answer and what must are both looked for',
    words: ['type A', 'refuse_answer " 7200 "', 'expect_answer " 3600 "'],
    reply: recursive,
    verdict: 'up',
  },
  {
    title: 'B20 what must be in the additional section fails where that is empty',
    words: ['type A', 'expect_additional " 3600 "'],
    reply: recursive,
    verdict: 'down body',
    detail: /additional: none of 0 records matches/,
  },
  {
    title: 'B20 a resolver that is not asked to recurse has nothing to say',
    words: ['type A', 'recursion off', 'expect_answer "."'],
    reply: ({ flags = 0 }) => ((flags & recursionDesired) === 0 ? {} : recursive),
    verdict: 'down body',
  },
  { title: 'B21 an address of a zone is up', words: ['type A'], reply: authoritative, verdict: 'up' },
  {
    title: 'B21 the SOA of a zone is up',
    words: ['type SOA', 'expect_answer " SOA ns1\\.isp\\.net\\. "'],
    reply: {
      answers: [
        {
          type: 'SOA',
          name,
          ttl: 3600,
          data: {
            mname: 'ns1.isp.net',
            rname: 'noc.isp.net',
            serial: 1,
            refresh: 2,
            retry: 3,
            expire: 4,
            minimum: 5,
          },
        },
      ],
    },
    verdict: 'up',
  },
  {
    title: 'B21 the class CH is asked for, and looked at',
    words: ['type TXT', 'class CH', 'expect_answer "^example\\.com\\. 0 CH TXT "'],
    reply: { answers: [{ type: 'TXT', name, ttl: 0, class: 'CH', data: 'goCHAOS' }] },
    verdict: 'up',
  },
  {
    title: 'B21 rules that contradict each other fail',
    words: ['type A', 'expect_answer "127"', 'refuse_answer "127"'],
    reply: authoritative,
    verdict: 'down body',
  },
  {
    title: 'B21 the authority section is looked at',
    words: ['type A', 'expect_authority "ns.*\\.isp\\.net"'],
    reply: authoritative,
    verdict: 'up',
  },
  {
    title: 'B21 what the additional section needs is there',
    words: ['type A', 'expect_additional "^ns.*\\.isp"'],
    reply: authoritative,
    verdict: 'up',
  },
  {
    title: 'B21 what the additional section must not have is there',
    words: ['type A', 'refuse_additional "^ns.*\\.isp"'],
    reply: authoritative,
    verdict: 'down body',
  },
  {
    title: 'B21 one record that is refused is enough',
    words: ['type A', 'refuse_answer "127\\.0\\.0\\.3"'],
    reply: authoritative,
    verdict: 'down body',
    detail: /127\.0\.0\.3/,
  },
  {
    title: 'B22 SERVFAIL is down',
    words: ['type A'],
    reply: { rcode: 2 },
    verdict: 'down dns',
    detail: /SERVFAIL/,
  },
  {
    title: 'B22 SERVFAIL is up where it is named',
    words: ['type A', 'expect_rcode SERVFAIL NXDOMAIN'],
    reply: { rcode: 2 },
    verdict: 'up',
  },
  {
    title: 'K11 a name that is not there is down',
    words: ['type A'],
    reply: { rcode: 3 },
    verdict: 'down dns',
    detail: /NXDOMAIN/,
  },
  { title: 'K11 no error and no answer is up', words: ['type A'], reply: {}, verdict: 'up' },
];

for (const { title, words, reply, verdict, detail } of cases) {
  for (const transport of transports) {
    test(`${title}, over ${transport}`, async () => {
      const server = await startDnsServer(query => (typeof reply === 'function' ? reply(query) : reply));
      const checker = block('DNS_CHECK', `name ${name}`, `transport ${transport}`, ...words);
      try {
        const { findings, complaints } = await runCheck(configFor(checker, server.port));
        assert.equal(findings.map(describeVerdict), [verdict], findings[0]?.detail ?? complaints);
        if (detail) assert.match(findings[0]?.detail ?? '', detail);
        assert.is(server.queries()[0]?.over, transport);
      } finally {
        await server.close();
      }
    });
  }
}

for (const [what, word] of [
  ['type', 'type NOT_A_TYPE'],
  ['code', 'expect_rcode NOT_AN_RCODE'],
] as const) {
  test(`B22 a ${what} that does not exist is refused before anything is asked`, async () => {
    const { exit, findings, complaints } = await runCheck(configFor(block('DNS_CHECK', word), 53));
    assert.is(exit, 3);
    assert.equal(findings, []);
    assert.match(complaints, /:7:\d+: error: .*NOT_A/);
  });
}

test.run();
