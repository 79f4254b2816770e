import * as assert from 'uvu/assert';
import { Counters, results } from '../../../src/metrics/counters.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import { suite } from '../../support/suite.ts';

const test = suite('metrics/counters');
const pass: CheckResult = { ok: true, took: 1, detail: '' };
const refused: CheckResult = { ok: false, took: 1, reason: 'refused', detail: '' };
const check = (realServer: string, checkType = 'TCP_CHECK') => ({ virtualServer: 'vs', realServer, checkType });

/** What is counted of TCP_CHECK: passed, refused. */
const counted = (counters: Counters): readonly (number | undefined)[] => {
  const ended = counters.of('vs')?.checks.get('TCP_CHECK')?.ended;
  return [ended?.[0], ended?.[results.indexOf('refused')]];
};

test('checks of one type count together, failures by real server', () => {
  const counters = new Counters();
  const [a, b] = [counters.observe(check('a')), counters.observe(check('b'))];
  a.finished(0, pass);
  b.finished(0, refused);
  b.finished(0, refused);
  assert.equal(counted(counters), [1, 2]);
  assert.is(counters.of('vs')?.failures.get('a')?.failed, null);
  assert.is(counters.of('vs')?.failures.get('b')?.failed?.[results.indexOf('refused')], 2);
});

test('several checks of one real server share its failures', () => {
  const counters = new Counters();
  counters.observe(check('a')).finished(0, refused);
  counters.observe(check('a', 'HTTP_GET')).finished(0, refused);
  assert.is(counters.of('vs')?.failures.get('a')?.failed?.[results.indexOf('refused')], 2);
  assert.equal(counted(counters), [0, 1]);
});

test('a reload that edits a check goes on counting: the new one comes before the old one goes', () => {
  const counters = new Counters();
  const old = counters.observe(check('a'));
  old.finished(0, refused);
  const edited = counters.observe(check('a'));
  old.close();
  edited.finished(0, refused);
  assert.equal(counted(counters), [0, 2]);
  assert.is(counters.of('vs')?.failures.get('a')?.failed?.[results.indexOf('refused')], 2);
});

test('what nobody counts any more goes, and begins at 0 when it comes back', () => {
  const counters = new Counters();
  const [a, b] = [counters.observe(check('a')), counters.observe(check('b', 'HTTP_GET'))];
  a.finished(0, refused);
  a.close();
  assert.equal([...(counters.of('vs')?.checks.keys() ?? [])], ['HTTP_GET']);
  assert.equal([...(counters.of('vs')?.failures.keys() ?? [])], ['b']);
  b.close();
  assert.is(counters.of('vs'), undefined);
  counters.observe(check('a'));
  assert.equal(counted(counters), [0, 0]);
});

test('the lag of the scheduler is told in seconds', () => {
  const counters = new Counters();
  counters.started(40);
  counters.started(60_000);
  const text = counters.schedulerLag.format('lag', '', 'text');
  assert.match(text, 'lag_bucket{le="0.025"} 0\nlag_bucket{le="0.05"} 1\n');
  assert.match(text, 'lag_bucket{le="5"} 1\nlag_bucket{le="+Inf"} 2\nlag_sum 60.04\nlag_count 2\n');
});

test.run();
