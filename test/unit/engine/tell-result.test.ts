import * as assert from 'uvu/assert';
import { CheckTable } from '../../../src/engine/check-table.ts';
import { tellResult } from '../../../src/engine/tell-result.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import { planCheck, planRealServer, planVirtualServer } from '../../support/plans.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';

const test = suite('engine/tell-result');

test('a warning is told when it comes, changes and ends, and outlasts a failed check', () => {
  const log = new RecordingLog();
  const table = new CheckTable();
  const [entry] = table.replace([planVirtualServer([planRealServer(2, { checks: [planCheck('a')] })])]).added;
  assert.ok(entry);
  const pass = (warning?: string): CheckResult => ({ ok: true, took: 1, detail: '', ...(warning && { warning }) });
  const failure: CheckResult = { ok: false, took: 1, reason: 'refused', detail: '' };
  for (const result of [pass(), pass('old'), pass('old'), failure, pass('old'), pass('older'), pass(), pass()]) {
    tellResult(entry, result, log);
  }
  const name = `FAKE_CHECK of ${entry.realServer.id} in ${entry.virtualServer}`;
  assert.equal(
    log.lines.map(({ level, message }) => `${level} ${message.replace(name, 'it')}`),
    ['warn it passes, but old', 'warn it passes, but older', 'info it: nothing to warn of any more'],
  );
});

test('with log_all_failures each failure is told, else none', () => {
  for (const logAllFailures of [true, false]) {
    const log = new RecordingLog();
    const plan = planCheck('a', { logAllFailures });
    const [entry] = new CheckTable().replace([planVirtualServer([planRealServer(2, { checks: [plan] })])]).added;
    assert.ok(entry);
    const failure: CheckResult = { ok: false, took: 1, reason: 'refused', detail: 'nobody there' };
    for (const result of [failure, failure]) tellResult(entry, result, log);
    const line = `FAKE_CHECK of ${entry.realServer.id} in ${entry.virtualServer} failed: refused: nobody there`;
    assert.equal(
      log.lines.map(({ message }) => message),
      logAllFailures ? [line, line] : [],
    );
  }
});

test.run();
