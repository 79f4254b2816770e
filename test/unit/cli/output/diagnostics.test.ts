import * as assert from 'uvu/assert';
import {
  formatDiagnostic,
  formatDiagnosticInSource,
  openSources,
  summarize,
} from '../../../../src/cli/output/diagnostics.ts';
import type { Diagnostic } from '../../../../src/config/diagnostics.ts';
import { planVirtualServer } from '../../../support/plans.ts';
import { suite } from '../../../support/suite.ts';
import { readText } from '../../config/read-text.ts';
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

const plain = { colours: false, width: 100 };
const sourcesOf = (text: string) => openSources({ sources: new Map([['test.conf', text]]), secrets: [] });
const inSource = (text: string, over: Partial<Diagnostic>, width = 100) =>
  formatDiagnosticInSource(createDiagnostic(over), sourcesOf(text), { ...plain, width })
    .split('\n')
    .slice(1, 3);

test('the source line is shown with what is meant underlined, tabs as blanks', () => {
  const lineAt = sourcesOf('first\n\ta xx11 b\n');
  assert.is(
    formatDiagnosticInSource(createDiagnostic({ column: 4 }), lineAt, plain),
    [
      'test.conf:2:4: error: x is no address [bad-address]',
      '     2 |     a xx11 b',
      '       |       ^^^^',
      '    hint: write 10.0.0.1',
      '',
    ].join('\n'),
  );
});

test('a diagnostic beyond the end of its line is still marked', () => {
  assert.equal(inSource('first\nab', { column: 3, length: 9 }), ['     2 | ab', '       |   ^']);
});

test('a file whose text is not there is named only', () => {
  assert.is(
    formatDiagnosticInSource(createDiagnostic(), openSources({ sources: new Map(), secrets: [] }), plain),
    formatDiagnostic(createDiagnostic(), false),
  );
});

test('a byte order mark and lone carriage returns do not move the marks', () => {
  assert.equal(inSource('\uFEFFab cd\n', { line: 1, column: 4, length: 2 }), ['     1 | ab cd', '       |    ^^']);
  assert.equal(inSource('one\rab cd', { column: 4, length: 2 }), ['     2 | ab cd', '       |    ^^']);
});

test('a long line is cut to the terminal, around what is meant', () => {
  const [shown = '', marks = ''] = inSource(
    `x\n${'a'.repeat(500)} wrong ${'b'.repeat(500)}`,
    { column: 502, length: 5 },
    60,
  );
  assert.is(shown.length, 60);
  assert.is(shown.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1), 'wrong');
});

test('a diagnostic in an included file shows the line of that file', () => {
  const result = readText('include more.conf\n', {
    files: { 'more.conf': '\n  virtual_servr x {\n}\n' },
  });
  const [first] = result.diagnostics;
  if (first === undefined) throw new Error('nothing is wrong');
  assert.equal(formatDiagnosticInSource(first, openSources(result), plain).split('\n').slice(0, 3), [
    'more.conf:2:3: error: There is no block virtual_servr here; it is skipped. [unknown-block]',
    '     2 |   virtual_servr x {',
    '       |   ^^^^^^^^^^^^^',
  ]);
});

test('a password is covered where its line is shown', () => {
  const result = readText('vrrp_instance V {\nauthentication {\nauth_pass correct-horse\n}\n}\n');
  const long = result.diagnostics.find(({ code }) => code === 'auth-pass-too-long');
  if (long === undefined) throw new Error('the password is not too long');
  assert.is(
    formatDiagnosticInSource(long, openSources(result), plain).split('\n')[1],
    '     3 | auth_pass *************',
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
