import process from 'node:process';
import * as assert from 'uvu/assert';
import { createSignalledSpawner, type Spawner } from '../../../src/sys/command-spawn.ts';
import { createExecute } from '../../../src/sys/execute.ts';
import { assertNoDescriptorLeft, listDescriptors } from '../../../testing/descriptors.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('execute');
const clock = new VirtualClock();
const real = createSignalledSpawner();
let started = 0;
let refused = 0;
const counting: Pick<Spawner, 'start'> = {
  start(...how) {
    const pid = real?.start(...how) ?? null;
    if (pid === null) refused++;
    else started++;
    return pid;
  },
};
const lean = createExecute({ createSpawner: () => counting, clock, limit: 60_000 });
const byNode = createExecute({ createSpawner: () => null, clock, limit: 60_000 });

for (const [way, execute] of Object.entries({ posix_spawn: lean, "Node's spawn": byNode })) {
  test(`${way}: output, errors and exit code come back`, async () => {
    assert.equal(await execute('/bin/sh', ['-c', 'echo out; echo err >&2; exit 3']), {
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  test(`${way}: input of any size goes in and comes out whole, characters uncut`, async () => {
    const input = 'žluťoučký kůň\n'.repeat(100_000);
    const out = await execute('cat', [], input);
    assert.is(out.code, 0);
    assert.ok(out.stdout === input);
    const err = await execute('/bin/sh', ['-c', 'cat >&2'], input);
    assert.ok(err.stderr === input);
  });

  test(`${way}: without input a program reads the end at once`, async () => {
    assert.equal(await execute('cat', []), { code: 0, stdout: '', stderr: '' });
  });

  test(`${way}: a program that does not read its input is judged by its code`, async () => {
    assert.is((await execute('/bin/true', [], 'x'.repeat(1_000_000))).code, 0);
  });

  test(`${way}: words are not read by a shell`, async () => {
    assert.is((await execute('printf', ['%s', '$HOME `id` *'])).stdout, '$HOME `id` *');
  });

  test(`${way}: a program has our environment as it is now`, async () => {
    process.env['CHECKALIVED_TEST'] = 'a=b c';
    const { stdout } = await execute('printenv', ['CHECKALIVED_TEST']);
    delete process.env['CHECKALIVED_TEST'];
    assert.is(stdout, 'a=b c\n');
    assert.is((await execute('printenv', ['CHECKALIVED_TEST'])).code, 1);
  });

  test(`${way}: a signal leaves no code`, async () => {
    assert.is((await execute('/bin/sh', ['-c', 'kill -KILL $$'])).code, null);
  });

  test(`${way}: a program that hangs is killed after a minute, and what it said is kept`, async () => {
    const done = execute('/bin/sh', ['-c', 'echo begun; exec sleep 1000']);
    await clock.advance(59_999);
    assert.is(await Promise.race([done, new Promise(resolve => setImmediate(resolve, 'runs'))]), 'runs');
    await clock.advance(1);
    assert.is((await done).code, null);
    assert.is(clock.pending(), 0);
  });

  test(`${way}: a program that is not there rejects with Node's reason`, async () => {
    const fault = await execute('/no/such/program', ['word']).catch((error: NodeJS.ErrnoException) => error);
    assert.ok(fault instanceof Error);
    assert.is(fault.message, 'spawn /no/such/program ENOENT');
    assert.is(fault.code, 'ENOENT');
    assert.is(clock.pending(), 0);
  });

  test(`${way}: a word that no program can be given rejects`, async () => {
    const fault = await execute('/bin/echo', ['a\0b']).catch((error: NodeJS.ErrnoException) => error.code);
    assert.is(fault, 'ERR_INVALID_ARG_VALUE');
  });

  test(`${way}: many at once are told apart, and nothing of them stays open`, async () => {
    const before = listDescriptors();
    const inputs = Array.from({ length: 10 }, (_, index) => `${index}`);
    for (let round = 0; round < 5; round++) {
      const done = await Promise.all(
        inputs.map(input => execute('/bin/sh', ['-c', 'read -r n; exit $n'], `${input}\n`)),
      );
      assert.equal(
        done.map(({ code }) => code),
        inputs.map(Number),
      );
    }
    await execute('/no/such/program', [], 'input').catch(() => {});
    // Node closes its pipes to a program that was not there a little later.
    for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
    await assertNoDescriptorLeft(before);
    assert.is(clock.pending(), 0);
  });
}

test('posix_spawn was the way of all that could be started', () => {
  assert.is(refused, 2);
  assert.ok(started > 50, `${started}`);
});

test('whoever executes a program can be told of its process at once', async () => {
  for (const createSpawner of [() => counting, () => null]) {
    const pids: number[] = [];
    const execute = createExecute({ createSpawner, clock, limit: 60_000, started: pid => void pids.push(pid) });
    const done = execute('/bin/sh', ['-c', 'echo $$']);
    assert.is(pids.length, 1);
    assert.is((await done).stdout, `${pids[0]}\n`);
  }
});

test('what posix_spawn refuses, Node gets', async () => {
  const { code, stdout } = await createExecute({ createSpawner: () => ({ start: () => null }), clock, limit: 60_000 })(
    'echo',
    ['yes'],
  );
  assert.equal({ code, stdout }, { code: 0, stdout: 'yes\n' });
});

test('a program gets no descriptor but the three', async () => {
  const { stdout } = await lean('/bin/ls', ['-l', '/proc/self/fd']);
  const opened = [...stdout.matchAll(/ (\d+) -> (.*)/g)].map(([, number, target]) => [number, target]);
  assert.equal(
    opened.filter(([, target]) => target?.startsWith('/memfd:')).map(([number]) => number),
    ['0', '1', '2'],
  );
});

test('the system is asked how to start a program when the first is executed, and once', async () => {
  let asked = 0;
  const execute = createExecute({
    createSpawner: () => {
      asked++;
      return null;
    },
    clock,
    limit: 60_000,
  });
  assert.is(asked, 0);
  await execute('true', []);
  await execute('true', []);
  assert.is(asked, 1);
});

test.run();
