import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { checkers } from '../../../checks/index.ts';
import { diskFiles } from '../../../src/config/load.ts';
import { readConfig } from '../../../src/config/read.ts';
import { patterns } from '../../../src/sys/patterns.ts';
import { suite } from '../../support/suite.ts';

const test = suite('docs/guides');
const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/guides/http-checks.md'), 'utf8');
const examples = [...guide.matchAll(/^```text\n([\s\S]*?)^```/gm)].map(match => match[1] ?? '');

test('the guide to checks of web servers has examples', () => {
  assert.is(examples.length, 4);
});

for (const [index, text] of examples.entries()) {
  test(`example ${index + 1} of the guide to checks of web servers has no fault, for keepalived neither`, () => {
    const { config, diagnostics } = readConfig('example.conf', text, {
      configId: 'checkalived',
      checkers,
      hostName: 'director',
      patterns,
      // A host that has the files which are named.
      files: { ...diskFiles, stat: () => ({ kind: 'file', mode: 0o600, uid: 0 }) },
      environment: {},
    });
    assert.equal(
      diagnostics.map(({ code, line }) => `${code} in line ${line}`),
      [],
    );
    assert.ok(config.virtualServers.every(vs => vs.realServers.every(server => server.checks.length === 1)));
  });
}

test.run();
