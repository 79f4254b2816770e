import type { VsState } from '../health/step.ts';
import type { Alert } from '../model/alert.ts';
import type { EpochMs } from '../model/time.ts';

/** Alerts of all that is down as committed: first the virtual server, then its real servers. */
export function* listOutages(states: Iterable<VsState>, routerId: string, now: EpochMs): Generator<Alert> {
  for (const { committed, phase } of states) {
    if (phase !== 'running') continue;
    const { plan, quorum, quorumSince, realServers } = committed;
    const common = { id: '', time: now, virtualServer: plan.id, state: 'DOWN', routerId } as const;
    if (quorum === 'down') {
      const what = { kind: 'virtual_server', realServer: null, since: quorumSince } as const;
      yield { ...common, ...what, reason: 'quorum', detail: '', weight: 0 };
    }
    for (const { id, told, since, weight, checkers } of realServers) {
      if (told !== 'down') continue;
      const cause = checkers.find(({ verdict }) => verdict === 'down')?.cause;
      const { reason, detail } = cause ?? { reason: '', detail: '' };
      yield { ...common, kind: 'real_server', realServer: id, since, reason, detail, weight };
    }
  }
}
