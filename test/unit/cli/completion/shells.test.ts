import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { checkers } from '../../../../checks/index.ts';
import { type Shell, shells } from '../../../../src/cli/completion/shells.ts';
import { runCommandLine } from '../../../../src/cli/program.ts';
import { suite } from '../../../support/suite.ts';
import { createFakeIo } from '../fake-io.ts';
import { noModules } from '../no-modules.ts';

const test = suite('cli/completion/shells', 60_000);
const driver = resolve(import.meta.dirname, '../../../fixtures/complete.zsh');
const here = new Map(shells.map(shell => [shell, isHere(shell)]));
let folder = '';

test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'completion-'));
  mkdirSync(join(folder, 'state'));
  mkdirSync(join(folder, 'with blank'));
  writeFileSync(join(folder, 'sites.conf'), '');
  for (const shell of shells) writeFileSync(scriptOf(shell), await printScript(shell));
});

test.after(() => rmSync(folder, { recursive: true, force: true }));

/** A line and what its last word may become; `%` is the folder with a directory `state` and a file `sites.conf`. */
const lines: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['checkalived te', ['test']],
  ['checkalived run --ipvs ma', ['manage']],
  ['checkalived --log-format js', ['json']],
  ['checkalived run --dont', ['--dont-release-ipvs']],
  ['checkalived -f test sta', ['status']],
  ['checkalived completion zs', ['zsh']],
  ['checkalived help comp', ['completion']],
  ['checkalived test -f %/si', ['%/sites.conf']],
  ['checkalived history --state-dir %/s', ['%/state']],
  ['genhash --use-virt', ['--use-virtualhost']],
  ['genhash -P 1.1', ['1.1']],
];

for (const shell of shells) {
  test(`${shell} completes commands, options, choices, files and directories`, () => {
    if (!here.get(shell)) return;
    for (const [line, words] of lines) {
      const expected = words.map(word => word.replace('%', folder));
      assert.equal(complete(shell, line.replace('%', folder)), expected, `${shell}: ${line}`);
    }
  });

  test(`the script for ${shell} is read without a word`, () => {
    if (!here.get(shell)) return;
    const { status, stdout, stderr } = run(shell, ['-n', scriptOf(shell)]);
    assert.equal({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
  });
}

test('bash takes a value behind an equals sign, which is a word of its own there', () => {
  assert.equal(completeInBash(['checkalived', 'run', '--ipvs', '=', 'ma']), ['manage']);
  assert.equal(completeInBash(['checkalived', 'run', '--log-format', '=']), ['text', 'json']);
});

test('bash offers every command where none is written yet, and nothing but options behind one', () => {
  const first = completeInBash(['checkalived', '']);
  for (const name of ['run', 'test', 'genhash', 'completion', 'help']) assert.ok(first.includes(name), name);
  assert.ok(completeInBash(['checkalived', 'status', '']).every(word => word.startsWith('-')));
});

test('bash offers a name with a blank as one word', () => {
  assert.equal(completeInBash(['checkalived', 'history', '--state-dir', `${folder}/w`]), [`${folder}/with blank`]);
});

test('a shell that is not known is refused with those that are', async () => {
  const io = createFakeIo();
  assert.is(await runCommandLine(['completion', 'tcsh'], io, noModules), 1);
  assert.match(io.stderr.text, 'Allowed choices are bash, zsh, fish.');
});

async function printScript(shell: Shell): Promise<string> {
  const io = createFakeIo();
  assert.is(await runCommandLine(['completion', shell], io, { ...noModules, checkers }), 0);
  return io.stdout.text;
}

/** What the last word of the line may become; for zsh, which is asked at a terminal, what it became. */
function complete(shell: Shell, line: string): readonly string[] {
  switch (shell) {
    case 'bash':
      return completeInBash(line.split(' '));
    case 'zsh': {
      const { stdout } = run('zsh', ['-f', driver, scriptOf('zsh'), line]);
      return [stdout.trim().split(' ').at(-1) ?? ''];
    }
    case 'fish': {
      const { stdout } = run('fish', ['--no-config', '-c', `source ${scriptOf('fish')}; complete -C '${line}'`]);
      return listLines(stdout).map(text => text.replace(/\t.*/, '').replace(/\/$/, ''));
    }
  }
}

function completeInBash(words: readonly string[]): readonly string[] {
  const program = `source ${scriptOf('bash')}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _checkalived
    for word in "\${COMPREPLY[@]}"; do printf '%s\\n' "$word"; done`;
  const { stdout, stderr } = run('bash', ['--norc', '-c', program, 'bash', ...words]);
  assert.is(stderr, '');
  return listLines(stdout);
}

function listLines(text: string): readonly string[] {
  return text.split('\n').filter(line => line !== '');
}

function scriptOf(shell: Shell): string {
  return join(folder, `completion.${shell}`);
}

function run(program: string, words: readonly string[]) {
  return spawnSync(program, words, { encoding: 'utf8', timeout: 15_000, env: { ...process.env, HOME: folder } });
}

function isHere(shell: Shell): boolean {
  const found = !spawnSync(shell, ['--version']).error;
  if (!found) console.log(`${shell} is not here: its completion is not tried`);
  return found;
}

test.run();
