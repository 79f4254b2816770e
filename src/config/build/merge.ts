import type { RealServer, ServiceKey, VirtualServer } from '../../model/server.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { DraftVirtualServer } from './virtual-server.ts';

/**
 * The kernel has one service of a key. So a virtual_server whose services all belong to an earlier one adds its real
 * servers to that one, and one that shares some of them loses those.
 */
export function mergeVirtualServers(
  drafts: readonly DraftVirtualServer[],
  diagnostics: Diagnostics,
): readonly DraftVirtualServer[] {
  const owners = new Map<string, number>();
  const merged: DraftVirtualServer[] = [];
  for (const draft of drafts) {
    const { server } = draft;
    const free = server.services.filter(service => !owners.has(keyOf(service)));
    const owner = owners.get(server.services.map(keyOf).find(key => owners.has(key)) ?? '');
    const first = owner === undefined ? undefined : merged[owner];
    if (owner !== undefined && first !== undefined && free.length === 0) {
      const message = `${server.name} is the same service as the one on line ${first.server.span.line}; its real servers are added there.`;
      diagnostics.report(
        'repeated-virtual-server',
        server.span,
        message,
        'Put the real servers into one virtual_server.',
      );
      merged[owner] = { ...first, server: addRealServers(first.server, server.realServers, diagnostics) };
      continue;
    }
    if (first !== undefined) {
      const message = `${server.services.length - free.length} services of ${server.name} belong to ${first.server.name} already, and stay there.`;
      diagnostics.report(
        'repeated-virtual-server',
        server.span,
        message,
        'Name each address in one virtual_server only.',
      );
    }
    for (const service of free) owners.set(keyOf(service), merged.length);
    merged.push(first === undefined ? draft : { ...draft, server: { ...server, services: free } });
  }
  return merged;
}

function addRealServers(server: VirtualServer, more: readonly RealServer[], diagnostics: Diagnostics): VirtualServer {
  const known = new Set<string>(server.realServers.map(real => real.id));
  const added = more.filter(real => {
    if (!known.has(real.id)) return true;
    const message = `${real.name} stands twice in ${server.name}; the second is left out.`;
    diagnostics.report('repeated-real-server', real.span, message, 'Remove it.', { keepalived: false });
    return false;
  });
  return { ...server, realServers: [...server.realServers, ...added] };
}

function keyOf(service: ServiceKey): string {
  return service.kind === 'fwmark'
    ? `fwmark ${service.fwmark} ${service.family}`
    : `${service.protocol} ${service.address} ${service.port}`;
}
