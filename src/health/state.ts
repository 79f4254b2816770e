import type { CheckPlan } from '../model/check.ts';
import type { HealthSettings } from '../model/health.ts';
import type { CheckerId, RsId } from '../model/ids.ts';
import type { DesiredService, IpvsService } from '../model/ipvs.ts';
import type { VirtualServer } from '../model/server.ts';
import type { EpochMs } from '../model/time.ts';
import type { CheckerState } from './checker-state.ts';
import type { QuorumState } from './quorum.ts';
import type { RealServerState, Standing } from './real-server.ts';

/** All that is known of one virtual server. Immutable: an event makes another one, or leaves this one as it is. */
export interface VsState {
  readonly plan: VirtualServer;
  readonly settings: HealthSettings;
  /** `stopped`: no event counts any more; `forgotten`: and the next start tells everything anew. */
  readonly phase: 'created' | 'running' | 'stopped' | 'forgotten';
  /** ha_suspend: false while the virtual address is elsewhere. */
  readonly addressPresent: boolean;
  /** Where each check of the plan stands; made once per plan. */
  readonly index: CheckerIndex;
  /** What the checks say, in the order of the plan. */
  readonly realServers: readonly RealServerState[];
  /** What the table has acknowledged and what was told. */
  readonly committed: Committed;
  /** A change that the table has not acknowledged yet; there is one at a time. */
  readonly pending: Pending | null;
  /** Number of the last change. */
  readonly lastChange: number;
  /** The last change failed, perhaps midway: the table is asserted again even if nothing differs. */
  readonly unsettled: boolean;
  /** Services that a failed change may have left in the table. */
  readonly leftovers: readonly IpvsService[];
}

export type CheckerIndex = ReadonlyMap<CheckerId, CheckerPosition>;
export interface CheckerPosition {
  readonly realServer: number;
  readonly checker: number;
  readonly plan: CheckPlan;
}

/** One consistent view of a virtual server: real servers, quorum and table belong together. */
export interface Committed {
  /** `new`: nothing was asserted yet; what stands here comes from an earlier run. */
  readonly phase: 'new' | 'running';
  /** Whose real servers these are: after a reload the old plan, until the table has the new one. */
  readonly plan: VirtualServer;
  /** In the order of the plan; while `new` only those that an earlier run knew. */
  readonly realServers: readonly CommittedServer[];
  readonly quorum: QuorumState;
  /** When the quorum became so; null while it is unknown, or where nobody knows. */
  readonly quorumSince: EpochMs | null;
  /** The sorry server stood in once. The policy `weights` answers for its weight from then on. */
  readonly sorryClaimed: boolean;
  readonly table: readonly DesiredService[];
}

export interface CommittedServer extends Standing {
  readonly id: RsId;
  /** When its health became so; null before the first verdict. */
  readonly since: EpochMs | null;
  /**
   * A check of ours gave a verdict once. The policy `weights` answers for its weight from then on; whom we do not check
   * another may have taken out (keepalived's BFD_CHECK).
   */
  readonly claimed: boolean;
  /** What scripts, FIFOs and mails were told last. */
  readonly told: 'none' | 'up' | 'down';
  readonly checkers: readonly CheckerState[];
}

interface Pending {
  readonly change: number;
  readonly target: Committed;
}

/** Indexes the checks of a plan by their ids. */
export function indexCheckers(plan: VirtualServer): CheckerIndex {
  const index = new Map<CheckerId, CheckerPosition>();
  for (const [realServer, { checks }] of plan.realServers.entries()) {
    for (const [checker, check] of checks.entries()) index.set(check.id, { realServer, checker, plan: check });
  }
  return index;
}

/** What is known from one check; undefined when the plan has none of that id. */
export function findChecker({ index, realServers }: VsState, id: CheckerId): CheckerState | undefined {
  const position = index.get(id);
  return position && realServers[position.realServer]?.checkers[position.checker];
}

/** Finds what was committed for a real server: by position when `plan` is the plan it was committed with. */
export function committedServers(
  committed: Committed,
  plan: VirtualServer,
): (index: number) => CommittedServer | undefined {
  if (committed.phase === 'running' && committed.plan === plan) return index => committed.realServers[index];
  const byId = new Map(committed.realServers.map(server => [server.id, server]));
  return index => {
    const server = plan.realServers[index];
    return server && byId.get(server.id);
  };
}

/** The sorry server stands in exactly while the quorum is down. */
export function isSorryActive(view: Pick<Committed, 'plan' | 'quorum'>): boolean {
  return view.plan.sorryServer !== null && view.quorum === 'down';
}

/** Sum of the effective weights of the real servers in service. */
export function aliveWeight(realServers: readonly Standing[]): number {
  let sum = 0;
  for (const server of realServers) if (server.inService) sum += server.weight;
  return sum;
}
