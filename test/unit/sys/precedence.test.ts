import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { letGoAhead } from '../../../src/sys/precedence.ts';
import { suite } from '../../support/suite.ts';

const test = suite('precedence');

test('all threads but the first stand back', () => {
  const module = JSON.stringify(new URL('../../../src/sys/precedence.ts', import.meta.url).href);
  const program = `import { readdirSync, readFileSync } from 'node:fs';
    import { goBeforeOwnThreads } from ${module};
    goBeforeOwnThreads();
    // Behind the name, which may hold anything, the seventeenth field is the nice level.
    const nice = thread => Number(readFileSync('/proc/self/task/' + thread + '/stat', 'utf8').split(') ').at(-1).split(' ')[16]);
    console.log(JSON.stringify(readdirSync('/proc/self/task').map(thread => [Number(thread) === process.pid, nice(thread)])));`;
  const options = ['--import', 'tsx', '--input-type=module', '-e', program];
  const threads = JSON.parse(execFileSync(process.execPath, options, { encoding: 'utf8' })) as [boolean, number][];
  assert.ok(threads.length > 2, `${threads.length} threads`);
  const own = getPriority();
  for (const [isFirst, nice] of threads) assert.is(nice, isFirst ? own : Math.min(19, own + 5));
});

test('a program goes ahead where we may say so, and one that has ended is let be', async () => {
  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  const pid = child.pid ?? 0;
  letGoAhead(pid);
  // Root may, unless the capability was taken from it.
  const own = getPriority();
  assert.ok([own, Math.max(-20, own - 10)].includes(getPriority(pid)), `${getPriority(pid)}`);
  if (process.getuid?.() === 0) assert.ok(getPriority(pid) < own);
  child.stdin.end();
  await once(child, 'exit');
  letGoAhead(pid);
});

test.run();
