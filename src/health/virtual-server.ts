import type { HealthSettings } from '../model/health.ts';
import type { EpochMs } from '../model/time.ts';
import { buildTable } from './desired.ts';
import { nextQuorum, type QuorumState } from './quorum.ts';
import { judgeRealServer, type Standing } from './real-server.ts';
import {
  aliveWeight,
  type Committed,
  type CommittedServer,
  committedServers,
  isSorryActive,
  type VsState,
} from './state.ts';

/**
 * Where the virtual server ought to be by what its checks say: all real servers, then the quorum, then the sorry
 * server, in one go, so that the last real server leaves and the sorry server comes in one change. Returns what is
 * committed, the same object, if nothing is to change. `only`: the one real server of which there is news, if all
 * else is known to be committed; ten thousand first verdicts must not look at ten thousand real servers each.
 */
export function aimVirtualServer(state: VsState, now: EpochMs, only: number | null): Committed {
  const { plan, settings, committed } = state;
  const earlierOf = committedServers(committed, plan);
  const kept = committed.phase === 'running' && committed.plan === plan;
  if (kept && only !== null) {
    const server = aimRealServer(state, only, earlierOf(only), now);
    const realServers = committed.realServers.with(only, server);
    // Neither the quorum nor the table can differ.
    if (isSameEntry(settings.policy, server, earlierOf(only))) return { ...committed, realServers };
    return complete(state, realServers, now);
  }
  let isSame = kept;
  const realServers = state.realServers.map(({ checkers }, index) => {
    const earlier = earlierOf(index);
    if (kept && earlier?.checkers === checkers) return earlier;
    isSame = false;
    return aimRealServer(state, index, earlier, now);
  });
  return isSame ? committed : complete(state, realServers, now);
}

/** The quorum and the table that belong to these real servers. */
function complete(state: VsState, realServers: readonly CommittedServer[], now: EpochMs): Committed {
  const { plan, settings, committed } = state;
  const quorum = aimQuorum(state, realServers);
  const sorryClaimed = committed.sorryClaimed || isSorryActive({ plan, quorum });
  const quorumSince = quorum === committed.quorum ? committed.quorumSince : now;
  const view = { phase: 'running' as const, plan, realServers, quorum, quorumSince, sorryClaimed };
  return { ...view, table: buildTable(settings.policy, view) };
}

function aimRealServer(
  { plan, settings, realServers }: VsState,
  index: number,
  earlier: CommittedServer | undefined,
  now: EpochMs,
): CommittedServer {
  const server = plan.realServers[index];
  const live = realServers[index];
  if (!server || !live) throw new RangeError(`virtual server ${plan.id} has no real server ${index}`);
  const standing = judgeRealServer(server, live);
  const { health, inService, weight } = standing;
  const isSame = earlier ? earlier.health === health : health === 'unknown';
  return {
    id: server.id,
    health,
    inService,
    weight,
    since: isSame ? (earlier?.since ?? null) : now,
    claimed: earlier?.claimed === true || (health !== 'unknown' && server.checks.length > 0),
    told: told(standing, earlier, settings.rsInitNotifies),
    checkers: live.checkers,
  };
}

/** Who is assumed up at the start is not announced, unless rs_init_notifies asks for it. */
function told(
  { health, inService }: Standing,
  earlier: CommittedServer | undefined,
  rsInitNotifies: boolean,
): CommittedServer['told'] {
  if (health === 'down') return 'down';
  if (inService && !earlier) return rsInitNotifies ? 'up' : 'none';
  if (inService && !earlier?.inService) return 'up';
  return earlier?.told ?? 'none';
}

function aimQuorum({ plan, settings, committed }: VsState, realServers: readonly CommittedServer[]): QuorumState {
  const alive = aliveWeight(realServers);
  return nextQuorum(plan, committed.quorum, alive, settings.policy === 'weights' ? possibleWeight(realServers) : alive);
}

/** In the policy `weights` a real server without a verdict may well get traffic: its entry is not ours. */
function possibleWeight(realServers: readonly CommittedServer[]): number {
  let sum = 0;
  for (const server of realServers) if (server.inService || !server.claimed) sum += server.weight;
  return sum;
}

/** Do both lead to the same entry in the table, and to the same quorum? */
function isSameEntry(policy: HealthSettings['policy'], a: CommittedServer, b: CommittedServer | undefined): boolean {
  if (!b || a.inService !== b.inService || a.weight !== b.weight) return false;
  return policy === 'manage' || a.claimed === b.claimed;
}
