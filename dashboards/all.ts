import { buildAgent } from './agent.ts';
import { buildEventHistory } from './event-history.ts';
import type { PlainDashboard } from './mend.ts';
import { buildOverview } from './overview.ts';
import { buildRealServer } from './real-server.ts';
import { buildVirtualServer } from './virtual-server.ts';
import { buildVrrp } from './vrrp.ts';

/** Every dashboard, by the path of its file in this directory. */
export function listDashboards(): ReadonlyMap<string, PlainDashboard> {
  return new Map([
    ['json/overview.json', buildOverview()],
    ['json/virtual-server.json', buildVirtualServer()],
    ['json/real-server.json', buildRealServer()],
    ['json/vrrp.json', buildVrrp()],
    ['json/agent.json', buildAgent()],
    ['optional/json/event-history.json', buildEventHistory()],
  ]);
}

/** Every file that is made here, as it is committed. */
export function generateDashboards(): ReadonlyMap<string, string> {
  return new Map(
    [...listDashboards()].map(([path, dashboard]) => [`dashboards/${path}`, `${JSON.stringify(dashboard, null, 2)}\n`]),
  );
}
