import * as assert from 'uvu/assert';
import type { CheckResult } from '../../../src/model/check.ts';
import { suite } from '../../support/suite.ts';
import { createFakeRunner, failure, pass, peerAt, planAsking } from './fake-runner.ts';

const test = suite('engine/siblings');
const machine = {
  peer: peerAt('10.0.0.2'),
  schedule: { kind: 'interval', every: 60_000 },
  delayBeforeRetry: 30_000,
} as const;
const elsewhere = { ...machine, peer: peerAt('10.0.0.3') };

/** Three services of one machine and one of another, all of which have passed two seconds ago unless `answers` says otherwise. */
async function setUp(answers: Record<string, CheckResult> = {}) {
  const fake = createFakeRunner({ answer: asks => answers[asks] ?? pass });
  fake.use([
    planAsking('a', 'web', machine),
    planAsking('b', 'mail', { ...machine, peer: peerAt('10.0.0.2', 25) }),
    planAsking('c', 'database', { ...machine, peer: peerAt('10.0.0.2', 3306) }),
    planAsking('d', 'other', elsewhere),
    planAsking('e', 'script', { schedule: machine.schedule }),
  ]);
  await fake.clock.advance(2000);
  fake.asked();
  const at = (asks: string, result: CheckResult) => {
    answers[asks] = result;
  };
  /** Runs the check now. */
  const runNow = async (id: string, span = 25): Promise<readonly string[]> => {
    fake.runner.schedule({ checker: planAsking(id, '').id, after: 0, from: 'end', retry: true });
    await fake.clock.advance(span);
    return fake.asked();
  };
  return { ...fake, at, runNow };
}

for (const reason of ['timeout_connect', 'refused', 'unreachable'] as const) {
  test(`a check that fails with ${reason} after it had passed has the other checks of its machine run at once`, async () => {
    const { at, runNow } = await setUp();
    at('web', failure(reason));
    assert.equal(await runNow('a'), ['web', 'mail', 'database']);
  });
}

for (const reason of ['status', 'timeout_read', 'timeout_tls', 'reset', 'digest', 'local', 'internal'] as const) {
  test(`a failure with ${reason} alarms nobody`, async () => {
    const { at, runNow } = await setUp();
    at('web', failure(reason));
    assert.equal(await runNow('a'), ['web']);
  });
}

test('one that is due and waits for others does not wait any longer', async () => {
  const { runner, clock, at, runNow } = await setUp();
  runner.schedule({ checker: planAsking('b', '').id, after: 1_030, from: 'end' });
  await clock.advance(1_035);
  at('web', failure('refused'));
  assert.equal(await runNow('a'), ['web', 'mail', 'database']);
});

test('a second failure in a row alarms nobody', async () => {
  const { at, runNow } = await setUp();
  at('web', failure('refused'));
  assert.is((await runNow('a', 2000)).length, 3);
  assert.equal(await runNow('a'), ['web']);
});

test('what fails already is not run', async () => {
  const { at, runNow } = await setUp({ mail: failure('status') });
  at('web', failure('refused'));
  assert.equal(await runNow('a'), ['web', 'database']);
});

test('what has begun within the last second is not run', async () => {
  const { at, runNow } = await setUp();
  assert.equal(await runNow('b', 900), ['mail']);
  at('web', failure('refused'));
  assert.equal(await runNow('a'), ['web', 'database']);
});

test('when the whole machine is gone each of its checks runs once, and none goes back and forth', async () => {
  const { at, runNow } = await setUp();
  for (const asks of ['web', 'mail', 'database']) at(asks, failure('timeout_connect'));
  assert.equal(await runNow('a', 20_000), ['web', 'mail', 'database']);
});

test('two that flap run each other once a second at most', async () => {
  const { at, runNow } = await setUp();
  let runs = 0;
  for (let round = 0; round < 20; round++) {
    at('web', round % 2 === 0 ? failure('refused') : pass);
    runs += (await runNow('a', 100)).filter(asks => asks === 'mail').length;
  }
  assert.ok(runs <= 2, `${runs} runs within two seconds`);
});

test('an inconclusive result in between is not forgotten health', async () => {
  const { at, runNow } = await setUp();
  at('web', failure('internal'));
  await runNow('a');
  at('mail', failure('local'));
  await runNow('b', 2000);
  at('web', failure('refused'));
  at('mail', pass);
  assert.equal(await runNow('a'), ['web', 'mail', 'database']);
});

test('what a calendar runs is not run, nor is what runs already run twice', async () => {
  const { clock, use, end, runner, runs, asked } = createFakeRunner();
  const cron = { kind: 'cron', expression: '0 3 * * *' } as const;
  use([
    planAsking('a', 'web', machine),
    planAsking('b', 'nightly', { ...machine, schedule: cron }),
    planAsking('c', 'slow', machine),
  ]);
  await clock.advance(0);
  for (const asks of ['web', 'nightly', 'slow']) end(asks);
  for (const id of ['a', 'c']) runner.schedule({ checker: planAsking(id, '').id, after: 2000, from: 'end' });
  await clock.advance(4000);
  assert.is(runs.length, 5);
  end('web', failure('refused'));
  await clock.advance(2000);
  assert.equal(asked().slice(5), []);
});

test('who has left is not run', async () => {
  const { at, runNow, use } = await setUp();
  use([planAsking('a', 'web', machine)]);
  at('web', failure('refused'));
  assert.equal(await runNow('a'), ['web']);
});

test.run();
