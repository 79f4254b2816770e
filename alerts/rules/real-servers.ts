import { catalogue } from '../../src/metrics/catalogue.ts';
import { dashboardOfVirtualServer, downServers, nameReasons, nameServers, onVirtualServer } from './expressions.ts';
import type { RuleGroup } from './rule.ts';

const up = catalogue.realServerUp.name;
const configured = catalogue.configuredRealServers.name;
const down = `count without (real_server) (${downServers})`;
const drained = catalogue.desiredWeight.name;
const changes = `changes(${catalogue.lastTransition.name}`;
const nameDown = nameServers(': ', selector => `${up}${selector} == 0`);

/** One alert for a virtual server, however many of its real servers are concerned; the description names them. */
export const realServerAlerts: RuleGroup = {
  name: 'checkalived-real-servers',
  recordings: [],
  alerts: [
    {
      name: 'RealServerDown',
      meaning: 'Real servers of a virtual server are down; the others carry their load.',
      dashboard: dashboardOfVirtualServer,
      rules: [
        {
          severity: 'warning',
          for: '1m',
          keepFiringFor: '5m',
          expr: down,
          summary: `${onVirtualServer}: real servers down, {{ $value }} of them`,
          description: `{{ $labels.instance }} has real servers of ${onVirtualServer} out of service${nameDown}.${nameReasons}`,
        },
      ],
    },
    {
      name: 'ManyRealServersDown',
      meaning: 'More than 30 % of the real servers of a virtual server are down, two at least.',
      dashboard: dashboardOfVirtualServer,
      rules: [
        {
          severity: 'warning',
          for: '2m',
          keepFiringFor: '5m',
          expr: `${down} / ${configured} > 0.3 and ${down} >= 2`,
          summary: `${onVirtualServer}: {{ $value | humanizePercentage }} of its real servers are down`,
          description: `{{ $labels.instance }} has {{ $value | humanizePercentage }} of the real servers of ${onVirtualServer} out of service${nameDown}.${nameReasons} The others carry their load.`,
        },
      ],
    },
    {
      name: 'RealServerFlapping',
      meaning: 'Real servers of a virtual server changed their state six times or more within half an hour.',
      dashboard: dashboardOfVirtualServer,
      rules: [
        {
          severity: 'warning',
          keepFiringFor: '15m',
          expr: `count without (real_server) (${changes}[30m]) >= 6)`,
          summary: `${onVirtualServer}: real servers flap, {{ $value }} of them`,
          description: `Seen from {{ $labels.instance }}, real servers of ${onVirtualServer} changed their state 6 times or more within 30 minutes${nameServers(': ', selector => `${changes}${selector}[30m]) >= 6`)}.${nameReasons}`,
        },
      ],
    },
    {
      name: 'RealServerDrainingTooLong',
      meaning: 'Real servers pass their checks and have had the weight 0 for hours.',
      dashboard: dashboardOfVirtualServer,
      rules: [
        {
          severity: 'info',
          for: '4h',
          expr: `count without (real_server) (${drained} == 0 and ${up} == 1)`,
          summary: `${onVirtualServer}: real servers get no connections, {{ $value }} of them`,
          description: `On {{ $labels.instance }} real servers of ${onVirtualServer} have had the weight 0 for 4 hours, and pass their checks${nameServers(': ', selector => `${drained}${selector} == 0 and ${up} == 1`)}.`,
        },
      ],
    },
  ],
};
