import type { CheckStatus, RealServerStatus, Snapshot, VirtualServerStatus } from '../../../src/model/snapshot.ts';

const check: CheckStatus = {
  type: 'TCP_CHECK',
  up: true,
  lastRunAt: '2026-01-01T00:00:00.000Z',
  lastDurationMs: 1.25,
  reason: 'ok',
  detail: '',
  warning: null,
  failures: 0,
  runs: 3,
};

export const createCheckStatus = (changes: Partial<CheckStatus> = {}): CheckStatus => ({ ...check, ...changes });

export const createRealServerStatus = (changes: Partial<RealServerStatus> = {}): RealServerStatus => ({
  id: '10.0.0.2:80',
  address: '10.0.0.2',
  port: 80,
  up: true,
  state: 'up',
  weight: 1,
  effectiveWeight: 1,
  ipvsWeight: 1,
  since: '2026-01-01T00:00:00.000Z',
  checks: [check],
  ...changes,
});

export const createVirtualServerStatus = (changes: Partial<VirtualServerStatus> = {}): VirtualServerStatus => ({
  id: 'tcp/10.0.0.1:80',
  name: '[10.0.0.1]:tcp:80',
  address: '10.0.0.1',
  port: 80,
  protocol: 'TCP',
  fwmark: null,
  scheduler: 'wlc',
  forwarding: 'DR',
  quorum: 1,
  hysteresis: 0,
  up: true,
  sorryServer: null,
  realServers: [createRealServerStatus()],
  ...changes,
});

export const createSnapshot = (changes: Partial<Snapshot> = {}): Snapshot => ({
  version: '1.2.3',
  startedAt: '2026-01-01T00:00:00.000Z',
  ipvsMode: 'weights',
  virtualServers: [createVirtualServerStatus()],
  troubles: [],
  ...changes,
});
