import type { VirtualServer } from '../../model/server.ts';

/**
 * Brings quorum and hysteresis within reach of the configured weights (keepalived check/check_data.c). Where all
 * weights are 0 keepalived makes the quorum 0 and lets the hysteresis wrap; here they become 1 and 0.
 */
export function settleQuorum(server: VirtualServer): VirtualServer {
  const total = server.realServers.reduce((sum, real) => sum + real.weight, 0);
  const quorum = Math.max(1, Math.min(server.quorum, total));
  return { ...server, quorum, hysteresis: Math.min(server.hysteresis, quorum - 1) };
}
