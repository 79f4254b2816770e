import * as assert from 'uvu/assert';
import { vsId } from '../../../src/model/ids.ts';
import type { CommandOutcome } from '../../../src/model/ports.ts';
import type { ScriptUser } from '../../../src/model/server.ts';
import type { ScriptEffect } from '../../../src/notify/environment.ts';
import { createScriptQueue } from '../../../src/notify/script.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';
import { FakeCommands } from './fake-commands.ts';

const test = suite('notify/script');

function setUp(limit = 4, scriptUser: ScriptUser | null = null) {
  const [commands, log] = [new FakeCommands(), new RecordingLog()];
  const options = { timeout: 30_000, limit, scriptUser: () => scriptUser };
  return { commands, log, queue: createScriptQueue(options, { commands, log }) };
}
const script = (virtualServer: string, name: string, user?: ScriptUser): ScriptEffect => ({
  type: 'script',
  virtualServer: vsId(virtualServer),
  realServer: null,
  event: 'quorum_up',
  script: { argv: ['/bin/tell', name], ...(user && { user }) },
  state: 'UP',
  weight: 1,
  reason: 'quorum',
});

test('scripts of one virtual server run one after the other, in order', async () => {
  const { commands, queue } = setUp();
  const all = Promise.all(['a', 'b', 'c'].map(name => queue.run(script('vs1', name), {})));
  assert.equal(commands.running(), ['a']);
  await commands.end('a');
  assert.equal(commands.running(), ['b']);
  await commands.end('b', { kind: 'exited', code: 1, output: '' });
  assert.equal(commands.running(), ['c']);
  await commands.end('c');
  assert.equal(
    (await all).map(ended => ended.outcome),
    ['delivered', 'failed', 'delivered'],
  );
});

test('different virtual servers do not wait for each other, up to the limit over all', async () => {
  const { commands, queue } = setUp(2);
  const effects = [script('vs1', 'a1'), script('vs1', 'a2'), script('vs2', 'b1'), script('vs3', 'c1')];
  const all = Promise.all(effects.map(effect => queue.run(effect, {})));
  assert.equal(commands.running(), ['a1', 'b1']);
  // vs3 has waited longer than the second script of vs1.
  await commands.end('a1');
  assert.equal(commands.running(), ['b1', 'c1']);
  await commands.end('b1');
  assert.equal(commands.running(), ['c1', 'a2']);
  await commands.end('c1');
  await commands.end('a2');
  assert.is((await all).length, 4);
});

test('a script gets its arguments, its environment, a time limit and its user', async () => {
  const { commands, queue } = setUp(4, { name: 'keepalived_script' });
  const first = queue.run(script('vs1', 'a'), { CHECKALIVED_EVENT: 'quorum_up' });
  const second = queue.run(script('vs2', 'b', { name: 'nobody' }), {});
  await commands.end('a');
  await commands.end('b');
  await Promise.all([first, second]);
  assert.equal(commands.requests[0], {
    argv: ['/bin/tell', 'a'],
    environment: { CHECKALIVED_EVENT: 'quorum_up' },
    timeout: 30_000,
    killAfter: 1000,
    keepOutput: 4096,
    user: { name: 'keepalived_script' },
  });
  assert.equal(commands.requests[1]?.user, { name: 'nobody' });
});

for (const [ended, expected] of [
  [
    { kind: 'exited', code: 0, output: '' },
    { outcome: 'delivered', detail: 'exit code 0' },
  ],
  [
    { kind: 'exited', code: 0, output: 'told\n' },
    { outcome: 'delivered', detail: 'exit code 0: told' },
  ],
  [
    { kind: 'exited', code: 3, output: ' oops\n' },
    { outcome: 'failed', detail: 'exit code 3: oops' },
  ],
  [
    { kind: 'signalled', signal: 'SIGSEGV', output: '' },
    { outcome: 'failed', detail: 'ended by SIGSEGV' },
  ],
  [
    { kind: 'timed-out', output: 'so far' },
    { outcome: 'failed', detail: 'stopped after 30 s: so far' },
  ],
  [
    { kind: 'not-started', detail: 'no such file' },
    { outcome: 'failed', detail: 'not started: no such file' },
  ],
  [{ kind: 'aborted' }, { outcome: 'failed', detail: 'stopped before its end' }],
] as const satisfies readonly (readonly [CommandOutcome, object])[]) {
  test(`an end is told: ${expected.detail}`, async () => {
    const { commands, queue } = setUp();
    const told = queue.run(script('vs1', 'a'), {});
    await commands.end('a', ended);
    assert.equal(await told, expected);
  });
}

test('of a thousand that wait behind a hanging script the oldest gives way to the next', async () => {
  const { commands, log, queue } = setUp();
  const all = Array.from({ length: 1002 }, (_, index) => queue.run(script('vs1', `n${index}`), {}));
  assert.equal(commands.running(), ['n0']);
  assert.equal(await all[1], { outcome: 'failed', detail: 'not run: more than 1000 scripts wait for vs1' });
  assert.equal(log.lines, [
    {
      level: 'error',
      message: 'The script of quorum_up was not run: more than 1000 scripts wait for vs1.',
    },
  ]);
  await commands.end('n0');
  assert.equal(commands.running(), ['n2']);
  await queue.close();
  await Promise.all(all);
});

test('close ends what runs, gives up what waits, and takes nothing more', async () => {
  const { commands, queue } = setUp();
  const told = [queue.run(script('vs1', 'a'), {}), queue.run(script('vs1', 'b'), {})];
  await queue.close();
  assert.equal(commands.running(), []);
  assert.equal(await Promise.all(told), [
    { outcome: 'failed', detail: 'stopped before its end' },
    { outcome: 'failed', detail: 'not run: the agent stops' },
  ]);
  assert.equal(await queue.run(script('vs1', 'c'), {}), { outcome: 'failed', detail: 'not run: the agent stops' });
  assert.is(commands.requests.length, 1);
});

test('each run is told with how it ended and how long it took, and what never ran as given up', async () => {
  const [commands, log, clock] = [new FakeCommands(), new RecordingLog(), new VirtualClock()];
  const told: unknown[] = [];
  const observer = { attempted: (...each: unknown[]) => void told.push(each) };
  const options = { timeout: 30_000, limit: 1, scriptUser: () => null };
  const queue = createScriptQueue(options, { commands, log, deliveries: { clock, observer } });
  const first = queue.run(script('vs1', 'a'), {});
  const second = queue.run(script('vs1', 'b'), {});
  await clock.advance(20);
  await commands.end('a');
  await first;
  await clock.advance(70);
  await commands.end('b', { kind: 'exited', code: 1, output: '' });
  await second;
  assert.equal(told.splice(0), [
    ['script', 'delivered', 20],
    ['script', 'given_up', 70],
  ]);
  for (let count = 0; count < 1_002; count++) void queue.run(script('vs1', `c${count}`), {});
  assert.equal(told, [['script', 'given_up', null]]);
  const closed = queue.close();
  await commands.end('c0', { kind: 'aborted' });
  await closed;
});

test.run();
