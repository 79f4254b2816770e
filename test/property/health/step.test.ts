import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { desiredTable } from '../../../src/health/desired.ts';
import { remember } from '../../../src/health/remember.ts';
import type { Committed } from '../../../src/health/state.ts';
import { type Step, step, type VsState } from '../../../src/health/step.ts';
import type { Effect } from '../../../src/model/effect.ts';
import type { Event } from '../../../src/model/event.ts';
import type { HealthSettings } from '../../../src/model/health.ts';
import type { DesiredService } from '../../../src/model/ipvs.ts';
import { suite } from '../../support/suite.ts';
import {
  Claims,
  type SlowTable,
  slowHealth,
  slowInService,
  slowQuorum,
  slowTable,
  slowWeight,
  toSlowTable,
} from './slow-model.ts';
import { arbitraryLife, type Life, live, type Moment } from './world.ts';

const test = suite('property: health/step', 60_000);
const runs = { numRuns: 400 };

/** Every view that became committed in a life, in order, each with those that had a verdict then. */
interface View {
  readonly earlier: Committed;
  readonly view: Committed;
  readonly claimed: ReadonlySet<string>;
  /** The sorry server stood in by then. */
  readonly stoodIn: boolean;
}

function eachView(life: Life, visit: (view: View) => void): void {
  const claims = new Claims();
  live(life, ({ before, event, step: { state }, restarted }) => {
    if (restarted) claims.restart(state);
    if (state.phase !== 'running') return;
    const target =
      event.type === 'ipvs-acked' && before.pending?.change === event.change ? before.pending.target : null;
    // At a restart the quorum is the one that was remembered.
    let earlier =
      event.type === 'started' && event.remembered
        ? { ...before.committed, quorum: event.remembered.quorum }
        : before.committed;
    for (const view of [target, state.committed]) {
      if (!view || view === earlier || view.phase === 'new') continue;
      claims.see(view);
      visit({ earlier, view, claimed: new Set(claims.ids), stoodIn: claims.stoodIn });
      earlier = view;
    }
  });
}

function check(visit: (life: Life) => void): void {
  fc.assert(fc.property(arbitraryLife, visit), runs);
}

// Where this holds the agent does not ask again (Agent.#finished).
test('a result that just passes and leaves the state as it is leaves it so again, and the check goes on as planned', () => {
  check(life => {
    live(life, ({ step: { state } }) => {
      if (state.phase !== 'running') return;
      for (const [id, { plan }] of state.index) {
        const pass = (detail: string): Step =>
          step(state, { type: 'check-finished', checker: id, result: { ok: true, took: detail.length, detail } }, 7);
        const first = pass('one');
        if (first.state !== state) continue;
        const { schedule, pace: from } = plan;
        const regular = schedule.kind === 'interval' ? [{ checker: id, after: schedule.every, from }] : [];
        for (const { state: after, effects, transitions, next } of [first, pass('another')]) {
          assert.is(after, state);
          assert.equal({ effects, transitions, next }, { effects: [], transitions: [], next: regular });
        }
      }
    });
  });
});

test('the table is a function of what the checks say and of the quorum', () => {
  check(life => {
    eachView(life, ({ view, claimed, stoodIn }) => {
      const { policy } = life.settings;
      assert.equal(toSlowTable(policy, view.table), slowTable(policy, view, { claimed, stoodIn }));
    });
  });
});

test('what is committed is what the checks say', () => {
  check(life => {
    eachView(life, ({ view }) => {
      for (const [index, server] of view.plan.realServers.entries()) {
        const committed = view.realServers[index];
        assert.ok(committed);
        const { id, health, inService, weight, checkers } = committed;
        assert.is(id, server.id);
        assert.is(checkers.length, server.checks.length);
        assert.is(health, slowHealth(checkers));
        assert.is(inService, slowInService(checkers));
        assert.is(weight, slowWeight(server.weight, checkers));
        for (const checker of checkers) if (checker.verdict === 'down') assert.is(checker.weight, null);
      }
    });
  });
});

test('the quorum is up if and only if its rule says so', () => {
  check(life => {
    eachView(life, ({ earlier, view, claimed }) => {
      assert.is(view.quorum, slowQuorum(life.settings.policy, earlier.quorum, view, claimed));
    });
  });
});

test('no real server is withheld while the quorum is up', () => {
  check(life => {
    eachView(life, ({ view, claimed }) => {
      if (view.quorum !== 'up') return;
      const listed = view.plan.realServers.filter(
        (server, index) =>
          slowInService(view.realServers[index]?.checkers ?? []) &&
          (life.settings.policy === 'manage' || claimed.has(server.id)),
      );
      for (const { destinations } of view.table) {
        for (const server of listed) {
          const index = view.plan.realServers.indexOf(server);
          const weight = slowWeight(server.weight, view.realServers[index]?.checkers ?? []);
          assert.ok(destinations.some(entry => entry.address === server.address && entry.weight >= weight));
        }
      }
    });
  });
});

test('manage: with a sorry server the service is never without a destination that takes traffic', () => {
  check(life => {
    if (life.settings.policy === 'weights') return;
    eachView(life, ({ view }) => {
      if (!view.plan.sorryServer) return;
      // A quorum that is up has a weight above 0; one that is down has the sorry server.
      for (const { destinations } of view.table) assert.ok(destinations.some(({ weight }) => weight > 0));
    });
  });
});

test('weights stay within 0..65535', () => {
  check(life => {
    live(life, ({ step: { effects } }) => {
      for (const effect of effects) {
        for (const { destinations } of effect.type === 'ipvs' ? effect.desired : []) {
          for (const { weight } of destinations) assert.ok(Number.isInteger(weight) && weight >= 0 && weight <= 65_535);
        }
      }
    });
  });
});

test('the same events give the same states, transitions and effects', () => {
  check(life => {
    const first: Moment[] = [];
    const second: Moment[] = [];
    live(life, moment => first.push(moment));
    live(life, moment => second.push(moment));
    assert.equal(second, first);
  });
});

test('equal states ask for equal tables', () => {
  check(life => {
    const state = live(life, () => {});
    assert.equal(desiredTable(structuredClone(state)), desiredTable(state));
  });
});

test('a failed change leaves healths, quorum and table as they were, and tells nothing', () => {
  check(life => {
    live(life, ({ before, event, step: { state, transitions, effects } }) => {
      if (event.type !== 'ipvs-failed') return;
      assert.equal(remember(state), remember(before));
      assert.is(state.committed, before.committed);
      assert.equal([transitions, effects], [[], []]);
    });
  });
});

test('nothing is told unless something is committed', () => {
  check(life => {
    live(life, ({ before, event, step: { state, transitions, effects }, restarted }) => {
      if (restarted || state.committed !== before.committed || event.type === 'removed') return;
      if (event.type === 'stopping') return;
      assert.equal(transitions, []);
      assert.equal(
        effects.filter(effect => effect.type !== 'ipvs'),
        [],
      );
    });
  });
});

test('one change at a time, each with a higher number, and it is what is pending', () => {
  check(life => {
    live(life, ({ before, event, step: { state, effects } }) => {
      const changes = effects.flatMap(effect => (effect.type === 'ipvs' ? [effect.change] : []));
      assert.ok(changes.length <= 1);
      if (changes.length === 0) return;
      assert.is(changes[0], before.lastChange + 1);
      assert.is(state.lastChange, changes[0]);
      if (state.phase === 'running') assert.is(state.pending?.change, changes[0]);
      const isAnswered = event.type === 'ipvs-acked' && before.pending?.change === event.change;
      const isEnd = event.type === 'removed' || event.type === 'stopping';
      const isRenewed = event.type === 'ipvs-waiting' && before.pending?.change === event.change;
      if (before.pending) assert.ok(isAnswered || isEnd || isRenewed);
    });
  });
});

test('a change that waits becomes what the checks say now', () => {
  check(life => {
    live(life, ({ before, event, step: { state } }) => {
      if (event.type !== 'ipvs-waiting' || before.pending?.change !== event.change || state.phase !== 'running') return;
      if (!state.pending) assert.not.ok(state.unsettled);
      const { plan, realServers } = state.pending?.target ?? state.committed;
      // Where the table stays the same the change stays too.
      if (state === before) return;
      assert.is(plan, state.plan);
      for (const [index, { id, weight: configured }] of plan.realServers.entries()) {
        const checkers = state.realServers[index]?.checkers ?? [];
        assert.is(realServers[index]?.health, slowHealth(checkers), id);
        assert.is(realServers[index]?.weight, slowWeight(configured, checkers), id);
      }
    });
  });
});

test('once all is acknowledged, what is committed is what the checks say now', () => {
  check(life => {
    const state = bringToRest(
      live(life, () => {}),
      () => {},
    );
    if (state.phase !== 'running') return;
    assert.is(state.committed.plan, state.plan);
    assert.not.ok(state.unsettled);
    for (const [index, server] of state.plan.realServers.entries()) {
      const checkers = state.realServers[index]?.checkers ?? [];
      assert.is(state.committed.realServers[index]?.health, slowHealth(checkers));
      assert.is(state.committed.realServers[index]?.weight, slowWeight(server.weight, checkers));
    }
  });
});

test('whatever failed changes did to the kernel, it ends as desired, and nothing of ours is left over', () => {
  check(life => {
    const { policy } = life.settings;
    const kernel = new SlowKernel(policy);
    let restarted = false;
    const visit = (moment: Moment): void => {
      restarted ||= moment.restarted;
      kernel.see(moment);
    };
    const state = bringToRest(live(life, visit), visit);
    const isReleased = state.committed.table.some(({ absent }) => absent);
    // Who stops does not wait for answers; all that was asked for is done some time.
    if (isReleased) kernel.applyAll();
    else if (state.phase !== 'running') return;
    const desired = toSlowTable(policy, desiredTable(state));
    for (const [service, destinations] of Object.entries(desired)) {
      const actual = kernel.table[service] ?? {};
      for (const [endpoint, weight] of Object.entries(destinations)) assert.is(actual[endpoint], weight, endpoint);
    }
    // What a failed change may have left is not remembered over a restart.
    if (policy === 'manage' && !restarted) assert.equal(kernel.table, desired);
  });
});

test('a reload never brings a server back before the checks that are new to it have passed', () => {
  check(life => {
    live(life, ({ before, event, step: { state } }) => {
      if (event.type !== 'reloaded' || state.phase !== 'running') return;
      for (const [index, server] of event.plan.realServers.entries()) {
        const position = before.plan.realServers.findIndex(other => other.id === server.id);
        if (slowHealth(before.realServers[position]?.checkers ?? []) !== 'down') continue;
        for (const [number, { id }] of server.checks.entries()) {
          const isNew = !before.plan.realServers[position]?.checks.some(check => check.id === id);
          if (isNew) assert.is(state.realServers[index]?.checkers[number]?.verdict, 'down');
        }
      }
    });
  });
});

test('the same good result again leaves the same state object', () => {
  check(life => {
    live(life, ({ event, step: { state } }) => {
      if (event.type !== 'check-finished' || !event.result.ok || state.unsettled) return;
      const position = state.index.get(event.checker);
      const known = position && state.realServers[position.realServer]?.checkers[position.checker];
      if (known?.verdict !== 'up') return;
      const again = step(state, event, 9_000);
      assert.is(again.state, state);
      assert.equal([again.transitions, again.effects], [[], []]);
    });
  });
});

test('UP and DOWN of the quorum and of a real server take turns', () => {
  check(life => {
    const last = new Map<string, string>();
    live(life, ({ before, step: { effects, state }, restarted }) => {
      // What a real server was told is not remembered while it has no verdict.
      if (restarted) for (const name of [...last.keys()]) if (name.startsWith('RS')) last.delete(name);
      for (const line of effects.flatMap(toLine)) {
        const [subject, word] = [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)];
        assert.is.not(last.get(subject), word, line);
        last.set(subject, word);
      }
      // A server that left, if only for a moment, may be told DOWN again when it is back.
      if (before.pending && before.pending !== state.pending) forgetLeft(last, before.pending.target);
      forgetLeft(last, state.committed);
      if (state.phase === 'forgotten') last.clear();
    });
  });
});

/** Acknowledges until nothing is under way. A change that failed waits for a nudge. */
function bringToRest(last: VsState, visit: (moment: Moment) => void): VsState {
  let state = last;
  const give = (event: Event): void => {
    const before = state;
    const given = step(before, event, 9_000);
    state = given.state;
    visit({ before, event, step: given, restarted: false });
  };
  give({ type: 'address', present: !state.addressPresent });
  for (let round = 0; state.pending; round++) {
    assert.ok(round < 5, 'it comes to rest');
    give({ type: 'ipvs-acked', change: state.pending.change });
  }
  return state;
}

/** Does what it is told when it says so; a change that it calls failed is done wholly, partly or not at all. */
class SlowKernel {
  table: SlowTable = {};
  readonly #policy: HealthSettings['policy'];
  readonly #asked = new Map<number, readonly DesiredService[]>();

  constructor(policy: HealthSettings['policy']) {
    this.#policy = policy;
  }

  see({ before, event, step: { state, effects }, restarted }: Moment): void {
    if (restarted) this.#asked.clear();
    if (event.type === 'ipvs-acked' || event.type === 'ipvs-failed') {
      const desired = before.pending?.change === event.change ? (this.#asked.get(event.change) ?? []) : [];
      const done = event.type === 'ipvs-acked' ? desired.length : event.change % (desired.length + 1);
      this.#apply(desired.slice(0, done));
      this.#asked.delete(event.change);
    }
    // It was never begun.
    if (event.type === 'ipvs-waiting' && state !== before) this.#asked.delete(event.change);
    for (const effect of effects) if (effect.type === 'ipvs') this.#asked.set(effect.change, effect.desired);
  }

  applyAll(): void {
    for (const desired of this.#asked.values()) this.#apply(desired);
  }

  #apply(desired: readonly DesiredService[]): void {
    for (const service of desired) {
      const key = JSON.stringify(service.service.key);
      const kept = this.#policy === 'weights' ? this.table[key] : {};
      if (service.absent) delete this.table[key];
      else this.table[key] = { ...kept, ...toSlowTable('manage', [service])[key] };
    }
  }
}

function forgetLeft(last: Map<string, string>, { plan }: Committed): void {
  const names = plan.realServers.map(server => `RS ${server.name} ${plan.name}`);
  for (const subject of [...last.keys()]) {
    if (subject.startsWith('RS') && !names.includes(subject)) last.delete(subject);
  }
}

function toLine(effect: Effect): string[] {
  return effect.type === 'fifo' ? [effect.line] : [];
}

test.run();
