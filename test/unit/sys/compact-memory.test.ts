import { spawnSync } from 'node:child_process';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('sys/compact-memory');

// In a process of its own: it changes how V8 collects garbage from then on.
const program = `
  const { compactMemory } = await import(${JSON.stringify(new URL('../../../src/sys/compact-memory.ts', import.meta.url).href)});
  const lost = (() => new WeakRef({ much: new Array(1_000_000) }))();
  const kept = { text: 'still here' };
  await new Promise(resolve => setImmediate(resolve));
  compactMemory();
  console.log(JSON.stringify([lost.deref() === undefined, kept.text, typeof globalThis.gc]));
`;

test('garbage goes, what is used stays, and V8 takes all of its flags without a word', () => {
  const words = ['--import', 'tsx', '--input-type=module', '-e', program];
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  assert.is(stderr, '');
  assert.equal(JSON.parse(stdout), [true, 'still here', 'undefined']);
});

test.run();
