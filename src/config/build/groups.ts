import type { Word } from '../../model/params.ts';
import type { Family, Protocol, ServiceKey } from '../../model/server.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { spanOf } from '../text/lexer.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';
import { formatAddress, parseAddress } from '../values/addresses.ts';
import { isPort } from '../values/read-network.ts';

/** More services than this in one group are taken for a mistake. */
const maxServices = 65_536;

/** One line of a group. */
type GroupEntry =
  | {
      readonly kind: 'addresses';
      readonly family: Family;
      readonly first: bigint;
      readonly count: number;
      readonly port: number;
    }
  | { readonly kind: 'fwmark'; readonly fwmark: number; readonly family: Family | null };
export interface ServiceGroup {
  readonly name: string;
  readonly entries: readonly GroupEntry[];
}

/** The virtual_server_groups by name; useless ones are reported and left out. */
export function readGroups(nodes: ConfigTree, diagnostics: Diagnostics): ReadonlyMap<string, ServiceGroup> {
  const groups = new Map<string, ServiceGroup>();
  for (const node of nodes) {
    const name = node.words[0]?.text;
    const { span } = node.keyword;
    if (name === undefined) {
      diagnostics.report(
        'missing-argument',
        span,
        'virtual_server_group lacks its name.',
        'Write virtual_server_group NAME {.',
        {
          severity: 'error',
        },
      );
      continue;
    }
    const entries = node.entries.map(words => readEntry(words, node, diagnostics)).filter(entry => entry !== null);
    const group = { name, entries };
    const fault = findFault(group);
    if (groups.has(name)) {
      diagnostics.report(
        'repeated-group',
        span,
        `There are two groups ${name}; the first is used.`,
        'Give each its own name.',
      );
    } else if (fault !== null) {
      const advice = 'Write IP PORT, IP-LAST PORT, IP/PREFIX PORT or fwmark N on lines of their own.';
      diagnostics.report('bad-group', span, `The group ${name} ${fault}, and is left out.`, advice);
    } else groups.set(name, group);
  }
  return groups;
}

/** The services of a group, fwmarks and all families counted. */
export function countServices({ entries }: ServiceGroup): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === 'fwmark' ? 1 : entry.count), 0);
}

/** What the kernel gets for a group: only services of one family, for real servers are of one. */
export function expandGroup({ entries }: ServiceGroup, protocol: Protocol, family: Family): readonly ServiceKey[] {
  return entries.flatMap((entry): readonly ServiceKey[] => {
    if (entry.kind === 'fwmark') {
      return (entry.family ?? family) === family ? [{ kind: 'fwmark', fwmark: entry.fwmark, family }] : [];
    }
    if (entry.family !== family) return [];
    return Array.from({ length: entry.count }, (_, index) => ({
      kind: 'address',
      protocol,
      address: formatAddress({ family, value: entry.first + BigInt(index) }),
      port: entry.port,
    }));
  });
}

/** The one port of all addresses of the group; 0 when there are several, or none. */
export function commonPort({ entries }: ServiceGroup): number {
  const ports = new Set(entries.map(entry => (entry.kind === 'addresses' ? entry.port : 0)));
  return ports.size === 1 ? ([...ports][0] ?? 0) : 0;
}

function findFault(group: ServiceGroup): string | null {
  const { entries } = group;
  if (entries.length === 0) return 'has no usable entry';
  const families = new Set(entries.map(entry => entry.family));
  if (families.size === 3) return 'has IPv4 and IPv6 addresses, and a fwmark without inet or inet6';
  const services = countServices(group);
  return services > maxServices ? `has ${services} services; ${maxServices} is the limit` : null;
}

function readEntry(words: readonly Word[], node: ConfigNode, diagnostics: Diagnostics): GroupEntry | null {
  const [first, second, third] = words;
  const fail = (message: string) => {
    const span = first?.span ?? spanOf(node.source, 0, node.source.text.length);
    const advice = 'Write IP PORT, 10.0.0.1-20 PORT, 10.0.0.0/28 PORT or fwmark N [inet|inet6].';
    diagnostics.report('bad-group-entry', span, `This entry is left out: ${message}.`, advice);
    return null;
  };
  if (first === undefined) return null;
  if (first.text === 'fwmark') {
    if (second === undefined || !/^\d+$/.test(second.text) || !isFwmark(Number(second.text)))
      return fail('fwmark needs a number');
    if (third !== undefined && third.text !== 'inet' && third.text !== 'inet6')
      return fail(`${third.text} is no family`);
    return {
      kind: 'fwmark',
      fwmark: Number(second.text),
      family: third?.text === 'inet' || third?.text === 'inet6' ? third.text : null,
    };
  }
  if (second !== undefined && !isPort(second.text)) return fail(`${second.text} is no port`);
  const range = readRange(first.text);
  if (typeof range === 'string') return fail(range);
  return { kind: 'addresses', ...range, port: Number(second?.text ?? 0) };
}

/** `A`, `A-N`, `A-B` or `A/len`; a mask stands for all of its addresses (keepalived check/ipvswrapper.c:ipvs_group_range_cmd). */
function readRange(text: string): { readonly family: Family; readonly first: bigint; readonly count: number } | string {
  const [start = '', end, length] = /^([^-/]*)(?:-(.*)|\/(.*))?$/.exec(text)?.slice(1) ?? [];
  const address = parseAddress(start);
  if (address === null) return `${start} is no address`;
  const { family, value: first } = address;
  const bits = family === 'inet' ? 32 : 128;
  if (length !== undefined) {
    if (!/^\d{1,3}$/.test(length) || Number(length) < 1 || Number(length) > bits)
      return `/${length} is no prefix length`;
    const size = 1n << BigInt(bits - Number(length));
    if (first % size !== 0n) return `${start} has host bits set behind /${length}`;
    return { family, first, count: Number(size) };
  }
  if (end === undefined) return { family, first, count: 1 };
  const last = readRangeEnd(end, family, first);
  if (last === null) return `${end} is no end of a range`;
  if (last <= first) return `the range ends at or before its start`;
  return { family, first, count: Number(last - first + 1n) };
}

/** A whole address, or the last octet in decimal, or the last 16 bits in hexadecimal. */
function readRangeEnd(end: string, family: Family, first: bigint): bigint | null {
  const address = parseAddress(end);
  if (address !== null) return address.family === family ? address.value : null;
  if (family === 'inet') return /^\d{1,3}$/.test(end) && Number(end) <= 255 ? (first & ~255n) + BigInt(end) : null;
  return /^[0-9a-fA-F]{1,4}$/.test(end) ? (first & ~0xffffn) + BigInt(`0x${end}`) : null;
}

export function isFwmark(value: number): boolean {
  return value >= 1 && value <= 4_294_967_295;
}
