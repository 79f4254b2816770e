import { randomUUID } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { delimiter } from 'node:path';
import process from 'node:process';
import type { HostAddress, LocalAddresses } from '../model/ports.ts';

/** Addresses of the interfaces that are up. */
export const localAddresses: LocalAddresses = () => {
  const addresses = new Set<string>();
  for (const entries of Object.values(networkInterfaces())) {
    for (const { address } of entries ?? []) addresses.add(address);
  }
  return addresses;
};

/** The same with interface and length of the prefix, as they are now. */
export function listHostAddresses(): readonly HostAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([device, entries = []]) =>
    entries.map(({ address, cidr }) => ({ interface: device, address, prefix: Number(cidr?.split('/')[1] ?? 0) })),
  );
}

/** The host's name, as keepalived takes it for router_id and HELO. */
export const hostName = hostname();

/** `v20.19.0`. */
export const nodeVersion = process.version;

export const newId = (): string => randomUUID();
export const random = (): number => Math.random();

/** Directories of PATH. */
export function searchPath(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
}
