import * as assert from 'uvu/assert';
import { checkers } from '../../../../checks/index.ts';
import type { LintExample } from '../../../../src/config/lint/rule.ts';
import { lintRules } from '../../../../src/config/lint/rules.ts';
import { type ReadResult, readConfig } from '../../../../src/config/read.ts';
import { suite } from '../../../support/suite.ts';
import { memoryFiles } from '../read-text.ts';

const test = suite('config/lint');

for (const { code, severity, keepalived, bad, good } of lintRules) {
  test(`${code} is told of its bad example, as its row says`, () => {
    const [found] = read(bad).diagnostics.filter(each => each.code === code);
    assert.equal(
      { severity: found?.severity, keepalived: found?.keepalived, hint: found?.hint !== '' },
      { severity, keepalived, hint: true },
    );
  });
  test(`${code}: nothing at all is told of its good example`, () => {
    assert.equal(read(good).diagnostics, []);
  });
}
test('no two rules share a code', () => {
  assert.is(new Set(lintRules.map(rule => rule.code)).size, lintRules.length);
});

function read({ text, files = {}, addresses = [] }: LintExample): ReadResult {
  const memory = memoryFiles({});
  return readConfig('main.conf', text, {
    configId: 'checkalived',
    checkers,
    hostName: 'lb1.example.com',
    files: { ...memory, stat: path => files[path] ?? null },
    environment: {},
    addresses,
  });
}

test.run();
