import type { VirtualAddress } from '../../model/routing.ts';
import type { Family } from '../../model/server.ts';
import type { Span } from '../../model/span.ts';
import type { UnicastPeer, VirtualInterface } from '../../model/vrrp.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode } from '../text/node.ts';
import { familyOf, parseAddress } from '../values/addresses.ts';
import { readValue } from '../values/read-value.ts';

/** What the addresses of an instance say together: the first one decides of which family it is. */
export interface VrrpFamily {
  readonly family: Family | null;
  readonly version: 2 | 3 | null;
  readonly addresses: readonly VirtualAddress[];
  readonly peers: readonly UnicastPeer[];
  readonly sourceAddress: string | null;
  readonly multicastAddress: string | null;
  readonly ipvlanAddress: string | null;
}

type Draft = { -readonly [Key in keyof VrrpFamily]: VrrpFamily[Key] };
/** Takes an address of this family, or says that it is of the other one. */
type Join = (family: Family, what: string, span: Span) => boolean;

/** Goes through the keywords in the order of the file, as keepalived does (vrrp/vrrp_parser.c). */
export function resolveFamily(node: ConfigNode, diagnostics: Diagnostics): VrrpFamily {
  const draft: Draft = {
    family: null,
    version: null,
    addresses: [],
    peers: [],
    sourceAddress: null,
    multicastAddress: null,
    ipvlanAddress: null,
  };
  const join: Join = (family, what, span) => {
    draft.family ??= family;
    if (draft.family === family) return true;
    const message = `${what} is left out: the instance is of ${nameFamily(draft.family)} by what stands above.`;
    const hint = 'Write an instance of its own for each family.';
    diagnostics.report('family-mismatch', span, message, hint, { severity: 'warning' });
    return false;
  };
  for (const each of node.nodes) readNode(draft, each, join, diagnostics);
  return draft;
}

function readNode(draft: Draft, node: ConfigNode, join: Join, diagnostics: Diagnostics): void {
  switch (node.param.name) {
    case 'virtual_ipaddress': {
      const found = readSilently<readonly VirtualAddress[]>(node) ?? [];
      draft.addresses = [...draft.addresses, ...found.filter(each => join(each.family, each.address, each.span))];
      return;
    }
    case 'unicast_peer': {
      const found = readSilently<readonly UnicastPeer[]>(node) ?? [];
      draft.peers = [...draft.peers, ...found.filter(each => join(each.family, each.address, each.span))];
      return;
    }
    case 'mcast_src_ip':
    case 'unicast_src_ip': {
      const address = readSilently<string>(node);
      if (address === undefined) return;
      draft.sourceAddress = join(familyOf(address), `${node.param.name} ${address}`, spanOf(node)) ? address : null;
      return;
    }
    case 'mcast_dst_ip':
      readMulticast(draft, node, join, diagnostics);
      return;
    case 'use_ipvlan': {
      const address = readSilently<VirtualInterface & { readonly kind: 'ipvlan' }>(node)?.address ?? null;
      if (address === null || !join(familyOf(address), `use_ipvlan ${address}`, spanOf(node))) return;
      draft.ipvlanAddress = address;
      draft.sourceAddress ??= address;
      return;
    }
    case 'native_ipv6':
      if (!join('inet6', 'native_ipv6', node.keyword.span)) return;
      draft.version = 3;
      return;
    case 'version':
      readVersion(draft, node, diagnostics);
      return;
    default:
  }
}

/** The value once more, without its faults: those are told where all values of the block are read. */
function readSilently<T>(node: ConfigNode): T | undefined {
  return readValue(node, { report: () => {}, strict: false }) as T | undefined;
}

function spanOf(node: ConfigNode): Span {
  return node.words[0]?.span ?? node.keyword.span;
}

function readMulticast(draft: Draft, node: ConfigNode, join: Join, diagnostics: Diagnostics): void {
  const address = readSilently<string>(node);
  if (address === undefined || !join(familyOf(address), `mcast_dst_ip ${address}`, spanOf(node))) return;
  if (isMulticast(address)) draft.multicastAddress = address;
  else {
    const message = `mcast_dst_ip ${address} is no multicast address.`;
    const hint = 'Write an address from 224.0.0.0 to 239.255.255.255, or one that begins with ff02:.';
    diagnostics.report('bad-address', spanOf(node), message, hint);
  }
}

/** Of IPv6 only the link-local ones. */
function isMulticast(address: string): boolean {
  const number = parseAddress(address);
  if (number === null) return false;
  if (number.family === 'inet') return number.value >> 28n === 0xen;
  return number.value >> 120n === 0xffn && ((number.value >> 112n) & 0xfn) === 2n;
}

function readVersion(draft: Draft, node: ConfigNode, diagnostics: Diagnostics): void {
  const version = readSilently<2 | 3>(node);
  if (version === undefined) return;
  const { family } = draft;
  if ((draft.version ?? version) === version && !(version === 2 && family === 'inet6')) draft.version = version;
  else {
    const why = draft.version === null ? 'IPv6 needs version 3' : `version is ${draft.version} by what stands above`;
    const message = `version ${version} is ignored: ${why}.`;
    diagnostics.report('conflicting-keywords', spanOf(node), message, 'Remove the line.');
  }
}

export function nameFamily(family: Family): string {
  return family === 'inet' ? 'IPv4' : 'IPv6';
}
