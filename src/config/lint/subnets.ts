import type { HostAddress } from '../../model/ports.ts';
import type { VirtualAddress } from '../../model/routing.ts';
import type { Vrrp } from '../../model/vrrp.ts';
import { formatAddress, type NumericAddress, parseAddress } from '../values/addresses.ts';

/** All addresses that share their first `prefix` bits; `first` has zeros behind them. */
export interface Subnet {
  readonly first: NumericAddress;
  readonly prefix: number;
}

/** The subnet that an address with its prefix length is in; null when it is none, or one of a single address. */
export function subnetOf(address: NumericAddress | null, prefix: number): Subnet | null {
  if (address === null) return null;
  const bits = bitsOf(address);
  if (!(prefix > 0 && prefix < bits)) return null;
  const size = 1n << BigInt(bits - prefix);
  return { first: { ...address, value: address.value - (address.value % size) }, prefix };
}

export function isInside(address: NumericAddress, { first, prefix }: Subnet): boolean {
  if (address.family !== first.family) return false;
  const shift = BigInt(bitsOf(address) - prefix);
  return address.value >> shift === first.value >> shift;
}

/** The address of a subnet that has the host bits of another address. */
export function moveInto({ first, prefix }: Subnet, address: NumericAddress): NumericAddress {
  return { ...first, value: first.value + (address.value % (1n << BigInt(bitsOf(first) - prefix))) };
}

/** `10.65.32.0/23`. */
export function formatSubnet({ first, prefix }: Subnet): string {
  return `${formatAddress(first)}/${prefix}`;
}

/** The addresses that a configuration puts on interfaces: those of VRRP instances and static ones. */
export function readAddresses({ instances, staticAddresses }: Vrrp): readonly HostAddress[] {
  const onInstances = instances.flatMap(({ interface: device, addresses, excludedAddresses }) =>
    [...addresses, ...excludedAddresses].map(each => locate(each, device ?? '')),
  );
  return [...onInstances, ...staticAddresses.map(each => locate(each, ''))];
}

/** What a route without a gateway makes a part of an interface's link. */
export interface LinkRoute {
  readonly interface: string;
  readonly subnet: Subnet;
}

export function readLinkRoutes({ instances, staticRoutes }: Vrrp): readonly LinkRoute[] {
  return [...staticRoutes, ...instances.flatMap(({ routes }) => routes)].flatMap(route => {
    const { to, via, type, nextHops } = route;
    const [address = '', length] = to.split('/');
    const first = parseAddress(address);
    if (first === null || via !== null || nextHops.length > 0 || route.interface === null) return [];
    if (type !== 'unicast') return [];
    return { interface: route.interface, subnet: { first, prefix: Number(length ?? bitsOf(first)) } };
  });
}

function locate({ address, prefix, interface: written }: VirtualAddress, device: string): HostAddress {
  return { address, prefix, interface: written ?? device };
}

function bitsOf({ family }: NumericAddress): number {
  return family === 'inet' ? 32 : 128;
}
