import type { DesiredService, IpvsDestination, IpvsService, IpvsTable } from '../../../src/model/ipvs.ts';
import type { ServiceKey } from '../../../src/model/server.ts';

/** The key of TCP service 10.0.0.1 with this port. */
export const tcp = (port: number): ServiceKey => ({ kind: 'address', protocol: 'TCP', address: '10.0.0.1', port });

export function service(attributes: Partial<IpvsService>): IpvsService {
  return {
    key: tcp(80),
    scheduler: 'rr',
    schedulerFlags: [],
    onePacket: false,
    persistence: null,
    ...attributes,
  };
}

export function destination(attributes: Partial<IpvsDestination>): IpvsDestination {
  return {
    address: '10.0.0.2',
    port: 80,
    forwarding: { kind: 'NAT' },
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    ...attributes,
  };
}

/** Destinations 10.0.0.N:80 with these weights. */
export function destinations(weights: Readonly<Record<number, number>>): readonly IpvsDestination[] {
  return Object.entries(weights).map(([host, weight]) => destination({ address: `10.0.0.${host}`, weight }));
}

export function desired(attributes: Partial<DesiredService>): DesiredService {
  return { service: service({}), absent: false, destinations: [], ...attributes };
}

/** A table with one service. */
export function tableOf(of: IpvsService, entries: readonly IpvsDestination[]): IpvsTable {
  return { services: [{ service: of, destinations: entries }] };
}
