import * as assert from 'uvu/assert';
import { checkers } from '../../../checks/index.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { patterns } from '../../../src/sys/patterns.ts';
import { findKnownDifference } from '../../differential/known-differences.ts';
import { listConfigFixtures } from '../../support/config-fixtures.ts';
import { suite } from '../../support/suite.ts';

const test = suite('config/fixtures');

for (const { name, path, options, exit } of listConfigFixtures()) {
  if (findKnownDifference(`fixtures/${name}`)) continue;
  test(`${name} has the recorded verdict of keepalived`, () => {
    const configId = options[options.indexOf('-i') + 1] ?? 'checkalived';
    const { diagnostics } = loadConfig(path, { configId, checkers, hostName: 'lb1.example.com', patterns });
    const shown = diagnostics.map(each => `${each.line}: [${each.code}] ${each.message}`).join('\n');
    assert.ok(exit >= 0, 'There is no verdict: run npm run record.');
    const complains = diagnostics.some(each => each.keepalived);
    assert.is(complains, exit !== 0, `keepalived exits ${exit}; found:\n${shown}`);
  });
}

test.run();
