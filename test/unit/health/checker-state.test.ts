import * as assert from 'uvu/assert';
import { applyResult, type CheckerState, createChecker, standingOf } from '../../../src/health/checker-state.ts';
import type { CheckPlan, CheckResult, WeightWish } from '../../../src/model/check.ts';
import type { HealthSettings } from '../../../src/model/health.ts';
import { suite } from '../../support/suite.ts';
import { failed, makeCheck, passed } from './make.ts';

const test = suite('health/checker-state');

type First = HealthSettings['firstVerdict'];

/** Runs `F` and `T` through the rule and returns the standing after each. */
function play(plan: CheckPlan, results: string, first: First = 'at_once', assumed: 'up' | 'down' = 'up'): string {
  let state = createChecker(assumed);
  return [...results]
    .map(letter => {
      state = applyResult(plan, state, letter === 'T' ? passed() : failed(), first).state;
      return standingOf(state) === 'up' ? 'T' : 'F';
    })
    .join('');
}

function riseFall(rise: number, fall: number): CheckPlan {
  return makeCheck('c', { rise, retry: fall - 1 });
}

function down(plan: CheckPlan): CheckerState {
  return applyResult(plan, createChecker('up'), failed(), 'at_once').state;
}

test('G01: rise 1, fall 1 is the identity', () => {
  for (const results of ['FFTFTFFFFFTF', 'TTFTFTTTTTFT']) assert.is(play(riseFall(1, 1), results), results);
});

test('G01: rise 1, fall 3', () => {
  assert.is(play(riseFall(1, 3), 'FFTFTFFFFFTF'), 'FFTTTTTFFFTT');
});

test('G01: rise 3, fall 1', () => {
  assert.is(play(riseFall(3, 1), 'TTFTFTTTTTFT'), 'TTFFFFFTTTFF');
});

test('G01: rise 3, fall 3, and its complement', () => {
  const invert = (letters: string) => letters.replace(/[FT]/g, letter => (letter === 'T' ? 'F' : 'T'));
  const results = 'FFTFTFFFFFTFTTTTT';
  const expected = 'FFFFFFFFFFFFFFTTT';
  assert.is(play(riseFall(3, 3), results), expected);
  assert.is(play(riseFall(3, 3), invert(results)), invert(expected));
});

test('S01: the first failure counts at once, later five are forgiven', () => {
  const plan = makeCheck('c', { retry: 5 });
  assert.is(play(plan, 'FTFFFFFF'), 'FTTTTTTF');
  assert.is(play(plan, 'FFFFFFTFFFFFTFFFFFF'), 'FFFFFFTTTTTTTTTTTTF');
});

test('K07: down comes with failure number retry + 1 in a row, one success resets the count', () => {
  const plan = makeCheck('c', { retry: 2 });
  assert.is(play(plan, 'TFFTFFF'), 'TTTTTTF');
});

test('K07: with first verdict "retry" the first failures are forgiven too', () => {
  const plan = makeCheck('c', { retry: 2 });
  assert.is(play(plan, 'FFF', 'retry'), 'TTF');
  assert.is(play(plan, 'FFT', 'retry'), 'TTT');
  assert.is(play(plan, 'FFF', 'at_once'), 'FFF');
});

test('K07: failures while up come back after delay_before_retry, while down on schedule', () => {
  const plan = makeCheck('c', { retry: 1 });
  let state = createChecker('up');
  const runs = ['T', 'F', 'F', 'F', 'T', 'F'].map(letter => {
    const after = applyResult(plan, state, letter === 'T' ? passed() : failed(), 'retry');
    state = after.state;
    return after.next;
  });
  assert.equal(runs, ['schedule', 'retry', 'schedule', 'schedule', 'schedule', 'retry']);
});

test('an alpha checker is down until its first success, which is enough whatever rise says', () => {
  assert.is(standingOf(createChecker('down')), 'down');
  assert.is(play(riseFall(3, 1), 'T', 'retry', 'down'), 'T');
});

test('a passing check that changes nothing leaves the same object', () => {
  const plan = makeCheck('c');
  const up = applyResult(plan, createChecker('up'), passed(), 'retry').state;
  assert.is(applyResult(plan, up, passed(), 'retry').state, up);
  const weighted = applyResult(plan, up, passed(7), 'retry').state;
  assert.is(applyResult(plan, weighted, passed(7), 'retry').state, weighted);
  assert.is(applyResult(plan, down(plan), failed('reset'), 'retry').state.cause?.reason, 'refused');
});

test('a run that could not even begin is no verdict', () => {
  const plan = makeCheck('c');
  for (const state of [createChecker('up'), down(plan)]) {
    assert.equal(applyResult(plan, state, failed('local'), 'at_once'), { state, next: 'schedule' });
    assert.equal(applyResult(plan, state, failed('internal'), 'at_once'), { state, next: 'soon' });
  }
});

test('K08: the weight of a dynamic check is what it says now, and goes with its failure', () => {
  const plan = makeCheck('c', { retry: 1 });
  let state = applyResult(plan, createChecker('up'), passed(48), 'retry').state;
  assert.is(state.weight, 48);
  state = applyResult(plan, state, passed(3), 'retry').state;
  assert.is(state.weight, 3);
  state = applyResult(plan, state, failed('timeout_script'), 'retry').state;
  assert.is(state.weight, 3, 'a forgiven failure keeps it');
  state = applyResult(plan, state, failed('timeout_script'), 'retry').state;
  assert.is(state.weight, null);
  state = applyResult(plan, state, passed(9), 'retry').state;
  assert.is(state.weight, 9);
  state = applyResult(plan, state, passed(), 'retry').state;
  assert.is(state.weight, null, 'exit code 0: the configured weight');
});

test('a failure interrupts the successes that a checker needs to rise', () => {
  const plan = riseFall(2, 1);
  const once = applyResult(plan, down(plan), passed(), 'retry').state;
  assert.is(once.successes, 1);
  const again = applyResult(plan, once, failed(), 'retry').state;
  assert.is(again.successes, 0);
  assert.is(applyResult(plan, again, failed(), 'retry').state, again);
});

test('what says nothing of the server leaves all as it is until the next run', () => {
  const plan = makeCheck('c', { retry: 0 });
  const inconclusive = { ...failed(), inconclusive: true } as const;
  const up = applyResult(plan, createChecker('up'), passed(), 'retry').state;
  assert.equal(applyResult(plan, up, inconclusive, 'retry'), { state: up, next: 'schedule' });
});

test('an equal wish for a weight is no news', () => {
  const plan = makeCheck('c');
  const wish = (weight: WeightWish): CheckResult => ({ ok: true, took: 1, detail: '', weight });
  const half = applyResult(plan, createChecker('up'), wish({ percent: 50 }), 'retry').state;
  assert.is(applyResult(plan, half, wish({ percent: 50 }), 'retry').state, half);
  for (const weight of [{ percent: 51 }, { delta: 50 }, 50]) {
    assert.equal(applyResult(plan, half, wish(weight), 'retry').state.weight, weight);
  }
});

test.run();
