import type { IpvsDestination, IpvsService } from '../model/ipvs.ts';
import type { LbKind } from '../model/server.ts';

/** Does the service have these attributes, however they are written? */
export function sameService(a: IpvsService, b: IpvsService): boolean {
  return describeService(a) === describeService(b);
}

/** Weight, forwarding and thresholds; not which destination it is. */
export function sameDestination(a: IpvsDestination, b: IpvsDestination): boolean {
  return (
    a.weight === b.weight &&
    a.upperThreshold === b.upperThreshold &&
    a.lowerThreshold === b.lowerThreshold &&
    describeForwarding(a.forwarding) === describeForwarding(b.forwarding)
  );
}

/** What sets one service apart from another with the same key; defaults and synonyms in one form. */
export function describeService(service: IpvsService): string {
  const { persistence } = service;
  const granularity = persistence?.granularity;
  return [
    service.scheduler,
    ...describeFlags(service),
    ...(service.onePacket ? ['ops'] : []),
    ...(persistence ? [`persistent ${persistence.timeout}`] : []),
    // ipvsadm does not print the mask of a single host.
    ...(granularity && granularity !== '255.255.255.255' && granularity !== '128' ? [`mask ${granularity}`] : []),
    ...(persistence?.engine ? [`pe ${persistence.engine}`] : []),
  ].join(' ');
}

export function describeForwarding(forwarding: LbKind): string {
  if (forwarding.kind !== 'TUN') return forwarding.kind;
  const { type, port, checksum } = forwarding.tunnel ?? { type: 'ipip' };
  if (type === 'ipip') return 'TUN';
  return ['TUN', type, ...(type === 'gue' ? [port ?? 0] : []), checksum ?? 'nocsum'].join(' ');
}

// The schedulers' own names for the first two flags of the kernel.
const flagNumbers: Readonly<Record<string, string>> = {
  'sh-fallback': 'flag-1',
  'sh-port': 'flag-2',
  'mh-fallback': 'flag-1',
  'mh-port': 'flag-2',
};

function describeFlags(service: IpvsService): readonly string[] {
  const flags = new Set(service.schedulerFlags.map(flag => flagNumbers[flag] ?? flag));
  // ipvsadm never prints flag-3 for these, and they give it no meaning.
  if (service.scheduler === 'sh' || service.scheduler === 'mh') flags.delete('flag-3');
  return [...flags].sort();
}
