import * as assert from 'uvu/assert';
import type { LintExample } from '../../../../src/config/lint/rule.ts';
import { lintRules } from '../../../../src/config/lint/rules.ts';
import type { ReadResult } from '../../../../src/config/read.ts';
import { suite } from '../../../support/suite.ts';
import { readText } from '../read-text.ts';

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
  return readText(text, { stats: files, addresses });
}

test.run();
