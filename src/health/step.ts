import type { CheckPlan, CheckResult } from '../model/check.ts';
import type { Due, Effect } from '../model/effect.ts';
import type { Event } from '../model/event.ts';
import type { HealthSettings } from '../model/health.ts';
import type { CheckerId } from '../model/ids.ts';
import type { VirtualServer } from '../model/server.ts';
import type { EpochMs, Ms } from '../model/time.ts';
import type { Transition } from '../model/transition.ts';
import { applyResult, type CheckerState, type NextRun, sameWish } from './checker-state.ts';
import { describeChange } from './describe-change.ts';
import { dropServices, ipvsServices, sameTable } from './desired.ts';
import { endVirtualServer } from './farewell.ts';
import { createRealServer } from './real-server.ts';
import { reloadPlan } from './reload.ts';
import { recall } from './remember.ts';
import { type CheckerPosition, type Committed, indexCheckers, type VsState } from './state.ts';
import { tellChanges } from './tell.ts';
import { aimVirtualServer } from './virtual-server.ts';

export type { VsState } from './state.ts';

export interface Step {
  readonly state: VsState;
  readonly transitions: readonly Transition[];
  /** To be carried out in this order. */
  readonly effects: readonly Effect[];
  readonly next: readonly Due[];
}

/** How long a run that did not count (`internal`) waits for the next, at most. */
const soon: Ms = 1_000;
const none: readonly never[] = [];

/** A virtual server of which nothing is known yet; `started` brings it to life. */
export function createState(plan: VirtualServer, settings: HealthSettings): VsState {
  return {
    plan,
    settings,
    phase: 'created',
    addressPresent: true,
    index: indexCheckers(plan),
    realServers: plan.realServers.map(createRealServer),
    committed: {
      phase: 'new',
      plan,
      realServers: [],
      quorum: 'unknown',
      quorumSince: null,
      sorryClaimed: false,
      table: [],
    },
    pending: null,
    lastChange: 0,
    unsettled: false,
    leftovers: [],
  };
}

/**
 * The health core: what becomes of one virtual server by one event, and what must be done about it. Pure. `now` (wall
 * clock) is only noted as the time since when a health is so. Returns the same state object if nothing changed.
 */
export function step(state: VsState, event: Event, now: EpochMs): Step {
  if (state.phase === 'stopped' || state.phase === 'forgotten') return unchanged(state);
  switch (event.type) {
    case 'started':
      return start(state, event.remembered, now);
    case 'check-finished':
      return finishCheck(state, event, now);
    case 'ipvs-acked':
      if (state.pending?.change !== event.change) return unchanged(state);
      return acknowledge(state, state.pending.target, now);
    case 'ipvs-failed':
      return unchanged(state.pending?.change === event.change ? rollBack(state, state.pending.target) : state);
    case 'ipvs-waiting':
      return state.pending?.change === event.change ? renew(state, state.pending.target, now) : unchanged(state);
    case 'address':
      if (state.addressPresent === event.present && !state.unsettled) return unchanged(state);
      return settle({ ...state, addressPresent: event.present }, now);
    case 'reloaded':
      return settle(state.phase === 'created' ? replacePlan(state, event.plan) : reloadPlan(state, event.plan), now);
    case 'removed':
    case 'stopping':
      return { ...endVirtualServer(state, event), next: none };
  }
}

/** Before the start there is nothing to carry over. */
function replacePlan({ settings, addressPresent }: VsState, plan: VirtualServer): VsState {
  return { ...createState(plan, settings), addressPresent };
}

function unchanged(state: VsState, next: readonly Due[] = none): Step {
  return { state, transitions: none, effects: none, next };
}

function start(state: VsState, remembered: (Event & { type: 'started' })['remembered'], now: EpochMs): Step {
  if (state.phase !== 'created') return unchanged(state);
  return settle({ ...(remembered ? recall(state, remembered) : state), phase: 'running' }, now);
}

function finishCheck(
  state: VsState,
  { checker, result }: { readonly checker: CheckerId; readonly result: CheckResult },
  now: EpochMs,
): Step {
  const position = state.index.get(checker);
  const before = position && state.realServers[position.realServer]?.checkers[position.checker];
  if (state.phase !== 'running' || !position || !before) return unchanged(state);
  // keepalived `check_api.h:checker->enabled`: a check on the idle director only keeps its rhythm.
  const isFrozen = state.plan.haSuspend && !state.addressPresent;
  const { state: after, next: nextRun } = isFrozen
    ? { state: before, next: 'schedule' as const }
    : applyResult(position.plan, before, result, state.settings.firstVerdict);
  const next = planRun(position.plan, nextRun);
  const changed = after === before ? state : replaceChecker(state, position, after);
  const isNews = after.verdict !== before.verdict || !sameWish(after.weight, before.weight);
  if (!isNews && !state.unsettled) return unchanged(changed, next);
  return { ...settle(changed, now, state.unsettled ? null : position.realServer), next };
}

function planRun(plan: CheckPlan, next: NextRun): readonly Due[] {
  const { id: checker, pace: from, delayBeforeRetry, schedule } = plan;
  switch (next) {
    case 'retry':
      return [{ checker, after: delayBeforeRetry, from, retry: true }];
    case 'soon':
      // A delay of 0 would only keep busy the loop that is late already.
      return [{ checker, after: delayBeforeRetry > 0 ? Math.min(soon, delayBeforeRetry) : soon, from: 'end' }];
    case 'schedule':
      return schedule.kind === 'interval' ? [{ checker, after: schedule.every, from }] : none;
  }
}

function replaceChecker(state: VsState, { realServer, checker }: CheckerPosition, after: CheckerState): VsState {
  const server = state.realServers[realServer];
  if (!server) return state;
  const checkers = server.checkers.with(checker, after);
  return { ...state, realServers: state.realServers.with(realServer, { ...server, checkers }) };
}

/**
 * Brings what is committed to where the checks say it ought to be: at once if the table stays as it is, else through
 * a change that the table must acknowledge first. `only`: the one real server that can differ.
 */
function settle(state: VsState, now: EpochMs, only: number | null = null): Step {
  if (state.phase !== 'running' || state.pending) return unchanged(state);
  const target = aimVirtualServer(state, now, only);
  if (target === state.committed && !state.unsettled) return unchanged(state);
  const { committed, leftovers, settings } = state;
  const left = settings.policy === 'manage' ? [...ipvsServices(committed.plan), ...leftovers] : [];
  const desired = [...target.table, ...dropServices(left, target.table)];
  const isSame = !state.unsettled && sameTable(committed.table, target.table);
  if (isSame || desired.length === 0) return commit(state, target);
  const change = state.lastChange + 1;
  const reason = describeChange(committed, target, settings.policy);
  return {
    state: { ...state, pending: { change, target }, lastChange: change },
    transitions: none,
    effects: [{ type: 'ipvs', virtualServer: state.plan.id, change, desired, reason }],
    next: none,
  };
}

/** The table is as `target` has it: that is now so, and may be told. */
function commit(state: VsState, target: Committed): Step {
  const { transitions, effects } = tellChanges(state.committed, target, state.settings);
  const committed = { ...state, committed: target, pending: null, unsettled: false, leftovers: none };
  return { state: committed, transitions, effects, next: none };
}

/** The table has taken the change; what the checks found meanwhile becomes the next one. */
function acknowledge(state: VsState, target: Committed, now: EpochMs): Step {
  const { state: committed, transitions, effects } = commit(state, target);
  const further = settle(committed, now);
  return {
    state: further.state,
    transitions: [...transitions, ...further.transitions],
    effects: [...effects, ...further.effects],
    next: none,
  };
}

/** A change that is not begun gives way to one that has all that is known by now, or to none; nothing of it is in the table. */
function renew(state: VsState, target: Committed, now: EpochMs): Step {
  const renewed = settle({ ...state, pending: null }, now);
  const { pending } = renewed.state;
  return pending && sameTable(pending.target.table, target.table) ? unchanged(state) : renewed;
}

/** The state is as before the change; the next event tries anew. keepalived `ipwrapper.c:perform_svr_state`. */
function rollBack(state: VsState, target: Committed): VsState {
  const touched = state.settings.policy === 'manage' ? [...ipvsServices(target.plan), ...state.leftovers] : [];
  const leftovers = dropServices(touched, []).map(({ service }) => service);
  return { ...state, pending: null, unsettled: true, leftovers };
}
