import * as assert from 'uvu/assert';
import type { CommandOutcome, CommandRequest } from '../../../src/model/ports.ts';
import { createCommandRunner } from '../../../src/sys/command-runner.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('command begin');
const clock = new VirtualClock();
const runner = createCommandRunner({ slots: 8 }, { clock });
test.after(() => runner.close());

const begin = (argv: CommandRequest['argv'], ended: (outcome: CommandOutcome) => void, by = runner) =>
  by.begin({ argv, timeout: 1000, killAfter: 2000, keepOutput: 2000 }, { ended });
const run = (argv: CommandRequest['argv'], by = runner) =>
  new Promise<CommandOutcome>(resolve => begin(argv, resolve, by));
const shell = (script: string, ...args: string[]): [string, ...string[]] => ['/bin/sh', '-c', script, 'sh', ...args];

test('of a flood of short commands none is lost or taken for another, and no descriptor is left', async () => {
  const descriptors = () => run(shell('ls /proc/$PPID/fd | wc -l'));
  const before = await descriptors();
  const codes = Array.from({ length: 300 }, (_, index) => index % 256);
  const outcomes = codes.map(code => run(shell('echo "$1"; exit "$1"', String(code))));
  assert.equal(
    await Promise.all(outcomes),
    codes.map(code => ({ kind: 'exited', code, output: `${code}\n` })),
  );
  assert.equal(await descriptors(), before);
});

test('who begins a command is never told before that has returned, and of an abort at once', async () => {
  const heard: string[] = [];
  const follow = async (argv: CommandRequest['argv'], by = runner) => {
    const outcome = run(argv, by).then(({ kind }) => heard.push(kind));
    heard.push('begun');
    await outcome;
  };
  await follow(['/bin/true']);
  const sleeping = begin(['/bin/sleep', '1000'], ({ kind }) => heard.push(kind));
  sleeping.abort();
  heard.push('after');
  sleeping.abort();
  const own = createCommandRunner({ slots: 1 }, { clock });
  await own.close();
  begin(['/bin/true'], ({ kind }) => heard.push(kind), own).abort();
  heard.push('begun');
  await follow(['/bin/true'], own);
  assert.equal(heard, ['begun', 'exited', 'aborted', 'after', 'begun', 'begun', 'aborted', 'aborted']);
});

test('the clock is left alone once no command runs', async () => {
  const still = new VirtualClock();
  const own = createCommandRunner({ slots: 2 }, { clock: still });
  await Promise.all([run(['/bin/true'], own), run(['/bin/true'], own)]);
  assert.is(still.pending(), 0);
  await own.close();
  assert.is(still.pending(), 0);
});

test.run();
