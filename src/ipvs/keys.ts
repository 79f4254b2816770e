import { formatEndpoint, formatService } from '../model/endpoint.ts';
import type { IpvsDestination, IpvsService, IpvsTable } from '../model/ipvs.ts';
import type { ServiceKey } from '../model/server.ts';

/** A table by the texts of `serviceText` and `destinationText`. */
export type TableIndex = ReadonlyMap<
  string,
  { readonly service: IpvsService; readonly destinations: ReadonlyMap<string, IpvsDestination> }
>;

/** `tcp/10.0.0.1:80`, `fwmark/7`, `fwmark/7/inet6`: equal for what the kernel takes for the same service. */
export function serviceText(key: ServiceKey): string {
  return formatService(key.kind === 'address' ? { ...key, address: canonicalAddress(key.address) } : key);
}

/** `10.0.0.2:80`, `[2001:db8::2]:80`: equal for what the kernel takes for the same destination of a service. */
export function destinationText(destination: { readonly address: string; readonly port: number }): string {
  return formatEndpoint(canonicalAddress(destination.address), destination.port);
}

/** Indexes a table once; asked again for the same table it answers from memory. */
export function indexTable(table: IpvsTable): TableIndex {
  const known = indexes.get(table);
  if (known) return known;
  const index: TableIndex = new Map(
    table.services.map(({ service, destinations }) => [
      serviceText(service.key),
      { service, destinations: new Map(destinations.map(entry => [destinationText(entry), entry])) },
    ]),
  );
  indexes.set(table, index);
  return index;
}

// One batch asks for the index once per change.
const indexes = new WeakMap<IpvsTable, TableIndex>();

/** A file may say 2001:DB8:0::1 where the kernel says 2001:db8::1; a URL's host has one form for both. */
function canonicalAddress(address: string): string {
  if (!address.includes(':')) return address;
  const url = `http://[${address}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address;
}
