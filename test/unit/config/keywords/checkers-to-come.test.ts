import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { readText, realServer } from '../read-text.ts';

const test = suite('config/checkers to come');
const before = 'track_file tf {\nfile /tmp/x\n}\nbfd_instance b1 {\nneighbor_ip 10.0.0.7\n}\n';
const behind = 'track_file later {\nfile /tmp/y\n}\n';

/** Codes of the faults but for the one that says that there is no such checker yet; `!` = keepalived 2.2.7 -t exits for it. */
function judge(block: string): string {
  const { diagnostics } = readText(before + realServer(block) + behind);
  assert.ok(diagnostics.some(each => each.code === 'unsupported-checker'));
  const inBlock = diagnostics.filter(each => each.code !== 'unsupported-checker' && each.line > 8 && each.line < 22);
  return inBlock.map(each => (each.keepalived ? '!' : '') + each.code).join(' ');
}

/** Recorded from keepalived 2.2.7. */
const verdicts: Readonly<Record<string, string>> = {
  'PING_CHECK {\n}': '',
  'PING_CHECK {\nretry x\n}': '!bad-value',
  'PING_CHECK {\nfoo\n}': '!unknown-keyword',
  'DNS_CHECK {\ntype a\nname www.example.com\n}': '',
  'DNS_CHECK {\ntype ANY\n}': '!bad-value',
  'DNS_CHECK {\nname\n}': '!missing-argument',
  'DNS_CHECK {\nname .\n}': '',
  'DNS_CHECK {\nname .a\n}': '!bad-value',
  'DNS_CHECK {\nname ab..c\n}': '!bad-value',
  'DNS_CHECK {\nname a.b\n}': '!bad-value',
  'DNS_CHECK {\nname ab\nname cd\n}': '!repeated-keyword',
  'DNS_CHECK {\nconnect_ip fe80::1\n}': '!unusable-checker',
  'DNS_CHECK {\nconnect_ip fe80::1\nbind_if eth0\n}': '',
  'DNS_CHECK {\nconnect_ip ::1\nbindto 10.0.0.9\n}': '!unusable-checker',
  'UDP_CHECK {\npayload Ab12f 3 456\n}': '',
  'UDP_CHECK {\npayload "01 02"\n}': '',
  'UDP_CHECK {\npayload\n}': '!missing-argument',
  'UDP_CHECK {\npayload zz\n}': '!bad-value',
  'UDP_CHECK {\npayload x1\n}': '!bad-value',
  'UDP_CHECK {\npayload ff\n}': '!bad-value',
  'UDP_CHECK {\npayload ff00\n}': '',
  'UDP_CHECK {\nrequire_reply\n}': '',
  'UDP_CHECK {\nrequire_reply 1x xX\n}': '',
  'UDP_CHECK {\nrequire_reply zz\n}': '!bad-value',
  'UDP_CHECK {\nmin_reply_length 300\n}': '!unusable-checker',
  'UDP_CHECK {\nmin_reply_length 300\nmax_reply_length 400\n}': '',
  'UDP_CHECK {\nmax_reply_length 65536\n}': '!out-of-range',
  'BFD_CHECK {\nname b1\nalpha\n}': '',
  'BFD_CHECK {\nname b1 b2\n}': '!bad-value !unusable-checker',
  'BFD_CHECK {\nname b9\n}': '!unusable-checker',
  'BFD_CHECK {\nname b1\nalpha x\n}': '!bad-value',
};

for (const [block, expected] of Object.entries(verdicts)) {
  test(`${block.replaceAll('\n', '; ')} is judged as keepalived does`, () => {
    assert.is(judge(block), expected);
  });
}

test.run();
