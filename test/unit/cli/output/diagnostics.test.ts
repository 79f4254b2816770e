import * as assert from 'uvu/assert';
import { formatDiagnostic, formatDiagnosticInSource, summarize } from '../../../../src/cli/output/diagnostics.ts';
import { planVirtualServer } from '../../../support/plans.ts';
import { suite } from '../../../support/suite.ts';
import { createConfig, createDiagnostic, createPlan, createRealServer } from '../fake-io.ts';

const test = suite('cli/output/diagnostics');

test('a diagnostic is one line that tools can read, and its hint', () => {
  assert.is(
    formatDiagnostic(createDiagnostic(), false),
    'test.conf:2:3: error: x is no address [bad-address]\n    hint: write 10.0.0.1\n',
  );
});

test('without a hint there is no second line', () => {
  assert.is(
    formatDiagnostic(createDiagnostic({ hint: '' }), false),
    'test.conf:2:3: error: x is no address [bad-address]\n',
  );
});

test('the source line is shown with what is meant underlined, tabs in step', () => {
  const sources = new Map([['test.conf', 'first\n\ta xx11 b\n']]);
  assert.is(
    formatDiagnosticInSource(createDiagnostic({ column: 4 }), sources, false),
    [
      'test.conf:2:4: error: x is no address [bad-address]',
      '     2 | \ta xx11 b',
      '       | \t  ^^^^',
      '    hint: write 10.0.0.1',
      '',
    ].join('\n'),
  );
});

test('a diagnostic beyond the end of its line is still marked', () => {
  const sources = new Map([['test.conf', 'first\nab']]);
  assert.match(formatDiagnosticInSource(createDiagnostic({ column: 3, length: 9 }), sources, false), '|   ^\n');
});

test('a file whose text is not there is named only', () => {
  assert.is(
    formatDiagnosticInSource(createDiagnostic(), new Map(), false),
    formatDiagnostic(createDiagnostic(), false),
  );
});

test('colours are for those who want them', () => {
  assert.match(formatDiagnostic(createDiagnostic(), true), '\u001b[31merror:\u001b[39m');
});

test('the summary counts what was found and what was read', () => {
  const config = createConfig([
    planVirtualServer([createRealServer(1, [createPlan('TCP_CHECK', 1)]), createRealServer(2, [])]),
  ]);
  assert.is(
    summarize([createDiagnostic(), createDiagnostic(), createDiagnostic({ severity: 'hint' })], config),
    '2 errors, 1 hint; 1 virtual server, 2 real servers, 1 check',
  );
  assert.is(summarize([], createConfig()), 'nothing to complain about; 0 virtual servers, 0 real servers, 0 checks');
});

test.run();
