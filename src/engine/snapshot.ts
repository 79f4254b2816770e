import { findChecker } from '../health/state.ts';
import type { VsState } from '../health/step.ts';
import type { CheckerId } from '../model/ids.ts';
import type { RealServerReading, Troubles } from '../model/inspection.ts';
import type { IpvsTable } from '../model/ipvs.ts';
import type { RealServer } from '../model/server.ts';
import type { CheckStatus, RealServerStatus, Snapshot, VirtualServerStatus } from '../model/snapshot.ts';
import { type EpochMs, formatTimestamp } from '../model/time.ts';
import type { CheckTable } from './check-table.ts';
import { indexTable, inspectServer, type TableIndex } from './inspect.ts';

/** What the API, `status` and the demo show: the state as committed, beside what the checks last said. */
export function createSnapshot(seen: {
  readonly version: string;
  readonly startedAt: EpochMs;
  readonly ipvsMode: string;
  readonly states: Iterable<VsState>;
  readonly checks: CheckTable;
  readonly table: IpvsTable;
  readonly troubles: Troubles;
}): Snapshot {
  const { version, startedAt, ipvsMode, states, checks, table, troubles } = seen;
  const index = indexTable(table);
  return {
    version,
    startedAt: formatTimestamp(startedAt),
    ipvsMode,
    virtualServers: [...states].map(state => showVirtualServer(state, checks, index)),
    troubles: (['store', 'ipvs', 'mail', 'alerts'] as const).flatMap(component => {
      const trouble = troubles[component];
      return trouble ? [{ component, since: formatTimestamp(trouble.since), message: trouble.message }] : [];
    }),
  };
}

function showVirtualServer(state: VsState, checks: CheckTable, index: TableIndex): VirtualServerStatus {
  const { plan, suspended, up, sorryActive, realServers } = inspectServer(state, index);
  const { target, sorryServer } = plan;
  const isAddress = target.kind === 'address';
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
    up,
    sorryServer: sorryServer && { address: sorryServer.address, port: sorryServer.port, active: sorryActive },
    realServers: plan.realServers.flatMap((server, position) => {
      const reading = realServers[position];
      return reading ? [showRealServer(state, server, reading, suspended, checks)] : [];
    }),
  };
}

function showRealServer(
  state: VsState,
  server: RealServer,
  { up, health, effectiveWeight, ipvsWeight, since }: RealServerReading,
  suspended: boolean,
  checks: CheckTable,
): RealServerStatus {
  return {
    id: server.id,
    address: server.address,
    port: server.port,
    up,
    state: nameState(suspended, health, effectiveWeight),
    weight: server.weight,
    effectiveWeight,
    ipvsWeight,
    since: since === null ? null : formatTimestamp(since),
    checks: server.checks.map(plan => showCheck(state, plan.id, plan.type, checks)),
  };
}

function nameState(suspended: boolean, health: 'unknown' | 'up' | 'down', weight: number): RealServerStatus['state'] {
  if (suspended) return 'disabled';
  return health === 'up' && weight === 0 ? 'draining' : health;
}

function showCheck(state: VsState, id: CheckerId, type: string, checks: CheckTable): CheckStatus {
  const checker = findChecker(state, id);
  const entry = checks.get(id);
  const last = entry === undefined || entry.outcome === null ? null : entry;
  return {
    type,
    up: checker === undefined || checker.verdict === 'unknown' ? null : checker.verdict === 'up',
    lastRunAt: last && formatTimestamp(last.lastRunAt),
    lastDurationMs: last && Math.round(last.took * 1000) / 1000,
    reason: last?.outcome ?? null,
    detail: last?.detail ?? null,
    warning: entry?.warning ?? null,
    failures: entry?.failures ?? 0,
    runs: entry?.runs ?? 0,
  };
}
