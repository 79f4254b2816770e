import { formatService, joinText } from '../../model/endpoint.ts';
import { type VsId, vsId } from '../../model/ids.ts';
import type { Family, Protocol, VirtualServerTarget } from '../../model/server.ts';
import type { ConfigNode } from '../text/node.ts';
import { readEndpoint } from '../values/read-network.ts';
import type { BuildContext } from './context.ts';
import { countServices, isFwmark } from './groups.ts';

/** More in all groups that are used, counted once for each use, are taken for a mistake. */
const maxServices = 262_144;

/** How often each group was used so far, and how many services that makes. */
export interface GroupUses {
  readonly ordinals: Map<string, number>;
  services: number;
}

/** What stands behind virtual_server: `IP [PORT]`, `fwmark N` or `group NAME`; null (and reported) when it is none. */
export function readTarget(
  node: ConfigNode,
  { diagnostics, groups }: BuildContext,
  uses: GroupUses,
): VirtualServerTarget | null {
  const [first, second] = node.words;
  const error = { severity: 'error' } as const;
  if (first === undefined || (second === undefined && (first.text === 'group' || first.text === 'fwmark'))) {
    const message = `virtual_server lacks its ${first === undefined ? 'address' : first.text === 'group' ? 'group' : 'mark'}.`;
    const advice = 'Write virtual_server IP PORT, virtual_server fwmark N or virtual_server group NAME.';
    diagnostics.report('missing-argument', node.keyword.span, message, advice, error);
    return null;
  }
  if (first.text === 'fwmark') {
    const fwmark = Number(second?.text);
    if (/^\d+$/.test(second?.text ?? '') && isFwmark(fwmark)) return { kind: 'fwmark', fwmark };
    const message = `fwmark takes a number from 1 to 4294967295, not ${second?.text}.`;
    diagnostics.report('bad-value', second?.span ?? first.span, message, 'Write virtual_server fwmark N.', error);
    return null;
  }
  if (first.text === 'group') {
    const group = second?.text ?? '';
    const found = groups.get(group);
    if (found === undefined) {
      const known = [...groups.keys()].slice(0, 8).join(', ');
      const advice = known === '' ? `Write virtual_server_group ${group} { ... }.` : `The groups are ${known}.`;
      diagnostics.report('unknown-group', second?.span ?? first.span, `There is no usable group ${group}.`, advice);
      return null;
    }
    uses.services += countServices(found);
    if (uses.services > maxServices) {
      const message = `With the group ${group} there are more than ${maxServices} services; this virtual_server is left out.`;
      const judgement = { keepalived: false };
      diagnostics.report('bad-group', first.span, message, 'Use a large group once, or a fwmark.', judgement);
      return null;
    }
    const ordinal = uses.ordinals.get(group) ?? 0;
    uses.ordinals.set(group, ordinal + 1);
    return { kind: 'group', group, ordinal };
  }
  const endpoint = readEndpoint(node.words.slice(0, 2), 'virtual_server', { report: diagnostics.report, strict: true });
  return endpoint === null ? null : { kind: 'address', address: endpoint.address, port: endpoint.port ?? 0 };
}

export function makeVsId(target: VirtualServerTarget, protocol: Protocol | null, family: Family): VsId {
  switch (target.kind) {
    case 'address':
      return vsId(formatService({ ...target, protocol: protocol ?? 'UDP' }));
    case 'fwmark':
      return vsId(formatService({ ...target, family }));
    case 'group':
      return vsId(`group/${target.group}:${target.ordinal}`);
  }
}

/** keepalived check/check_data.c:format_vs. */
export function nameVirtualServer(target: VirtualServerTarget, protocol: Protocol | null): string {
  switch (target.kind) {
    case 'address':
      return nameServer(target.address, protocol, target.port);
    case 'fwmark':
      return `FWM ${target.fwmark}`;
    case 'group':
      return `[${target.group}]:${target.ordinal}`;
  }
}

/** keepalived lib/utils.c:inet_sockaddrtotrio: `[10.0.0.2]:tcp:80`, with the protocol of the virtual server. */
export function nameServer(address: string, protocol: Protocol | null, port: number): string {
  return joinText('[', address, ']:', protocol?.toLowerCase() ?? 'none', ':', port);
}
