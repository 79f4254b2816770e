import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('bin');
const text = readFileSync(join(import.meta.dirname, '../../../bin/checkalived'), 'utf8');
/** What the kernel reads, and what the shell does; to JavaScript that is a string and a comment. */
const [first = '', second = ''] = text.split('\n');

test('what the shell sets for the allocator is taken back, so that no script or check finds it', () => {
  const set = [...second.matchAll(/([A-Z][A-Z_]+)=/g)].map(([, name]) => name ?? '');
  assert.equal(set, ['MALLOC_ARENA_MAX', 'MALLOC_TRIM_THRESHOLD_']);
  const body = text.slice(text.indexOf(second) + second.length).replace(/await import\([\s\S]*/, '');
  const [, list = ''] = /for \(const name of \[([^\]]*)\]\) delete process\.env\[name\];/.exec(body) ?? [];
  assert.equal(
    list.split(', ').map(name => name.slice(1, -1)),
    set,
  );
});

test('the first line is short enough for every kernel, and asks for nothing that a small system lacks', () => {
  // BINPRM_BUF_SIZE before Linux 5.1 is 128, and what is longer is cut off without a word; busybox has no `env -S`.
  assert.ok(first.length < 127, `${first.length}`);
  assert.not.match(first, /env/);
});

test('words with blanks and signs reach Node as they are, and its flags stand before them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'checkalived-bin-'));
  try {
    const script = join(folder, 'a name');
    const told = 'process.stdout.write(JSON.stringify([process.argv.slice(2), process.execArgv]));';
    writeFileSync(script, `${first}\n${second}\n${told}`, { mode: 0o755 });
    const [words, flags] = JSON.parse(execFileSync(script, ['a b', '$x', "'", ''], { encoding: 'utf8' }));
    assert.equal(words, ['a b', '$x', "'", '']);
    assert.equal(
      flags,
      second.split(' ').filter(word => word.startsWith('--')),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
