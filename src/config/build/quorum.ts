import type { VirtualServer } from '../../model/server.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { DraftVirtualServer } from './virtual-server.ts';

/**
 * Brings quorum and hysteresis within reach of the configured weights (keepalived check/check_data.c). Where all
 * weights are 0 keepalived makes the quorum 0 and lets the hysteresis wrap; here they become 1 and 0.
 */
export function settleQuorum({ server, values }: DraftVirtualServer, diagnostics: Diagnostics): VirtualServer {
  const total = server.realServers.reduce((sum, real) => sum + real.weight, 0);
  const quorum = Math.max(1, Math.min(server.quorum, total));
  if (quorum !== server.quorum || total === 0) {
    const message = `The quorum ${server.quorum} of ${server.name} is more than the weights add up to (${total}); it is ${quorum}.`;
    const advice = total === 0 ? 'Give a real server a weight above 0.' : `Write quorum ${total} or less.`;
    diagnostics.report('quorum-changed', values.spanOf('quorum'), message, advice);
  }
  const hysteresis = Math.min(server.hysteresis, quorum - 1);
  if (hysteresis !== server.hysteresis) {
    const message = `The hysteresis ${server.hysteresis} of ${server.name} must be less than its quorum; it is ${hysteresis}.`;
    diagnostics.report(
      'quorum-changed',
      values.spanOf('hysteresis'),
      message,
      `Write hysteresis ${hysteresis} or less.`,
    );
  }
  return { ...server, quorum, hysteresis };
}
