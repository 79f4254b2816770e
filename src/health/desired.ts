import { destinationPort, formatService } from '../model/endpoint.ts';
import type { HealthSettings } from '../model/health.ts';
import type { DesiredService, DesiredVerdict, IpvsDestination, IpvsService } from '../model/ipvs.ts';
import type { RealServer, ServiceKey, SorryServer, VirtualServer } from '../model/server.ts';
import { isQuorumLost } from './quorum.ts';
import { aliveWeight, type Committed, type CommittedServer, isSorryActive, type VsState } from './state.ts';

/** What the table should hold for this virtual server; changes that are under way are not in it. */
export function desiredTable(state: VsState): readonly DesiredService[] {
  return state.committed.table;
}

/**
 * The table that belongs to a view of the virtual server. `manage`: its services with all their destinations;
 * `weights`: only what we have an opinion on; `verdicts`: that opinion alone, for quorum and sorry server are its
 * reader's.
 */
export function buildTable(policy: HealthSettings['policy'], view: Omit<Committed, 'table'>): DesiredService[] {
  if (policy === 'verdicts') return verdictsTable(view);
  const { plan } = view;
  const sorry = isSorryActive(view);
  const entries = policy === 'manage' ? manageEntries(view, sorry) : weightsEntries(view, sorry);
  if (entries.length === 0 && policy === 'weights') return [];
  const withoutSorry = policy === 'weights' && sorry ? weightsEntries(view, false) : [];
  return plan.services.map(key => {
    const service = ipvsService(plan, key);
    const wanted = { service, absent: false, destinations: mergeEntries(entries, key, plan) };
    if (withoutSorry.length === 0 || !plan.sorryServer) return wanted;
    const missing = { address: plan.sorryServer.address, port: destinationPort(plan.sorryServer, key) };
    return { ...wanted, otherwise: { missing, destinations: mergeEntries(withoutSorry, key, plan) } };
  });
}

/** The services of a plan as the kernel takes them. */
export function ipvsServices(plan: VirtualServer): IpvsService[] {
  return plan.services.map(key => ipvsService(plan, key));
}

/** Takes the services out of the table that are not in `kept`. */
export function dropServices(services: readonly IpvsService[], kept: readonly DesiredService[]): DesiredService[] {
  const seen = new Set(kept.map(({ service }) => formatService(service.key)));
  return services.flatMap(service => {
    const key = formatService(service.key);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ service, absent: true, destinations: [] }];
  });
}

export function sameTable(a: readonly DesiredService[], b: readonly DesiredService[]): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((service, index) => sameDesired(service, b[index]));
}

/** One service stands for all of a group: the verdict is on the real server, wherever it is a destination. */
function verdictsTable(view: Omit<Committed, 'table'>): DesiredService[] {
  const { plan } = view;
  const [service] = plan.services;
  const verdicts: DesiredVerdict[] = [];
  eachServer(view, ({ id, weight: configured }, { claimed, inService, weight }) => {
    // Who reads nothing takes a server for up: one that is assumed down (alpha) must be told of.
    if (!claimed && inService) return;
    verdicts.push({ virtualServer: plan.id, realServer: id, up: inService, weightChange: weight - configured });
  });
  if (!service || verdicts.length === 0) return [];
  return [{ service: ipvsService(plan, service), absent: false, destinations: [], verdicts }];
}

/** What one real or sorry server is to be in each service. */
interface Entry {
  readonly server: RealServer | SorryServer;
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** No entry where a real server is the same destination, even one that has none itself. */
  readonly yields: boolean;
}

function manageEntries(view: Omit<Committed, 'table'>, sorry: boolean): Entry[] {
  const entries: Entry[] = [];
  eachServer(view, (server, { inService, weight }) => {
    if (inService && !sorry) entries.push(realEntry(server, weight));
    else if (server.inhibitOnFailure) entries.push(realEntry(server, 0));
  });
  const { sorryServer } = view.plan;
  if (sorryServer && (sorry || sorryServer.inhibit)) entries.push(sorryEntry(sorryServer, sorry, false));
  return entries;
}

function weightsEntries(view: Omit<Committed, 'table'>, sorry: boolean): Entry[] {
  const entries: Entry[] = [];
  eachServer(view, (server, { claimed, inService, weight }) => {
    if (claimed) entries.push(realEntry(server, inService && !sorry ? weight : 0));
  });
  const { sorryServer } = view.plan;
  if (sorryServer && (sorry || isQuorumProven(view))) entries.push(sorryEntry(sorryServer, sorry, !sorry));
  return entries;
}

/**
 * Real servers that nobody has checked yet do not justify taking the sorry server out. Those without checks do, if it is
 * there by us: they will never prove more.
 */
function isQuorumProven(view: Omit<Committed, 'table'>): boolean {
  const counts = ({ claimed, checkers }: CommittedServer): boolean =>
    claimed || (view.sorryClaimed && checkers.length === 0);
  return view.quorum === 'up' && !isQuorumLost(view.plan, aliveWeight(view.realServers.filter(counts)));
}

function eachServer(
  view: Omit<Committed, 'table'>,
  visit: (server: RealServer, committed: CommittedServer) => void,
): void {
  for (const [index, server] of view.plan.realServers.entries()) {
    const committed = view.realServers[index];
    if (committed) visit(server, committed);
  }
}

function realEntry(server: RealServer, weight: number): Entry {
  const { upperThreshold, lowerThreshold } = server;
  return { server, weight, upperThreshold, lowerThreshold, yields: false };
}

function sorryEntry(server: SorryServer, active: boolean, yields: boolean): Entry {
  return { server, weight: active ? 1 : 0, upperThreshold: 0, lowerThreshold: 0, yields };
}

/** Entries that are one destination in the kernel become one: it is in service if any of them wants it to be. */
function mergeEntries(entries: readonly Entry[], key: ServiceKey, plan: VirtualServer): IpvsDestination[] {
  const merged = new Map<string, IpvsDestination>();
  for (const { server, weight, upperThreshold, lowerThreshold, yields } of entries) {
    const { address, forwarding } = server;
    const endpoint = endpointText(server, key);
    if (yields && plan.realServers.some(other => endpointText(other, key) === endpoint)) continue;
    const other = merged.get(endpoint);
    const port = destinationPort(server, key);
    const entry = { address, port, forwarding, weight, upperThreshold, lowerThreshold };
    merged.set(endpoint, other ? { ...other, weight: Math.max(weight, other.weight) } : entry);
  }
  return [...merged.values()];
}

function endpointText(server: RealServer | SorryServer, key: ServiceKey): string {
  return `${server.address} ${destinationPort(server, key)}`;
}

function ipvsService(plan: VirtualServer, key: ServiceKey): IpvsService {
  const { scheduler, schedulerFlags, onePacket, persistence } = plan;
  return { key, scheduler, schedulerFlags, onePacket, persistence };
}

function sameDesired(a: DesiredService, b: DesiredService | undefined): boolean {
  return (
    b !== undefined &&
    a.absent === b.absent &&
    JSON.stringify(a.service) === JSON.stringify(b.service) &&
    a.destinations.length === b.destinations.length &&
    a.destinations.every((destination, index) => sameDestination(destination, b.destinations[index])) &&
    sameVerdicts(a.verdicts ?? [], b.verdicts ?? []) &&
    (a.otherwise === b.otherwise || JSON.stringify(a.otherwise) === JSON.stringify(b.otherwise))
  );
}

function sameVerdicts(a: readonly DesiredVerdict[], b: readonly DesiredVerdict[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ realServer, up, weightChange }, index) => {
      const other = b[index];
      return realServer === other?.realServer && up === other.up && weightChange === other.weightChange;
    })
  );
}

function sameDestination(a: IpvsDestination, b: IpvsDestination | undefined): boolean {
  return (
    b !== undefined &&
    a.weight === b.weight &&
    a.address === b.address &&
    a.port === b.port &&
    a.upperThreshold === b.upperThreshold &&
    a.lowerThreshold === b.lowerThreshold &&
    (a.forwarding === b.forwarding || JSON.stringify(a.forwarding) === JSON.stringify(b.forwarding))
  );
}
