import { destinationPort } from '../health/desired.ts';
import { findChecker } from '../health/state.ts';
import type { VsState } from '../health/step.ts';
import { formatEndpoint, formatService } from '../model/endpoint.ts';
import type { CheckerId } from '../model/ids.ts';
import type { IpvsTable } from '../model/ipvs.ts';
import type { RealServer, ServiceKey, SorryServer, VirtualServer } from '../model/server.ts';
import type { CheckStatus, RealServerStatus, Snapshot, VirtualServerStatus } from '../model/snapshot.ts';
import { type EpochMs, formatTimestamp } from '../model/time.ts';
import type { CheckTable } from './check-table.ts';

type Trouble = { readonly since: EpochMs; readonly message: string } | null;

/** What the API, `status` and the demo show: the state as committed, beside what the checks last said. */
export function createSnapshot(seen: {
  readonly version: string;
  readonly startedAt: EpochMs;
  readonly ipvsMode: string;
  readonly states: Iterable<VsState>;
  readonly checks: CheckTable;
  readonly table: IpvsTable;
  readonly troubles: { readonly store: Trouble; readonly ipvs: Trouble; readonly mail: Trouble };
}): Snapshot {
  const { version, startedAt, ipvsMode, states, checks, table, troubles } = seen;
  const weights = indexWeights(table);
  return {
    version,
    startedAt: formatTimestamp(startedAt),
    ipvsMode,
    virtualServers: [...states].map(state => showVirtualServer(state, checks, weights)),
    troubles: (['store', 'ipvs', 'mail'] as const).flatMap(component => {
      const trouble = troubles[component];
      return trouble ? [{ component, since: formatTimestamp(trouble.since), message: trouble.message }] : [];
    }),
  };
}

function showVirtualServer(
  state: VsState,
  checks: CheckTable,
  weights: ReadonlyMap<string, number>,
): VirtualServerStatus {
  const { plan, committed } = state;
  const { target, sorryServer } = plan;
  const isAddress = target.kind === 'address';
  const isUp = committed.quorum === 'up';
  const known = new Map(committed.realServers.map(server => [server.id, server]));
  return {
    id: plan.id,
    name: plan.name,
    address: isAddress ? target.address : null,
    port: isAddress ? target.port : null,
    protocol: plan.protocol,
    fwmark: target.kind === 'fwmark' ? target.fwmark : null,
    scheduler: plan.scheduler,
    forwarding: plan.forwarding.kind,
    quorum: plan.quorum,
    hysteresis: plan.hysteresis,
    up: isUp,
    sorryServer: sorryServer && {
      address: sorryServer.address,
      port: sorryServer.port,
      active: isSorryActive(state, sorryServer, weights),
    },
    realServers: plan.realServers.map(server => showRealServer(state, server, known.get(server.id), checks, weights)),
  };
}

/** In `weights` only a sorry server that somebody put into the table can stand in. */
function isSorryActive(state: VsState, sorryServer: SorryServer, weights: ReadonlyMap<string, number>): boolean {
  if (state.committed.quorum !== 'down') return false;
  return state.settings.policy !== 'weights' || (weightInTable(state.plan, sorryServer, weights) ?? 0) > 0;
}

function showRealServer(
  state: VsState,
  server: RealServer,
  known: VsState['committed']['realServers'][number] | undefined,
  checks: CheckTable,
  weights: ReadonlyMap<string, number>,
): RealServerStatus {
  const health = known?.health ?? 'unknown';
  const weight = known?.weight ?? server.weight;
  return {
    id: server.id,
    address: server.address,
    port: server.port,
    up: known?.inService ?? false,
    state: nameState(state, health, weight),
    weight: server.weight,
    effectiveWeight: weight,
    ipvsWeight: weightInTable(state.plan, server, weights),
    since: known?.since != null ? formatTimestamp(known.since) : null,
    checks: server.checks.map(plan => showCheck(state, plan.id, plan.type, checks)),
  };
}

function nameState(state: VsState, health: 'unknown' | 'up' | 'down', weight: number): RealServerStatus['state'] {
  if (state.plan.haSuspend && !state.addressPresent) return 'disabled';
  return health === 'up' && weight === 0 ? 'draining' : health;
}

function showCheck(state: VsState, id: CheckerId, type: string, checks: CheckTable): CheckStatus {
  const checker = findChecker(state, id);
  const entry = checks.get(id);
  const last = entry?.last ?? null;
  return {
    type,
    up: checker === undefined || checker.verdict === 'unknown' ? null : checker.verdict === 'up',
    lastRunAt: last && entry?.lastRunAt != null ? formatTimestamp(entry.lastRunAt) : null,
    lastDurationMs: last && Math.round(last.took * 1000) / 1000,
    reason: last && (last.ok ? 'ok' : last.reason),
    detail: last?.detail ?? null,
    warning: entry?.warning ?? null,
    failures: entry?.failures ?? 0,
    runs: entry?.runs ?? 0,
  };
}

/** The weight of the destination, of the first service of a group that has it; null: it is not in the table. */
function weightInTable(
  plan: VirtualServer,
  server: RealServer | SorryServer,
  weights: ReadonlyMap<string, number>,
): number | null {
  for (const key of plan.services) {
    const weight = weights.get(nameDestination(key, server.address, destinationPort(server, key)));
    if (weight !== undefined) return weight;
  }
  return null;
}

function indexWeights(table: IpvsTable): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { service, destinations } of table.services) {
    for (const { address, port, weight } of destinations) {
      weights.set(nameDestination(service.key, address, port), weight);
    }
  }
  return weights;
}

function nameDestination(service: ServiceKey, address: string, port: number): string {
  return `${formatService(service)} ${formatEndpoint(address, port)}`;
}
