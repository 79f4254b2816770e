import * as assert from 'uvu/assert';
import { inspectServers } from '../../../src/engine/inspect.ts';
import { desiredTable } from '../../../src/health/desired.ts';
import { createState, step, type VsState } from '../../../src/health/step.ts';
import type { HealthSettings } from '../../../src/model/health.ts';
import { checkerId } from '../../../src/model/ids.ts';
import type { VirtualServerReading } from '../../../src/model/inspection.ts';
import type { IpvsTable } from '../../../src/model/ipvs.ts';
import type { VirtualServer } from '../../../src/model/server.ts';
import { planRealServer, planVirtualServer } from '../../support/plans.ts';
import { suite } from '../../support/suite.ts';

const test = suite('engine/inspect');
const sorryServer = { address: '10.0.0.9', port: 80, inhibit: false, forwarding: { kind: 'NAT' } } as const;
const two = planVirtualServer([planRealServer(1, { weight: 3 }), planRealServer(2)]);

/** After these results, the table following each time. */
function play(plan: VirtualServer, policy: HealthSettings['policy'], results: readonly [number, boolean][]): VsState {
  const settings = { policy, firstVerdict: 'retry', noCheckerEmails: false, rsInitNotifies: false } as const;
  let state = createState(plan, settings as HealthSettings);
  let now = 1_000;
  const handle = (event: Parameters<typeof step>[1]): void => {
    const next = step(state, event, now);
    state = next.state;
    for (const effect of next.effects)
      if (effect.type === 'ipvs') handle({ type: 'ipvs-acked', change: effect.change });
  };
  handle({ type: 'started', remembered: null });
  for (const [server, ok] of results) {
    now += 1_000;
    const result = ok ? { ok, took: 1, detail: '' } : { ok, took: 1, reason: 'refused' as const, detail: '' };
    handle({ type: 'check-finished', checker: checkerId(`check-${server}`), result });
  }
  return state;
}

const tableOf = (plan: VirtualServer, weights: Readonly<Record<string, number>>): IpvsTable => ({
  services: plan.services.map(key => ({
    service: { key, scheduler: 'wlc', schedulerFlags: [], onePacket: false, persistence: null },
    destinations: Object.entries(weights).map(([address, weight]) => ({
      address,
      port: 80,
      forwarding: { kind: 'NAT' as const },
      weight,
      upperThreshold: 0,
      lowerThreshold: 0,
    })),
  })),
});

function inspect(state: VsState, weights: Readonly<Record<string, number>>): VirtualServerReading {
  const [reading] = [...inspectServers([state], tableOf(state.plan, weights))];
  assert.ok(reading);
  return reading;
}

const weightsOf = ({ realServers }: VirtualServerReading) =>
  realServers.map(({ ipvsWeight, desiredWeight }) => [ipvsWeight, desiredWeight]);

test('a server that is up has a weight in the table, and one that is wanted', () => {
  const reading = inspect(
    play(two, 'manage', [
      [1, true],
      [2, false],
    ]),
    { '10.0.0.1': 3 },
  );
  assert.equal(weightsOf(reading), [
    [3, 3],
    [null, null],
  ]);
  assert.equal(
    reading.realServers.map(({ up, health, since }) => ({ up, health, since })),
    [
      { up: true, health: 'up', since: 2_000 },
      { up: false, health: 'down', since: 3_000 },
    ],
  );
  assert.ok(reading.up);
});

test('a table that does not follow has another weight than the one that is wanted', () => {
  const reading = inspect(
    play(two, 'weights', [
      [1, true],
      [2, false],
    ]),
    { '10.0.0.1': 7, '10.0.0.2': 1 },
  );
  assert.equal(weightsOf(reading), [
    [7, 3],
    [1, 0],
  ]);
});

test('nothing is wanted of a server that nobody has checked, where its weight is left to others', () => {
  const reading = inspect(play(two, 'weights', [[1, true]]), { '10.0.0.1': 3, '10.0.0.2': 1 });
  assert.equal(weightsOf(reading)[1], [1, null]);
});

test('nothing is wanted of the table where keepalived keeps it', () => {
  const reading = inspect(
    play(two, 'verdicts', [
      [1, true],
      [2, false],
    ]),
    {},
  );
  assert.equal(weightsOf(reading), [
    [null, null],
    [null, null],
  ]);
});

test('servers are withheld for a sorry server, but not for one that nobody put into the table', () => {
  const plan = { ...two, quorum: 5, sorryServer };
  const state = play(plan, 'weights', [
    [1, true],
    [2, true],
    [2, false],
  ]);
  assert.ok(desiredTable(state)[0]?.otherwise, 'the quorum is lost, and the sorry server stands in if it can');
  const there = inspect(state, { '10.0.0.1': 0, '10.0.0.2': 0, '10.0.0.9': 1 });
  assert.ok(there.sorryActive);
  assert.equal(weightsOf(there)[0], [0, 0]);
  const missing = inspect(state, { '10.0.0.1': 3, '10.0.0.2': 0 });
  assert.not(missing.sorryActive);
  assert.equal(weightsOf(missing)[0], [3, 3]);
});

test.run();
