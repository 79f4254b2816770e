import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { faultsOf, readText, realServer } from '../config/read-text.ts';

const test = suite('docs/dialogues');
const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/guides/tcp-dialogues.md'), 'utf8');
const examples = [...guide.matchAll(/^```text\n([\s\S]*?)^```/gm)]
  .map(match => match[1] ?? '')
  .filter(text => /^[A-Z]+_CHECK \{/.test(text));

test('every example of the guide is read without a fault, hidden from keepalived or not', () => {
  assert.ok(examples.length >= 8);
  for (const text of examples) {
    const hidden = text.replace(/^/gm, '@checkalived ');
    for (const block of [text, hidden]) {
      const result = readText(realServer(block));
      assert.equal(
        faultsOf(result).filter(fault => !fault.startsWith('hint')),
        [],
        block,
      );
      assert.ok(result.config.virtualServers[0]?.realServers[0]?.checks.length, block);
    }
  }
});

test.run();
