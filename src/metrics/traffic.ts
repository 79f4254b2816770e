import { destinationPort, formatEndpoint, formatService } from '../model/endpoint.ts';
import type { VirtualServer } from '../model/server.ts';
import type { DestinationTraffic, Traffic, TrafficTable } from '../model/traffic.ts';
import { catalogue, type MetricFamily } from './catalogue.ts';
import type { Lines } from './text.ts';

const serviceFamilies: readonly [MetricFamily, keyof Traffic][] = [
  [catalogue.ipvsConnections, 'connections'],
  [catalogue.ipvsIncomingPackets, 'incomingPackets'],
  [catalogue.ipvsOutgoingPackets, 'outgoingPackets'],
  [catalogue.ipvsIncomingBytes, 'incomingBytes'],
  [catalogue.ipvsOutgoingBytes, 'outgoingBytes'],
];
const destinationFamilies: readonly [MetricFamily, keyof DestinationTraffic][] = [
  [catalogue.activeConnections, 'active'],
  [catalogue.inactiveConnections, 'inactive'],
  [catalogue.serverConnections, 'connections'],
  [catalogue.serverIncomingPackets, 'incomingPackets'],
  [catalogue.serverOutgoingPackets, 'outgoingPackets'],
  [catalogue.serverIncomingBytes, 'incomingBytes'],
  [catalogue.serverOutgoingBytes, 'outgoingBytes'],
];

/** What is known of the traffic of one virtual server; null: its services, or that destination, are not in the table. */
interface Found {
  readonly own: Traffic | null;
  /** In the order of the plan. */
  readonly realServers: readonly (DestinationTraffic | null)[];
}

/** Writes the traffic of one scrape; what belongs to a virtual server is looked up once. */
export class TrafficLines {
  readonly #table: TrafficTable | null;
  readonly #found = new Map<VirtualServer, Found>();

  /** null: not known, and no series. */
  constructor(table: TrafficTable | null) {
    this.#table = table;
  }

  /** The families of virtual servers. `labelsOf` gives the labels without braces. */
  ofServices(labelsOf: (plan: VirtualServer) => string): readonly [MetricFamily, Lines][] {
    return serviceFamilies.map(([family, name]) => [
      family,
      ({ plan }) => {
        const own = this.#find(plan)?.own;
        return own ? [`${family.name}{${labelsOf(plan)}} ${own[name]}\n`] : [];
      },
    ]);
  }

  /** The families of real servers. `labelsOf` gives the labels of each, in the order of the plan. */
  ofRealServers(labelsOf: (plan: VirtualServer) => readonly string[]): readonly [MetricFamily, Lines][] {
    return destinationFamilies.map(([family, name]) => [
      family,
      ({ plan }) => formatDestinations(`${family.name}{`, name, this.#find(plan)?.realServers ?? [], labelsOf(plan)),
    ]);
  }

  #find(plan: VirtualServer): Found | null {
    if (this.#table === null) return null;
    const found = this.#found.get(plan) ?? findTraffic(plan, this.#table);
    this.#found.set(plan, found);
    return found;
  }
}

function* formatDestinations(
  begin: string,
  name: keyof DestinationTraffic,
  found: Found['realServers'],
  labels: readonly string[],
): Generator<string> {
  for (let index = 0; index < found.length; index++) {
    const traffic = found[index];
    if (traffic) yield `${begin}${labels[index]}} ${traffic[name]}\n`;
  }
}

/** A virtual server of a group has several services: they are added. */
function findTraffic(plan: VirtualServer, table: TrafficTable): Found {
  const services = plan.services.flatMap(key => {
    const entry = table.get(formatService(key));
    return entry ? [{ key, entry }] : [];
  });
  const realServers = plan.realServers.map(server => {
    let sum: DestinationTraffic | null = null;
    for (const { key, entry } of services) {
      const found = entry.destinations.get(formatEndpoint(server.address, destinationPort(server, key)));
      if (found) sum = sum === null ? found : addDestinations(sum, found);
    }
    return sum;
  });
  return { own: services.map(({ entry }) => entry.own).reduce(addOptional, null), realServers };
}

function addOptional(sum: Traffic | null, more: Traffic): Traffic {
  return sum === null ? more : add(sum, more);
}

function addDestinations(one: DestinationTraffic, other: DestinationTraffic): DestinationTraffic {
  return { ...add(one, other), active: one.active + other.active, inactive: one.inactive + other.inactive };
}

function add(one: Traffic, other: Traffic): Traffic {
  return {
    connections: one.connections + other.connections,
    incomingPackets: one.incomingPackets + other.incomingPackets,
    outgoingPackets: one.outgoingPackets + other.outgoingPackets,
    incomingBytes: one.incomingBytes + other.incomingBytes,
    outgoingBytes: one.outgoingBytes + other.outgoingBytes,
  };
}
