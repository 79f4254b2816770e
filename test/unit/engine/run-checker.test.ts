import * as assert from 'uvu/assert';
import { runChecker } from '../../../src/engine/run-checker.ts';
import type { CheckContext, Checker, CheckResult } from '../../../src/model/check.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';
import { fakeChecker } from '../config/read-text.ts';

const test = suite('engine/run-checker');
const context = { clock: new VirtualClock() } as unknown as CheckContext;

async function run(check: Checker['check']): Promise<{ result: CheckResult; told: readonly string[] }> {
  const told: string[] = [];
  const result = await runChecker(fakeChecker('FAKE_CHECK', [], { check }), null, context, fault => told.push(fault));
  return { result, told };
}

test('a result is given on as it is', async () => {
  const passed: CheckResult = { ok: true, took: 1, detail: 'fine' };
  assert.equal(await run(async () => passed), { result: passed, told: [] });
});

for (const [title, check] of [
  ['rejects', () => Promise.reject(new Error('a bug'))],
  [
    'throws at once',
    () => {
      throw new Error('a bug');
    },
  ],
] as const) {
  test(`a checker that ${title} gives no verdict, and its stack is told`, async () => {
    const { result, told } = await run(check);
    assert.equal(result, { ok: false, took: 0, reason: 'internal', detail: 'a bug' });
    assert.match(told.join(), /a bug\n {4}at .*run-checker\.test\.ts/);
  });
}

test('what is thrown need not be an error', async () => {
  const { result, told } = await run(() => Promise.reject('no reason'));
  assert.is(result.detail, 'no reason');
  assert.equal(told, ['no reason']);
});

test.run();
