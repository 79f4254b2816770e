import { catalogue } from '../../src/metrics/catalogue.ts';
import {
  dashboardOfVirtualServer,
  nameReasons,
  onVirtualServer,
  tellSorryServer,
  whileServing,
  whileStandby,
} from './expressions.ts';
import type { RuleGroup } from './rule.ts';

const up = catalogue.virtualServerUp.name;
const available = catalogue.availableRealServers.name;
const configured = catalogue.configuredRealServers.name;
const weights = `sum without (real_server) (${catalogue.desiredWeight.name})`;

const isDown = `${configured} and ${available} == 0 and ${up} == 0`;
const lostQuorum = `${available} > 0 and ${up} == 0`;
/**
 * The weight that is left when the heaviest goes. Where weights are left to others each counts 1, unless fewer of them than
 * the quorum are enough: they weigh more, and nobody here knows how much.
 */
const leftOver = `(
  ${weights} - max without (real_server) (${catalogue.desiredWeight.name})
  or (${available} == ${catalogue.quorum.name}) - 1 unless ${weights}
)`;

/** Than its real servers' alerts, which it inhibits: where it comes back a little before the last of them they would be told after all. */
const keptLonger = '7m';

/** What users feel at once. */
export const virtualServerAlerts: RuleGroup = {
  name: 'checkalived-virtual-servers',
  recordings: [],
  alerts: [
    {
      name: 'VirtualServerDown',
      meaning: 'No real server of a virtual server is in service; a warning only, where the director is on standby.',
      dashboard: dashboardOfVirtualServer,
      rules: [
        {
          severity: 'critical',
          for: '1m',
          keepFiringFor: keptLonger,
          expr: whileServing(isDown),
          summary: `${onVirtualServer} is down`,
          description: `{{ $labels.instance }} has taken all {{ $value }} real servers of ${onVirtualServer} out of service. ${tellSorryServer}${nameReasons}`,
        },
        {
          severity: 'warning',
          for: '5m',
          keepFiringFor: keptLonger,
          expr: whileStandby(isDown),
          summary: `${onVirtualServer} would be down after a failover`,
          description: `{{ $labels.instance }}, on standby, has taken all {{ $value }} real servers of ${onVirtualServer} out of service.${nameReasons}`,
        },
      ],
    },
    {
      name: 'QuorumLost',
      meaning:
        'Some real servers are in service, with less weight than the quorum asks for; a warning only, where the director is on standby.',
      dashboard: dashboardOfVirtualServer,
      rules: [
        {
          severity: 'critical',
          for: '1m',
          keepFiringFor: keptLonger,
          expr: whileServing(lostQuorum),
          summary: `${onVirtualServer} has lost its quorum`,
          description: `On {{ $labels.instance }} only {{ $value }} real servers of ${onVirtualServer} work, with less weight than its quorum.${nameReasons}`,
        },
        {
          severity: 'warning',
          for: '5m',
          keepFiringFor: keptLonger,
          expr: whileStandby(lostQuorum),
          summary: `${onVirtualServer} would be without its quorum after a failover`,
          description: `On {{ $labels.instance }}, on standby, only {{ $value }} real servers of ${onVirtualServer} work, with less weight than its quorum.${nameReasons}`,
        },
      ],
    },
    {
      name: 'QuorumNear',
      meaning: 'Real servers are missing, and the loss of one more takes the quorum.',
      dashboard: dashboardOfVirtualServer,
      rules: [
        {
          severity: 'warning',
          for: '5m',
          keepFiringFor: '5m',
          expr: `${leftOver} < ${catalogue.quorum.name} and ${available} < ${configured} and ${up} == 1`,
          summary: `${onVirtualServer} is one real server away from losing its quorum`,
          description: `On {{ $labels.instance }} real servers of ${onVirtualServer} are missing; without the heaviest of the others a weight of {{ $value }} would be left, less than the quorum.`,
        },
      ],
    },
    {
      name: 'SorryServerActive',
      meaning: 'The sorry server answers.',
      dashboard: dashboardOfVirtualServer,
      rules: [
        {
          severity: 'info',
          for: '1m',
          expr: `${catalogue.backupActive.name} == 1`,
          summary: `The sorry server stands in for ${onVirtualServer}`,
          description: `On {{ $labels.instance }} the sorry server of ${onVirtualServer} is in the table, in place of its real servers.`,
        },
      ],
    },
  ],
};
