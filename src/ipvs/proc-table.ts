import type { IpvsTable } from '../model/ipvs.ts';
import type { LbKind, ServiceKey } from '../model/server.ts';

/** How /proc/net/ip_vs calls them; `Local` is a destination on this host, whatever it was added as. */
const forwardingNames: Readonly<Record<LbKind['kind'], string>> = { NAT: 'Masq', DR: 'Route', TUN: 'Tunnel' };

/**
 * The known table with the weights that stand in the kernel's file. null: the file has other services or destinations, or some
 * that cannot be compared (IPv6), so all must be read. It costs no process, and the file says nothing of thresholds and flags.
 */
export function refreshWeights(known: IpvsTable, text: string): IpvsTable | null {
  const seen = parseProc(text);
  if (seen === null || seen.services !== known.services.length) return null;
  let count = 0;
  const services: IpvsTable['services'][number][] = [];
  for (const { service, destinations } of known.services) {
    const name = nameService(service.key);
    const entries = [];
    for (const destination of destinations) {
      const { address, port, forwarding, weight } = destination;
      const entry = name === null ? undefined : seen.destinations.get(`${name} ${hexOf(address)}:${hexPort(port)}`);
      if (entry === undefined) return null;
      if (entry.forwarding !== 'Local' && entry.forwarding !== forwardingNames[forwarding.kind]) return null;
      count++;
      entries.push(entry.weight === weight ? destination : { ...destination, weight: entry.weight });
    }
    if (name === null || !seen.names.has(name)) return null;
    services.push({ service, destinations: entries });
  }
  return count === seen.destinations.size ? { services } : null;
}

interface ProcTable {
  readonly services: number;
  readonly names: ReadonlySet<string>;
  readonly destinations: ReadonlyMap<string, { readonly forwarding: string; readonly weight: number }>;
}

/** Linux net/netfilter/ipvs/ip_vs_ctl.c:ip_vs_info_seq_show. */
function parseProc(text: string): ProcTable | null {
  const names = new Set<string>();
  const destinations = new Map<string, { readonly forwarding: string; readonly weight: number }>();
  let name = '';
  let services = 0;
  for (const line of text.split('\n')) {
    const [first = '', second = '', third = '', fourth = ''] = line.trim().split(/ +/);
    if (first === '->') {
      if (second === 'RemoteAddress:Port') continue;
      const weight = Number(fourth);
      if (name === '' || !Number.isInteger(weight)) return null;
      destinations.set(`${name} ${second}`, { forwarding: third, weight });
    } else if (/^(?:TCP|UDP|SCTP|FWM)$/.test(first)) {
      name = `${first} ${second}`;
      names.add(name);
      services++;
    }
  }
  return { services, names, destinations };
}

function nameService(key: ServiceKey): string | null {
  if (key.kind === 'fwmark') return key.family === 'inet' ? `FWM ${hex(key.fwmark, 8)}` : null;
  return `${key.protocol} ${hexOf(key.address)}:${hexPort(key.port)}`;
}

/** An IPv6 address stays as it is, which is found nowhere. */
function hexOf(address: string): string {
  const parts = address.split('.');
  return parts.length === 4 ? parts.map(part => hex(Number(part), 2)).join('') : address;
}

function hexPort(port: number): string {
  return hex(port, 4);
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
