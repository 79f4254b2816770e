import { agentAlerts } from './agent.ts';
import { checkAlerts } from './checks.ts';
import { deliveryAlerts } from './delivery.ts';
import { ipvsAlerts } from './ipvs.ts';
import { realServerAlerts } from './real-servers.ts';
import { recordings } from './recordings.ts';
import type { RuleGroup } from './rule.ts';
import { virtualServerAlerts } from './virtual-servers.ts';
import { vrrpAlerts } from './vrrp.ts';

/** All rules, in the order of the file. */
export const ruleGroups: readonly RuleGroup[] = [
  recordings,
  agentAlerts,
  virtualServerAlerts,
  realServerAlerts,
  checkAlerts,
  ipvsAlerts,
  vrrpAlerts,
  deliveryAlerts,
];

export const allAlerts = ruleGroups.flatMap(group => group.alerts);
