import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { readText, realServer } from '../config/read-text.ts';

const test = suite('blocks of DNS_CHECK, UDP_CHECK and PING_CHECK');

/** Codes of what is said of a block, advice aside; `!` = keepalived 2.2.7 -t exits for it. */
function judge(block: string): string {
  const found = readText(realServer(block)).diagnostics.filter(each => each.code !== 'unproven-udp-check');
  return found.map(each => (each.keepalived ? '!' : '') + each.code).join(' ');
}

/** Recorded from keepalived 2.2.7. */
const verdicts: Readonly<Record<string, string>> = {
  'DNS_CHECK {\ntype XYZ\n}': '!bad-value',
  'DNS_CHECK {\ntype\n}': '!missing-argument',
  'PING_CHECK {\n}': '',
  'PING_CHECK {\nretry x\n}': '!bad-value',
  'PING_CHECK {\nfoo\n}': '!unknown-keyword',
  'DNS_CHECK {\ntype a\nname www.example.com\n}': '',
  'DNS_CHECK {\ntype ANY\n}': '!newer-value',
  'DNS_CHECK {\nname\n}': '!missing-argument',
  'DNS_CHECK {\nname .\n}': '',
  'DNS_CHECK {\nname .a\n}': '!bad-value',
  'DNS_CHECK {\nname ab..c\n}': '!bad-value',
  'DNS_CHECK {\nname a.b\n}': '!newer-value',
  'DNS_CHECK {\nname ab\nname cd\n}': '!repeated-keyword',
  'DNS_CHECK {\nconnect_ip fe80::1\n}': '!link-local',
  'DNS_CHECK {\nconnect_ip fe80::1\nbind_if eth0\n}': '',
  'DNS_CHECK {\nconnect_ip ::1\nbindto 10.0.0.9\n}': '!bind-family',
  'UDP_CHECK {\npayload Ab12f 3 456\n}': '',
  'UDP_CHECK {\npayload "01 02"\n}': '',
  'UDP_CHECK {\npayload\n}': '!missing-argument',
  'UDP_CHECK {\npayload zz\n}': '!bad-value',
  'UDP_CHECK {\npayload x1\n}': '!bad-value',
  'UDP_CHECK {\npayload ff\n}': '!newer-value',
  'UDP_CHECK {\npayload ff00\n}': '',
  'UDP_CHECK {\nrequire_reply\n}': '',
  'UDP_CHECK {\nrequire_reply 1x xX\n}': '',
  'UDP_CHECK {\nrequire_reply zz\n}': '!bad-value',
  'UDP_CHECK {\nmin_reply_length 300\n}': '!reply-length',
  'UDP_CHECK {\nmin_reply_length 300\nmax_reply_length 400\n}': '',
  'UDP_CHECK {\nmax_reply_length 65536\n}': '!out-of-range',
};
/** What keepalived has no opinion of. */
const own: Readonly<Record<string, string>> = {
  'DNS_CHECK {\n@checkalived type PTR\n}': '',
  'DNS_CHECK {\n@checkalived name a.b\n}': '',
  'UDP_CHECK {\n@checkalived payload ff\n}': '',
  'DNS_CHECK {\n@checkalived transport tcp\n@checkalived class CH\n@checkalived recursion no\n}': '',
  'DNS_CHECK {\n@checkalived expect_rcode NOERROR NXDOMAIN\n@checkalived expect_answer "^a\\.b\\. \\d+ IN A "\n}': '',
  'DNS_CHECK {\n@checkalived refuse_answer "("\n}': 'bad-pattern',
};

for (const [block, expected] of Object.entries({ ...verdicts, ...own })) {
  test(`${block.replaceAll('\n', '; ')} is judged as it should be`, () => {
    assert.is(judge(block), expected);
  });
}

test('what is written of a name server is what is asked, backslashes of patterns included', () => {
  const block = `DNS_CHECK {
    type AAAA
    name www.example.com
    @checkalived type PTR
    @checkalived expect_answer " PTR www\\.example\\.com\\.$"
    @checkalived refuse_answer "x y"
    @checkalived refuse_additional \\d
  }`;
  const check = readText(realServer(block)).config.virtualServers[0]?.realServers[0]?.checks[0];
  assert.equal(check?.spec, {
    connection: { address: '10.0.0.2', port: 80, timeout: 5000 },
    question: { type: 'PTR', name: 'www.example.com', class: 'IN', recursion: true },
    transport: 'udp',
    rcodes: ['NOERROR'],
    rules: [
      { section: 'answer', must: 'match', pattern: ' PTR www\\.example\\.com\\.$' },
      { section: 'answer', must: 'not match', pattern: 'x y' },
      { section: 'additional', must: 'not match', pattern: '\\d' },
    ],
  });
});

test('DNS_CHECK forgives three failures, and tries again after its own delay_loop', () => {
  const delays = (block: string, around = '') => {
    const check = readText(realServer(block, around)).config.virtualServers[0]?.realServers[0]?.checks[0];
    return [check?.retry, check?.delayBeforeRetry];
  };
  assert.equal(delays('DNS_CHECK {\n}'), [3, 60_000]);
  assert.equal(delays('DNS_CHECK {\ndelay_loop 7\n}', 'delay_loop 5'), [3, 7000]);
  assert.equal(delays('DNS_CHECK {\n}', 'delay_loop 5\ndelay_before_retry 2'), [3, 2000]);
  assert.equal(delays('UDP_CHECK {\n}', 'delay_loop 5'), [1, 1000]);
  assert.equal(delays('PING_CHECK {\n}', 'delay_loop 5'), [1, 1000]);
});

test.run();
