import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('the test runner');
const root = resolve(import.meta.dirname, '../../..');

function runFixture(name: string) {
  const args = ['--import', 'tsx', 'test/support/run.ts', 'fixtures', `guards/${name}`];
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 15_000 });
}

test('fails a file that never runs its suite', () => {
  const { status, stderr } = runFixture('silent.test.ts');
  assert.is(status, 1);
  assert.match(stderr, 'silent.test.ts: no suite was run');
});

test('names a test that hangs', () => {
  const { status, stdout } = runFixture('hung.test.ts');
  assert.is(status, 1);
  assert.match(stdout, '"hung: waits for ever" hangs');
  assert.match(stdout, '0 passed, 1 failed');
});

test('fails when a test leaves something open', () => {
  const { status, stderr } = runFixture('leaking.test.ts');
  assert.is(status, 1);
  assert.match(stderr, 'Left open by the tests: TCPServerWrap');
});

test('fails when a before hook has kept tests from running', () => {
  const { status, stdout, stderr } = runFixture('hook.test.ts');
  assert.is(status, 1);
  assert.match(stderr, '1 tests did not run: a before hook failed');
  assert.match(stdout, '0 passed, 1 failed');
});

test('fails when no file matches', () => {
  assert.is(runFixture('nothing').status, 1);
});

test.run();
