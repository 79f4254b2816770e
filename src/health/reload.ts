import type { RealServer, VirtualServer } from '../model/server.ts';
import type { CheckerState } from './checker-state.ts';
import { adoptRealServer, createRealServer, judgeRealServer, type RealServerState } from './real-server.ts';
import { indexCheckers, type VsState } from './state.ts';

/** The virtual server under another plan: what is still there keeps what we know of it, found again by its ids. */
export function reloadPlan(state: VsState, plan: VirtualServer): VsState {
  const positions = new Map(state.plan.realServers.map((server, index) => [server.id, index]));
  const realServers = plan.realServers.map(server => {
    const position = positions.get(server.id) ?? -1;
    const before = state.plan.realServers[position];
    const live = state.realServers[position];
    return before && live ? keepChecks(server, before, live) : createRealServer(server);
  });
  return { ...state, plan, realServers, index: indexCheckers(plan) };
}

function keepChecks(server: RealServer, before: RealServer, live: RealServerState): RealServerState {
  const byId = new Map<string, CheckerState | undefined>(
    before.checks.map((check, index) => [check.id, live.checkers[index]]),
  );
  return adoptRealServer(server, {
    standing: judgeRealServer(before, live),
    assumed: live.assumed,
    checker: id => byId.get(id),
  });
}
