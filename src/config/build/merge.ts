import { formatService } from '../../model/endpoint.ts';
import type { RealServer, VirtualServer } from '../../model/server.ts';
import type { Diagnostics } from '../diagnostics.ts';

/**
 * The kernel has one service of a key. So a virtual_server whose services all belong to an earlier one adds its real
 * servers to that one, and one that shares some of them loses those.
 */
export function mergeVirtualServers(
  drafts: readonly VirtualServer[],
  diagnostics: Diagnostics,
): readonly VirtualServer[] {
  const owners = new Map<string, number>();
  const merged: VirtualServer[] = [];
  for (const server of drafts) {
    const free = server.services.filter(service => !owners.has(formatService(service)));
    const owner = owners.get(server.services.map(formatService).find(key => owners.has(key)) ?? '');
    const first = owner === undefined ? undefined : merged[owner];
    if (owner !== undefined && first !== undefined && free.length === 0) {
      merged[owner] = addRealServers(first, server.realServers, diagnostics);
      continue;
    }
    for (const service of free) owners.set(formatService(service), merged.length);
    merged.push(first === undefined ? server : { ...server, services: free });
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
