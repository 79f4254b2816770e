import { isIPv6 } from 'node:net';
import type { DatagramOptions } from '../model/ports.ts';
import type { NativeSocketOptions } from './native.ts';

type Route = Omit<DatagramOptions, 'protocol'>;

/** What of a route a socket of our own takes. */
export function nativeRouteOf({
  address,
  interface: device,
  mark,
}: Route): Pick<NativeSocketOptions, 'family' | 'interface' | 'mark'> {
  return {
    family: isIPv6(address) ? 'inet6' : 'inet',
    ...(device !== undefined && { interface: device }),
    ...(mark !== undefined && { mark }),
  };
}

/** The system takes a link-local address with its interface only. */
export function hostOf({ address, interface: device }: Route): string {
  return device !== undefined && /^fe[89ab]/i.test(address) ? `${address}%${device}` : address;
}
