import { catalogue } from '../../src/metrics/catalogue.ts';
import {
  dashboardOfAgent,
  dashboardOfVirtualServer,
  downServers,
  nameServers,
  onVirtualServer,
} from './expressions.ts';
import { recorded } from './recordings.ts';
import type { RuleGroup } from './rule.ts';

const expiry = catalogue.certificateExpiry.name;
const untilExpiry = `min without (real_server) (${expiry}) - time()`;
const day = 86_400;

/** What the checks see before users do, and whether the agent comes round with them. */
export const checkAlerts: RuleGroup = {
  name: 'checkalived-checks',
  recordings: [],
  alerts: [
    {
      name: 'CheckSlow',
      meaning:
        'One check of a hundred takes longer than a second, while no real server is down; MISC_CHECK is left out.',
      dashboard: dashboardOfVirtualServer,
      rules: [
        {
          severity: 'warning',
          for: '15m',
          expr: `${recorded.duration}{check!="MISC_CHECK"} > 1\nunless on (job, instance, virtual_server) ${downServers}`,
          summary: `${onVirtualServer} answers {{ $labels.check }} slowly`,
          description: `Seen from {{ $labels.instance }}, 1 of 100 checks {{ $labels.check }} of ${onVirtualServer} takes {{ $value | humanizeDuration }} or longer, and no real server is down.`,
        },
      ],
    },
    {
      name: 'ChecksOverrunning',
      meaning: 'Checks on a cron schedule take longer than the time to the next one.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          for: '15m',
          expr: `increase(${catalogue.checksOverrun.name}[15m]) > 0`,
          summary: '{{ $labels.instance }} skips checks on a cron schedule',
          description:
            'On {{ $labels.instance }} checks were still under way when they were due again, for more than 15 minutes. They run less often than configured.',
        },
      ],
    },
    {
      name: 'SchedulerLag',
      meaning: 'Checks begin late: the agent or its host has no room.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          for: '10m',
          expr: `${recorded.lag} > 0.25`,
          summary: '{{ $labels.instance }} begins checks late',
          description:
            'On {{ $labels.instance }} 1 of 100 checks begins {{ $value | humanizeDuration }} or more after it was due. Real servers that die are found later.',
        },
      ],
    },
    {
      name: 'CertificateExpiresSoon',
      meaning: 'The certificate of a real server ends within 20 days; critical within 3.',
      dashboard: dashboardOfVirtualServer,
      rules: ([3, 20] as const).map(days => ({
        severity: days === 3 ? 'critical' : 'warning',
        for: '15m',
        keepFiringFor: '15m',
        expr: `${untilExpiry} < ${days * day}`,
        summary: `${onVirtualServer}: a certificate ends within ${days} days`,
        description: `Seen from {{ $labels.instance }}, the first certificate of ${onVirtualServer} to end has {{ $value | humanizeDuration }} left${nameServers(': ', selector => `${expiry}${selector} < ${days * day} + time()`)}.`,
      })),
    },
  ],
};
