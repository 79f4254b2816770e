import { desiredTable } from '../health/desired.ts';
import { committedServers } from '../health/state.ts';
import type { VsState } from '../health/step.ts';
import { destinationPort, formatEndpoint, formatService } from '../model/endpoint.ts';
import type { RealServerReading, VirtualServerReading } from '../model/inspection.ts';
import type { DesiredService, IpvsDestination, IpvsTable } from '../model/ipvs.ts';
import type { RealServer, ServiceKey, SorryServer } from '../model/server.ts';

/** Weights of a service's destinations, by endpoint; empty when the table does not have it. */
export type TableIndex = (service: ServiceKey) => ReadonlyMap<string, number>;

/** The virtual servers one by one, as committed, beside the table. */
export function* inspectServers(states: Iterable<VsState>, table: IpvsTable): Generator<VirtualServerReading> {
  const index = indexTable(table);
  for (const state of states) yield inspectServer(state, index);
}

export function inspectServer(state: VsState, index: TableIndex): VirtualServerReading {
  const { plan, committed } = state;
  const inTable = findWeights(state, index);
  const wanted = findWeights(state, indexDesired(state, index));
  const find = committedServers(committed, plan);
  return {
    plan,
    suspended: plan.haSuspend && !state.addressPresent,
    up: committed.quorum === 'up',
    sorryActive: plan.sorryServer !== null && isSorryActive(state, plan.sorryServer, inTable),
    realServers: plan.realServers.map((server, position): RealServerReading => {
      const known = find(position);
      return {
        up: known?.inService ?? false,
        health: known?.health ?? 'unknown',
        effectiveWeight: known?.weight ?? server.weight,
        ipvsWeight: inTable(server),
        desiredWeight: wanted(server),
        since: known?.since ?? null,
      };
    }),
  };
}

/** A service's destinations are indexed when they are asked for: all at once is long work. */
export function indexTable({ services }: IpvsTable): TableIndex {
  const destinations = new Map(services.map(each => [formatService(each.service.key), each.destinations]));
  const weights = new Map<string, ReadonlyMap<string, number>>();
  return key => {
    const name = formatService(key);
    const known = weights.get(name) ?? indexDestinations(destinations.get(name) ?? []);
    weights.set(name, known);
    return known;
  };
}

function indexDestinations(destinations: readonly IpvsDestination[]): ReadonlyMap<string, number> {
  return new Map(destinations.map(({ address, port, weight }) => [formatEndpoint(address, port), weight]));
}

function indexDesired(state: VsState, index: TableIndex): TableIndex {
  const services = desiredTable(state)
    .filter(({ absent }) => !absent)
    .map(desired => ({ service: desired.service, destinations: chooseDestinations(desired, index) }));
  return indexTable({ services });
}

function chooseDestinations(
  { service, destinations, otherwise }: DesiredService,
  index: TableIndex,
): readonly IpvsDestination[] {
  if (!otherwise) return destinations;
  const { address, port } = otherwise.missing;
  return index(service.key).has(formatEndpoint(address, port)) ? destinations : otherwise.destinations;
}

/** Finds the weight of a destination, of the first service of a group that has it; null: none has it. */
function findWeights({ plan }: VsState, index: TableIndex): (server: RealServer | SorryServer) => number | null {
  const services = plan.services.map(key => ({ key, weights: index(key) }));
  return server => {
    for (const { key, weights } of services) {
      const weight = weights.get(formatEndpoint(server.address, destinationPort(server, key)));
      if (weight !== undefined) return weight;
    }
    return null;
  };
}

/** In `weights` only a sorry server that somebody put into the table can stand in. */
function isSorryActive(
  state: VsState,
  sorryServer: SorryServer,
  weightOf: (server: SorryServer) => number | null,
): boolean {
  if (state.committed.quorum !== 'down') return false;
  return state.settings.policy !== 'weights' || (weightOf(sorryServer) ?? 0) > 0;
}
