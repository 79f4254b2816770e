import * as assert from 'uvu/assert';
import { type MiscSpec, misc } from '../../../checks/misc.ts';
import type { CheckTarget } from '../../../src/model/check.ts';
import type { CommandOutcome, CommandRequest, CommandStarter } from '../../../src/model/ports.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { makeContext, makeTarget } from '../../../testing/check-context.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('misc check');

const target = makeTarget({ delayLoop: 6000, scriptUser: { name: 'checker' } });
const argv = ['/bin/check', 'a b'] as const;

function plan(given: Record<string, unknown>, more: Partial<CheckTarget> = {}): MiscSpec | string {
  const faults: string[] = [];
  const values = blockValues(misc.params, given);
  const [spec] = misc.plan(values, { ...target, ...more }, (severity, code) => faults.push(`${severity} ${code}`));
  return spec ?? faults.join();
}

async function check(outcome: CommandOutcome, dynamic = false, signal?: AbortSignal) {
  const requests: CommandRequest[] = [];
  const clock = new VirtualClock();
  const commands: CommandStarter = {
    run: () => Promise.reject(new Error('checks go without promises')),
    begin(request, receiver) {
      requests.push(request);
      clock.at(30, () => receiver.ended(outcome));
      return { abort: () => receiver.ended({ kind: 'aborted' }) };
    },
  };
  const spec: MiscSpec = { argv, user: { name: 'checker' }, timeout: 6000, dynamic };
  const checked = misc.check(spec, makeContext({ clock, commands, ...(signal && { signal }) }));
  await clock.advance(30);
  return { result: await checked, request: requests[0] };
}
const exited = (code: number, output = ''): CommandOutcome => ({ kind: 'exited', code, output });

test('timeout and user come from the block, else from the server', () => {
  assert.equal(plan({ misc_path: { argv } }), { argv, user: { name: 'checker' }, timeout: 6000, dynamic: false });
  const given = { misc_path: { argv }, misc_timeout: 2, misc_dynamic: true, user: { name: 'nobody', group: 'daemon' } };
  assert.equal(plan(given), { argv, user: { name: 'nobody', group: 'daemon' }, timeout: 2000, dynamic: true });
  assert.equal(plan({ misc_path: { argv } }, { scriptUser: null }), { argv, timeout: 6000, dynamic: false });
  assert.is(plan({}), 'error no-misc-path');
});

test('the command is given its words, its user and its time', async () => {
  const { request, result } = await check(exited(0));
  assert.equal(request, { argv, user: { name: 'checker' }, timeout: 6000, killAfter: 2000, keepOutput: 512 });
  assert.is(result.took, 30);
});

test('at the longest it takes its time and as long as the command may ignore SIGTERM', () => {
  assert.is(misc.longest({ argv, timeout: 6000, dynamic: false }), 8000);
});

test('exit code 0 passes and any other fails', async () => {
  assert.equal((await check(exited(0))).result, { ok: true, took: 30, detail: 'exit code 0' });
  for (const code of [1, 2, 127, 255]) {
    const detail = `exit code ${code}`;
    assert.equal((await check(exited(code))).result, { ok: false, took: 30, reason: 'script', detail });
  }
});

test('with misc_dynamic a code from 2 is a weight', async () => {
  assert.equal((await check(exited(0), true)).result, { ok: true, took: 30, detail: 'exit code 0' });
  assert.is((await check(exited(1), true)).result.ok, false);
  assert.equal((await check(exited(2), true)).result, { ok: true, took: 30, weight: 0, detail: 'exit code 2' });
  assert.equal((await check(exited(255), true)).result, { ok: true, took: 30, weight: 253, detail: 'exit code 255' });
});

test('the last line of the output tells why', async () => {
  const { result } = await check(exited(1, 'checking\nno route to db \n\n'));
  assert.is(result.detail, 'exit code 1: no route to db');
});

test('a signal, a time-out and a command that cannot run are failures, also with misc_dynamic', async () => {
  const failure = async (outcome: CommandOutcome) => {
    const { result } = await check(outcome, true);
    return result.ok ? 'ok' : `${result.reason}: ${result.detail}`;
  };
  assert.is(await failure({ kind: 'signalled', signal: 'SIGSEGV', output: '' }), 'script: killed by SIGSEGV');
  assert.is(await failure({ kind: 'timed-out', output: 'hm\n' }), 'timeout_script: not finished after 6 s: hm');
  const missing = { kind: 'not-started', detail: '/bin/check: no such file' } as const;
  assert.is(await failure(missing), 'script: /bin/check: no such file');
});

test('an abort of the check ends its command at once', async () => {
  const { result } = await check(exited(0), false, AbortSignal.abort());
  assert.equal([result.ok, result.took, result.detail], [false, 0, 'aborted']);
});

test('an aborted command gives no verdict', async () => {
  assert.equal((await check({ kind: 'aborted' })).result, {
    ok: false,
    took: 30,
    reason: 'internal',
    detail: 'aborted',
  });
});

test.run();
