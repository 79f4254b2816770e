// Random virtual servers and random lives of them.
import fc from 'fast-check';
import { remember } from '../../../src/health/remember.ts';
import { createState, type Step, step, type VsState } from '../../../src/health/step.ts';
import { type CheckResult, failureReasons } from '../../../src/model/check.ts';
import type { Event } from '../../../src/model/event.ts';
import type { HealthSettings } from '../../../src/model/health.ts';
import { checkerId } from '../../../src/model/ids.ts';
import type { RealServer, ServiceKey, SorryServer, VirtualServer } from '../../../src/model/server.ts';
import { makeCheck, makeRs, makeVs, sorry } from '../../unit/health/make.ts';

/** What happens; it becomes an event in view of the state: `ack` answers the change that is under way. */
type Happening =
  | { readonly type: 'check'; readonly checker: string; readonly result: CheckResult }
  | { readonly type: 'answer'; readonly ok: boolean; readonly known: boolean }
  | { readonly type: 'wait'; readonly known: boolean }
  | { readonly type: 'reload'; readonly plan: VirtualServer }
  | { readonly type: 'address'; readonly present: boolean }
  | { readonly type: 'restart' }
  | { readonly type: 'stop'; readonly release: boolean }
  | { readonly type: 'remove' };

export interface Life {
  readonly plan: VirtualServer;
  readonly settings: HealthSettings;
  readonly happenings: readonly Happening[];
}

/** One event and what it led to. */
export interface Moment {
  readonly before: VsState;
  readonly event: Event;
  readonly step: Step;
  /** The agent was started anew just before. */
  readonly restarted: boolean;
}

const services: readonly ServiceKey[] = [
  { kind: 'address', protocol: 'TCP', address: '192.0.2.1', port: 80 },
  { kind: 'address', protocol: 'TCP', address: '192.0.2.2', port: 8080 },
  { kind: 'fwmark', fwmark: 3, family: 'inet' },
];

const arbitraryServer = (n: number): fc.Arbitrary<RealServer> =>
  fc
    .record({
      weight: fc.integer({ min: 0, max: 4 }),
      inhibitOnFailure: fc.boolean(),
      port: fc.constantFrom(0, 80, 81),
      forwarding: fc.constantFrom({ kind: 'NAT' } as const, { kind: 'DR' } as const),
      checks: fc.uniqueArray(
        fc.record({
          id: fc.constantFrom(`c${n}a`, `c${n}b`),
          alpha: fc.boolean(),
          retry: fc.integer({ min: 0, max: 2 }),
          rise: fc.integer({ min: 1, max: 2 }),
        }),
        { maxLength: 2, selector: check => check.id },
      ),
    })
    .map(({ checks, ...fields }) =>
      makeRs(n, { ...fields, checks: checks.map(({ id, ...check }) => makeCheck(id, check)) }),
    );

const arbitrarySorry: fc.Arbitrary<SorryServer | null> = fc.option(
  fc.record({ address: fc.constantFrom('10.0.0.99', '10.0.0.1'), inhibit: fc.boolean() }).map(fields => ({
    ...sorry,
    ...fields,
  })),
);

const arbitraryPlan: fc.Arbitrary<VirtualServer> = fc
  .record({
    realServers: fc
      .tuple(arbitraryServer(1), arbitraryServer(2), arbitraryServer(3))
      .chain(servers => fc.shuffledSubarray(servers, { minLength: 1 })),
    services: fc.subarray([...services], { minLength: 1 }),
    quorum: fc.integer({ min: 0, max: 6 }),
    hysteresis: fc.integer({ min: 0, max: 3 }),
    omega: fc.boolean(),
    haSuspend: fc.boolean(),
    sorryServer: arbitrarySorry,
  })
  .map(({ realServers, ...fields }) => makeVs(realServers, fields));

const arbitraryResult: fc.Arbitrary<CheckResult> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ ok: true, took: 1, detail: '' } as const) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(0, 1, 2, 5, 200, 65_535)
      .map(weight => ({ ok: true, took: 1, detail: '', weight }) as const),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(...failureReasons)
      .map(reason => ({ ok: false, took: 1, reason, detail: reason }) as const),
  },
);

const arbitraryChecker = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('a', 'b'))
  .map(([n, letter]) => `c${n}${letter}`);

const arbitraryHappening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({ type: fc.constant('check' as const), checker: arbitraryChecker, result: arbitraryResult }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant('answer' as const),
      ok: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
      known: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('wait' as const), known: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('reload' as const), plan: arbitraryPlan }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('address' as const), present: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
);

const arbitraryEnd: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant('stop' as const), release: fc.boolean() }),
  fc.record({ type: fc.constant('remove' as const) }),
);

export const arbitraryLife: fc.Arbitrary<Life> = fc
  .record({
    plan: arbitraryPlan,
    settings: fc.record({
      policy: fc.constantFrom('weights' as const, 'manage' as const),
      firstVerdict: fc.constantFrom('retry' as const, 'at_once' as const),
      noCheckerEmails: fc.boolean(),
      rsInitNotifies: fc.boolean(),
    }),
    happenings: fc.array(arbitraryHappening, { minLength: 5, maxLength: 60 }),
    end: fc.array(arbitraryEnd, { maxLength: 1 }),
    afterwards: fc.array(arbitraryHappening, { maxLength: 3 }),
  })
  .map(({ end, happenings, afterwards, ...life }) => ({
    ...life,
    happenings: end.length > 0 ? [...happenings, ...end, ...afterwards] : happenings,
  }));

/** Lives a life and shows each moment. All that comes out is frozen, so that nothing can be changed in place. */
export function live({ plan, settings, happenings }: Life, visit: (moment: Moment) => void): VsState {
  let now = 1_000;
  let state = freeze(createState(plan, settings));
  let restarted = false;
  const give = (event: Event): void => {
    now += 1;
    const before = state;
    const given = freeze(step(before, event, now));
    state = given.state;
    visit({ before, event, step: given, restarted });
    restarted = false;
  };
  give({ type: 'started', remembered: null });
  for (const happening of happenings) {
    if (happening.type === 'restart') {
      const remembered = remember(state);
      const next = createState(state.plan, settings);
      state = freeze(next);
      restarted = true;
      give({ type: 'started', remembered: JSON.parse(JSON.stringify(remembered)) });
    } else {
      give(toEvent(happening, state));
    }
  }
  return state;
}

function toEvent(happening: Exclude<Happening, { type: 'restart' }>, { pending }: VsState): Event {
  switch (happening.type) {
    case 'check':
      return { type: 'check-finished', checker: checkerId(happening.checker), result: happening.result };
    case 'answer': {
      const change = happening.known && pending ? pending.change : 100_000;
      return happening.ok ? { type: 'ipvs-acked', change } : { type: 'ipvs-failed', change, detail: 'no' };
    }
    case 'wait':
      return { type: 'ipvs-waiting', change: happening.known && pending ? pending.change : 100_000 };
    case 'reload':
      return { type: 'reloaded', plan: happening.plan };
    case 'address':
      return happening;
    case 'stop':
      return { type: 'stopping', release: happening.release };
    case 'remove':
      return { type: 'removed' };
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
