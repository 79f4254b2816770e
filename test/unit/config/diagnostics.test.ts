import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { codeTable, collectDiagnostics } from '../../../src/config/diagnostics.ts';
import { suite } from '../../support/suite.ts';

const test = suite('config/diagnostics');
const source = resolve(import.meta.dirname, '../../../src');
const span = { file: 'f', line: 2, column: 3, length: 4 };

test('every code of the table is reported somewhere', () => {
  const sources = ['config', 'cli/plugins']
    .flatMap(folder =>
      readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' }).map(name => join(source, folder, name)),
    )
    .filter(path => path.endsWith('.ts'))
    .map(path => readFileSync(path, 'utf8'))
    .join('\n');
  const unused = Object.keys(codeTable).filter(code => !new RegExp(`'${code}'(?!:)`).test(sources));
  assert.equal(unused, []);
});
test('a fault has the severity of its code, unless the place says otherwise', () => {
  const diagnostics = collectDiagnostics();
  diagnostics.report('bad-value', span, 'm', 'h');
  diagnostics.report('bad-value', span, 'n', 'h', { severity: 'error', keepalived: false });
  assert.equal(diagnostics.list(), [
    { severity: 'warning', code: 'bad-value', message: 'm', hint: 'h', ...span, keepalived: true },
    { severity: 'error', code: 'bad-value', message: 'n', hint: 'h', ...span, keepalived: false },
  ]);
  assert.is(diagnostics.errors().length, 1);
});
test('the same fault at the same place is listed once', () => {
  const diagnostics = collectDiagnostics();
  diagnostics.report('bad-value', span, 'm', 'h');
  diagnostics.report('bad-value', span, 'm', 'h');
  assert.is(diagnostics.list().length, 1);
});
test('ten thousand faults are listed, and then only that there are more', () => {
  const diagnostics = collectDiagnostics();
  for (let line = 1; line <= 10_020; line++) diagnostics.report('bad-group', { ...span, line }, 'm', 'h');
  const listed = diagnostics.list();
  assert.equal([listed.length, listed.at(-1)?.code, listed.at(-1)?.line], [10_001, 'too-many-faults', 10_001]);
  assert.is(diagnostics.errors().length, 10_020);
});
test('advice without end is no error, and hides none', () => {
  const diagnostics = collectDiagnostics();
  for (let line = 1; line <= 10_020; line++) diagnostics.report('surplus-words', { ...span, line }, 'm', 'h');
  const more = () => diagnostics.list().find(each => each.code === 'too-many-faults');
  assert.equal([more()?.severity, more()?.keepalived, diagnostics.errors().length], ['hint', false, 0]);
  diagnostics.report('bad-value', { ...span, line: 10_021 }, 'm', 'h');
  diagnostics.report('bad-group', { ...span, line: 10_022 }, 'm', 'h');
  assert.equal([more()?.severity, more()?.keepalived], ['warning', true]);
  assert.is(diagnostics.list().at(-1)?.code, 'bad-group');
});

test.run();
