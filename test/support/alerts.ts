import type { Alert, AlertMessage } from '../../src/model/alert.ts';

const start = 1_767_225_600_000;

/** A real server of lvs1 that went down at the beginning of 2026. */
export function makeAlert(id: string, more: Partial<Alert> = {}): Alert {
  return {
    id,
    time: start,
    kind: 'real_server',
    virtualServer: 'tcp/192.0.2.10:80',
    realServer: '10.0.0.2:80',
    state: 'DOWN',
    since: start,
    reason: 'refused',
    detail: 'connection refused',
    weight: 0,
    routerId: 'lvs1',
    ...more,
  };
}

/** The same of its virtual server. */
export function makeQuorumAlert(id: string, more: Partial<Alert> = {}): Alert {
  return makeAlert(id, { kind: 'virtual_server', realServer: null, reason: 'quorum', detail: 'Lost quorum', ...more });
}

export function messageOf(...alerts: readonly Alert[]): AlertMessage {
  return { id: alerts.length === 1 ? (alerts[0]?.id ?? '') : `${alerts[0]?.id}.${alerts.length}`, alerts };
}
