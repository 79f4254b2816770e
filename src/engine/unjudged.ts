import type { VsState } from '../health/step.ts';
import type { UnjudgedCheck } from '../model/inspection.ts';

/** The checks that have no verdict yet, but for those of virtual servers whose address is elsewhere (`ha_suspend`). */
export function* listUnjudged(states: Iterable<VsState>): Generator<UnjudgedCheck> {
  for (const { plan, addressPresent, realServers } of states) {
    if (plan.haSuspend && !addressPresent) continue;
    for (const [place, server] of plan.realServers.entries()) {
      for (const [number, { type }] of server.checks.entries()) {
        if (realServers[place]?.checkers[number]?.verdict !== 'unknown') continue;
        yield { type, realServer: server.id, virtualServer: plan.id };
      }
    }
  }
}
