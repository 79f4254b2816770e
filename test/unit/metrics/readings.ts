import type { Inspection, RealServerReading, VirtualServerReading } from '../../../src/model/inspection.ts';
import type { VirtualServer } from '../../../src/model/server.ts';

const readServer = (changes: Partial<RealServerReading> = {}): RealServerReading => ({
  up: true,
  health: 'up',
  effectiveWeight: 1,
  ipvsWeight: 1,
  desiredWeight: 1,
  since: 1_767_225_600_500,
  ...changes,
});

/** All real servers of the plan are up, but for what is said of them. */
export const readVirtualServer = (
  plan: VirtualServer,
  changes: readonly Partial<RealServerReading>[] = [],
  up = true,
): VirtualServerReading => ({
  plan,
  suspended: false,
  up,
  sorryActive: false,
  realServers: plan.realServers.map((_, index) => readServer(changes[index])),
});

export const inspect = (virtualServers: Iterable<VirtualServerReading>): Inspection => ({
  startedAt: 1_767_225_600_000,
  troubles: { store: null, ipvs: null, mail: null, alerts: null },
  probes: 0,
  running: 0,
  waitingNotifications: {},
  storeWriteErrors: 0,
  storeSize: 0,
  lastRun: () => undefined,
  droppedResults: 0,
  droppedMinutes: 0,
  virtualServers,
});
