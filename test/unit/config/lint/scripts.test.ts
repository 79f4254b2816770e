import * as assert from 'uvu/assert';
import type { FileStat } from '../../../../src/config/file-reader.ts';
import { suite } from '../../../support/suite.ts';
import { readText, realServer } from '../read-text.ts';

const test = suite('config/lint/scripts');
const file = (mode: number): FileStat => ({ kind: 'file', mode, uid: 0 });
const directory = (mode: number): FileStat => ({ kind: 'directory', mode, uid: 0 });
const secure = 'global_defs {\nscript_user nobody\nenable_script_security\n}\n';

/** `code: message` of each, for a MISC_CHECK with this command. */
function told(command: string, stats: Readonly<Record<string, FileStat>>, lines = ''): readonly string[] {
  const text = `${secure}${realServer(`${lines}\nMISC_CHECK {\nmisc_path "${command}"\n}`)}`;
  return readText(text, { stats }).diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

test('a program that is fine is not talked about, with arguments and in several places', () => {
  const stats = { '/': directory(0o755), '/opt': directory(0o755), '/opt/c': file(0o700) };
  assert.equal(told('/opt/c a b', stats, 'notify_up /opt/c'), []);
});
test('a name without a path is looked for in PATH, and not here', () => {
  assert.equal(told('check-web a', {}), []);
});
test('a program that is missing is told once', () => {
  assert.equal(told('/opt/c', {}, 'notify_up "/opt/c up"\nnotify_down "/opt/c down"'), [
    'script-not-found: The program /opt/c of notify_up is not on this host.',
  ]);
});
test('a directory is no program', () => {
  assert.equal(told('/opt', { '/opt': directory(0o755) }), [
    'script-not-found: The program /opt of misc_path is no file.',
  ]);
});
test('a program without an execute bit is told', () => {
  assert.equal(told('/opt/c', { '/opt/c': file(0o644) }), [
    'script-not-executable: The program /opt/c of misc_path is not executable.',
  ]);
});
test('a program and each of its directories may be written by its owner only', () => {
  const program = { '/opt/a/c': file(0o755) };
  const told2 = (stats: Readonly<Record<string, FileStat>>) => told('/opt/a/c', { ...program, ...stats });
  assert.match(told2({ '/opt/a/c': file(0o775) })[0] ?? '', 'The program /opt/a/c is writable for its group');
  assert.match(
    told2({ '/opt': directory(0o777) })[0] ?? '',
    'The directory /opt of /opt/a/c is writable for everybody',
  );
  assert.match(
    told2({ '/opt/a': directory(0o775) })[0] ?? '',
    'The directory /opt/a of /opt/a/c is writable for its group',
  );
});
test('in a sticky directory nobody replaces the file of another', () => {
  assert.equal(told('/tmp/c', { '/tmp': directory(0o1777), '/tmp/c': file(0o755) }), []);
});

test.run();
