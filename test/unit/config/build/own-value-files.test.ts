import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { faultsOf, readText, realServer } from '../read-text.ts';

const test = suite('config/build/own-value-files');
const settings = (line: string) => `checkalived {\n${line}\n}\n`;
const text = (path: string, prefix = '') =>
  [`track_file a {\nfile ${path}\n}`, realServer(`TCP_CHECK {\n}\nFILE_CHECK {\ntrack_file a\n}`)]
    .join('\n')
    .replaceAll(/^(?=FILE_CHECK|track_file a$)/gm, prefix);
const own = (of: string) => faultsOf(readText(of)).filter(fault => /own-value-file/.test(fault)).length;

test('a FILE_CHECK that reads what checkalived writes is an error', () => {
  assert.is(own(text('/var/lib/checkalived/trackfiles/x')), 1);
  assert.is(own(text('/var/lib//checkalived/trackfiles/x')), 1);
  assert.is(own(settings('state_dir /s') + text('/s/trackfiles/x')), 1);
  assert.is(own(settings('track_dir /run/values/') + text('/run/values/x')), 1);
});

test('no check is made of it, though the configuration be taken with its faults', () => {
  const typesOf = (of: string) =>
    readText(of).config.virtualServers.flatMap(server =>
      server.realServers.flatMap(real => real.checks.map(check => check.type)),
    );
  assert.equal(typesOf(text('/var/lib/checkalived/trackfiles/x')), ['TCP_CHECK']);
  assert.equal(typesOf(text('/var/lib/load')), ['TCP_CHECK', 'FILE_CHECK']);
});

test('a file of somebody else, or a block for keepalived alone, is none', () => {
  assert.is(own(text('/var/lib/load')), 0);
  assert.is(own(settings('track_dir /run/values') + text('/var/lib/checkalived/trackfiles/x')), 0);
  assert.is(own(text('/run/values-of-others/x').replace('', settings('track_dir /run/values'))), 0);
  const hidden = text('/var/lib/checkalived/trackfiles/x').replace(
    /FILE_CHECK \{\ntrack_file a\n\}/,
    '@^checkalived FILE_CHECK {\n@^checkalived track_file a\n@^checkalived }',
  );
  assert.is(own(hidden), 0);
});

test.run();
