import * as assert from 'uvu/assert';
import type { CheckResult } from '../../../src/model/check.ts';
import type { MinuteRow, ResultRow } from '../../../src/store/messages.ts';
import { createObservers, type Observers } from '../../../src/store/observers.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';
import { check, fails, passes, start } from './support.ts';

const test = suite('store observers');
const minute = 60_000;
let clock = new VirtualClock();
let results: ResultRow[] = [];
let minutes: MinuteRow[] = [];

function create(resultsInterval = 60_000): Observers {
  clock = new VirtualClock();
  results = [];
  minutes = [];
  const sink = {
    addResult: (row: ResultRow) => void results.push(row),
    addMinute: (row: MinuteRow) => void minutes.push(row),
  };
  return createObservers({ resultsInterval }, { clock, sink });
}
/** Seconds since the start of the results that were kept, when one ends in each of these seconds. */
function keptOf(resultsInterval: number, seconds: readonly (readonly [number, CheckResult])[]): number[] {
  const observer = create(resultsInterval).observe(check);
  for (const [second, result] of seconds) observer.finished(start + second * 1000, result);
  return results.map(({ time }) => (time - start) / 1000);
}
const everySecond = (count: number, result = passes()) =>
  Array.from({ length: count }, (_, second) => [second, result] as const);
/** Minutes since the start, runs and failures. */
const counted = () => minutes.map(row => [row.minute - start / minute, row.runs, row.failures]);

test('of passing results the first is kept, and then one in each interval', () => {
  assert.equal(keptOf(60_000, everySecond(181)), [0, 60, 120, 180]);
  assert.equal(keptOf(2_500, everySecond(8)), [0, 3, 6]);
});

test('an interval of 0 keeps all', () => {
  assert.is(keptOf(0, everySecond(100)).length, 100);
  assert.equal(keptOf(0, [...everySecond(2), [1, passes()]]), [0, 1, 1]);
});

test('every failure is kept, and the first that passes after it', () => {
  const seconds = everySecond(10).map(
    ([second, result]) => [second, [3, 4, 7].includes(second) ? fails() : result] as const,
  );
  assert.equal(keptOf(60_000, seconds), [0, 3, 4, 5, 7, 8]);
  assert.equal(keptOf(60_000, everySecond(3, fails())), [0, 1, 2]);
});

test('what was kept last counts from there: a recovery puts the next passing result off', () => {
  const seconds = everySecond(120).map(([second, result]) => [second, second === 30 ? fails() : result] as const);
  assert.equal(keptOf(60_000, seconds), [0, 30, 31, 91]);
});

test('a check that runs less often than the interval keeps every result', () => {
  assert.equal(
    keptOf(
      60_000,
      [0, 60, 120.5, 181].map(second => [second, passes()] as const),
    ),
    [0, 60, 120.5, 181],
  );
});

test('where the clock is set back a result is kept, and the interval begins anew', () => {
  const back = [3600, 3601, 0, 1, 59, 60].map(second => [second, passes()] as const);
  assert.equal(keptOf(60_000, back), [3600, 0, 60]);
});

test('each check is thinned by itself', () => {
  const observers = create();
  const other = { ...check, realServer: '10.0.0.3:80' };
  for (const each of [observers.observe(check), observers.observe(other), observers.observe(check)]) {
    each.finished(start, passes());
    each.finished(start + 1, passes());
  }
  assert.equal(
    results.map(row => row.check.realServer),
    ['10.0.0.2:80', '10.0.0.3:80', '10.0.0.2:80'],
  );
});

test('a row has what was seen, in whole microseconds', () => {
  const observer = create().observe(check);
  observer.finished(start, passes(1.2345));
  observer.finished(start, fails(0.08));
  assert.equal(results, [
    { check, time: start, durationUs: 1235, reason: null, detail: '' },
    { check, time: start, durationUs: 80, reason: 'refused', detail: 'connection refused' },
  ]);
});

test('all results are counted in the minute in which they began, whether kept or not', () => {
  const observer = create().observe(check);
  for (const took of [3, 1, 2]) observer.finished(start + took * 1000, passes(took));
  observer.finished(start + 59_999, fails(9));
  observer.finished(start + minute, passes(4));
  assert.equal(minutes, [
    {
      check,
      minute: start / minute,
      runs: 4,
      failures: 1,
      durationSum: 15_000,
      durationMin: 1_000,
      durationMax: 9_000,
    },
  ]);
  observer.finished(start + 2 * minute, fails(5));
  assert.equal(minutes.slice(1), [
    {
      check,
      minute: start / minute + 1,
      runs: 1,
      failures: 0,
      durationSum: 4_000,
      durationMin: 4_000,
      durationMax: 4_000,
    },
  ]);
});

test('the minute of a check that does not run again is collected two seconds after its end, and once', async () => {
  const observers = create();
  for (let index = 0; index < 3; index++) observers.observe(check).finished(clock.wall(), passes());
  await clock.advance(61_999);
  assert.equal(minutes, []);
  await clock.advance(1);
  assert.equal(counted(), [
    [0, 1, 0],
    [0, 1, 0],
    [0, 1, 0],
  ]);
  await clock.advance(10 * minute);
  assert.is(minutes.length, 3);
});

test('the minute under way is left alone', async () => {
  const observer = create().observe(check);
  await clock.advance(61_000);
  observer.finished(clock.wall(), passes());
  await clock.advance(2_000);
  assert.equal(minutes, []);
  await clock.advance(minute);
  assert.equal(counted(), [[1, 1, 0]]);
});

test('a check that ends late, after its minute was collected, gives a second row of that minute', async () => {
  const observer = create().observe(check);
  observer.finished(clock.wall(), passes());
  const began = clock.wall() + 59_000;
  await clock.advance(65_000);
  observer.finished(began, fails());
  observer.finished(clock.wall(), passes());
  assert.equal(counted(), [
    [0, 1, 0],
    [0, 1, 1],
  ]);
});

test('where the clock is set back a minute comes twice', () => {
  const observer = create().observe(check);
  for (const second of [0, 60, 5, 65]) observer.finished(start + second * 1000, passes());
  assert.equal(counted(), [
    [0, 1, 0],
    [1, 1, 0],
    [0, 1, 0],
  ]);
});

test('where the clock was set back the minute that lies ahead is collected as well', async () => {
  create()
    .observe(check)
    .finished(clock.wall() + 60 * minute, passes());
  await clock.advance(62_000);
  assert.equal(counted(), [[60, 1, 0]]);
});

test('many checks are collected in several turns of the loop', async () => {
  const observers = create();
  for (let index = 0; index < 2_500; index++) observers.observe(check).finished(clock.wall(), passes());
  const perTurn: number[] = [];
  const { at } = clock;
  clock.at = (due, run) =>
    at.call(clock, due, () => {
      const before = minutes.length;
      run();
      perTurn.push(minutes.length - before);
    });
  await clock.advance(2 * minute + 2_000);
  assert.equal(perTurn.slice(0, 2), [1_000, 500]);
  assert.is(minutes.length, 2_500);
});

test('a check that leaves hands over what it has, and is collected no more', async () => {
  const observers = create();
  const observer = observers.observe(check);
  observer.finished(clock.wall(), fails());
  observer.close();
  assert.equal(counted(), [[0, 1, 1]]);
  observer.finished(clock.wall(), passes());
  await clock.advance(5 * minute);
  assert.is(minutes.length, 1);
});

test('at the end the minute under way is handed over, and nothing stays behind', () => {
  const observers = create();
  observers.observe(check).finished(clock.wall(), passes());
  observers.observe(check);
  observers.close();
  assert.equal(counted(), [[0, 1, 0]]);
  assert.is(clock.pending(), 0);
});

test('who asks hears which results can be looked up', () => {
  const observer = create(60_000).observe(check);
  const kept = [passes(), passes(), fails(), fails(), passes(), passes()].map((result, second) =>
    observer.finished(start + second * 1000, result),
  );
  assert.equal(kept, [true, false, true, true, true, false]);
});

test.run();
