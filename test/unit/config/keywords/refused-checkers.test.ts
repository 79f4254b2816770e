import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { readText, realServer } from '../read-text.ts';

const test = suite('config/refused checkers');
const before = 'track_file tf {\nfile /tmp/x\n}\nbfd_instance b1 {\nneighbor_ip 10.0.0.7\n}\n';
const behind = 'track_file later {\nfile /tmp/y\n}\n';

/** Codes of the faults but for the one that says that there is no such checker; `!` = keepalived 2.2.7 -t exits for it. */
function judge(block: string): string {
  const { diagnostics } = readText(before + realServer(block) + behind);
  assert.ok(diagnostics.some(each => each.code === 'unsupported-checker'));
  const inBlock = diagnostics.filter(each => each.code !== 'unsupported-checker' && each.line > 8 && each.line < 22);
  return inBlock.map(each => (each.keepalived ? '!' : '') + each.code).join(' ');
}

/** Recorded from keepalived 2.2.7. */
const verdicts: Readonly<Record<string, string>> = {
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
