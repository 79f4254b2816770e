import type { IpvsTablePort } from '../../src/ipvs/table.ts';
import { formatEndpoint, formatService } from '../../src/model/endpoint.ts';
import type { Host } from '../../src/model/host.ts';
import type { DestinationTraffic, TrafficTable } from '../../src/model/traffic.ts';

const traffic: DestinationTraffic = {
  connections: 11,
  incomingPackets: 12,
  outgoingPackets: 13,
  incomingBytes: 14,
  outgoingBytes: 15,
  active: 16,
  inactive: 17,
};

/** As if clients used all that is in the table: one in memory has no traffic of its own. */
export async function inventTraffic(table: IpvsTablePort): Promise<TrafficTable> {
  const { services } = await table.read();
  return new Map(
    services.map(({ service, destinations }) => [
      formatService(service.key),
      {
        own: traffic,
        destinations: new Map(destinations.map(({ address, port }) => [formatEndpoint(address, port), traffic])),
      },
    ]),
  );
}

/** Keepalived runs, every link is up, and no virtual address is here. */
export const fakeHost: Host = {
  listAddresses: () => [],
  isLinkUp: async () => true,
  isKeepalivedRunning: async () => true,
};
