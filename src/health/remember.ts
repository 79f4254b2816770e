import type { Remembered } from '../model/event.ts';
import type { RealServer } from '../model/server.ts';
import type { CheckerState } from './checker-state.ts';
import { adoptRealServer, createRealServer, judgeRealServer, type RealServerState } from './real-server.ts';
import type { CommittedServer, VsState } from './state.ts';

type RememberedServer = Remembered['realServers'][string];
const nothing: Remembered = { quorum: 'unknown', sorryActive: false, realServers: {}, checkers: {} };

/** What the next start is to know: healths as told and committed, verdicts and streaks as they are. */
export function remember(state: VsState): Remembered {
  if (state.phase === 'forgotten') return nothing;
  const { plan, committed } = state;
  const realServers: Record<string, RememberedServer> = {};
  for (const { id, health, since } of committed.realServers) realServers[id] = { health, since };
  const checkers: Record<string, Remembered['checkers'][string]> = {};
  for (const [id, { realServer, checker }] of state.index) {
    const known = state.realServers[realServer]?.checkers[checker];
    if (!known) continue;
    const { verdict, failures, successes, weight } = known;
    checkers[id] = { verdict, failures, successes, weight };
  }
  return {
    quorum: committed.quorum,
    quorumSince: committed.quorumSince,
    sorryActive: plan.sorryServer !== null && committed.quorum === 'down',
    realServers,
    checkers,
  };
}

/** A virtual server that goes on where an earlier run left it. */
export function recall(state: VsState, remembered: Remembered): VsState {
  const { plan } = state;
  const realServers = plan.realServers.map(server => recallChecks(server, remembered));
  const known = plan.realServers.flatMap((server, index) => {
    const memory = remembered.realServers[server.id];
    const live = realServers[index];
    return memory && live ? [recallServer(server, live, memory)] : [];
  });
  return {
    ...state,
    realServers,
    committed: {
      ...state.committed,
      realServers: known,
      quorum: remembered.quorum,
      quorumSince: remembered.quorumSince ?? null,
      sorryClaimed: remembered.sorryActive,
    },
  };
}

function recallChecks(server: RealServer, remembered: Remembered): RealServerState {
  const memory = remembered.realServers[server.id];
  if (!memory) return createRealServer(server);
  const standing = { health: memory.health, inService: memory.health === 'up' };
  const checker = (id: string): CheckerState | undefined => {
    const known = remembered.checkers[id];
    if (!known) return undefined;
    const alpha = server.checks.some(check => check.id === id && check.alpha);
    return { ...known, assumed: alpha && !standing.inService ? 'down' : 'up', cause: null };
  };
  return adoptRealServer(server, { standing, assumed: 'up', checker });
}

function recallServer(server: RealServer, live: RealServerState, { health, since }: RememberedServer): CommittedServer {
  const { inService, weight } = judgeRealServer(server, live);
  return {
    id: server.id,
    health,
    inService: health === 'unknown' ? inService : health === 'up',
    weight,
    since,
    claimed: health === 'down' || (health === 'up' && server.checks.length > 0),
    told: health === 'unknown' ? 'none' : health,
    checkers: live.checkers,
  };
}
