import * as assert from 'uvu/assert';
import { execute, executeWithin } from '../../../src/sys/execute.ts';
import { suite } from '../../support/suite.ts';

const test = suite('execute');

test('output, errors and exit code come back', async () => {
  assert.equal(await execute('/bin/sh', ['-c', 'echo out; echo err >&2; exit 3']), {
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
});

test('input of any size goes in and comes out whole, characters uncut', async () => {
  const input = 'žluťoučký kůň\n'.repeat(100_000);
  const { stdout, code } = await execute('cat', [], input);
  assert.is(code, 0);
  assert.ok(stdout === input);
});

test('a program that does not read its input is judged by its code', async () => {
  assert.is((await execute('/bin/true', [], 'x'.repeat(1_000_000))).code, 0);
});

test('words are not read by a shell', async () => {
  assert.is((await execute('printf', ['%s', '$HOME `id` *'])).stdout, '$HOME `id` *');
});

test('a signal leaves no code', async () => {
  assert.is((await execute('/bin/sh', ['-c', 'kill -KILL $$'])).code, null);
});

test('a program that takes longer than it may is killed', async () => {
  assert.is((await executeWithin(50)('sleep', ['60'])).code, null);
});

test('a program that is not there rejects', async () => {
  const fault = await execute('/no/such/program', []).catch((error: NodeJS.ErrnoException) => error.code);
  assert.is(fault, 'ENOENT');
});

test.run();
