import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('docs/plugin-guide');
const root = resolve(import.meta.dirname, '../../..');
const guide = readFileSync(resolve(root, 'docs/guides/write-a-checker.md'), 'utf8');

// The files themselves are run by test/unit/testing/outside.test.ts.
for (const name of ['memcached-check.mjs', 'memcached-check.test.mjs', 'memcached.conf']) {
  test(`the guide shows ${name} as it is`, () => {
    const text = readFileSync(resolve(root, 'examples/plugin', name), 'utf8');
    assert.ok(
      guide.includes(`\n${text}\`\`\`\n`),
      `docs/guides/write-a-checker.md does not show examples/plugin/${name}`,
    );
  });
}

test.run();
