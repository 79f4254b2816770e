import * as assert from 'uvu/assert';
import { computeUptimes, type StateChange } from '../../../src/store/uptime.ts';
import { suite } from '../../support/suite.ts';

const test = suite('uptime');
const always = [{ started: 0, alive: 1_000 }];

function change(time: number, from: string, to: string, realServer = 'a'): StateChange {
  return { time, virtualServer: 'v', realServer, from, to };
}
const sums = (changes: StateChange[], runs = always, since = 100, until = 200) =>
  computeUptimes(changes, runs, since, until).map(({ up, down, unknown, changes: count }) => [
    up,
    down,
    unknown,
    count,
  ]);

test('the state before the window counts from its beginning', () => {
  assert.equal(sums([change(50, 'up', 'down')]), [[0, 100, 0, 0]]);
});

test('a change within the window divides it', () => {
  assert.equal(sums([change(20, 'unknown', 'up'), change(130, 'up', 'down'), change(150, 'down', 'up')]), [
    [80, 20, 0, 2],
  ]);
});

test('without an earlier change the state before the first is where that came from', () => {
  assert.equal(sums([change(130, 'up', 'down')]), [[30, 70, 0, 1]]);
  assert.equal(sums([change(130, 'unknown', 'up')]), [[70, 0, 30, 1]]);
});

test('while no agent lived nothing is known', () => {
  const runs = [
    { started: 0, alive: 120 },
    { started: 150, alive: 180 },
  ];
  assert.equal(sums([change(10, 'unknown', 'up')], runs), [[50, 0, 50, 0]]);
  assert.equal(sums([change(10, 'unknown', 'up')], []), [[0, 0, 100, 0]]);
});

test('two agents at the same time do not make a server up twice', () => {
  const runs = [
    { started: 0, alive: 160 },
    { started: 100, alive: 200 },
  ];
  assert.equal(sums([change(10, 'unknown', 'up')], runs), [[100, 0, 0, 0]]);
});

test('real servers are told apart, and a state that is neither up nor down is unknown', () => {
  assert.equal(sums([change(10, 'up', 'disabled'), change(100, 'up', 'down', 'b')]), [
    [0, 0, 100, 0],
    [0, 100, 0, 1],
  ]);
});

test.run();
