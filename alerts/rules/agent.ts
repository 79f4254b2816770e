import { catalogue } from '../../src/metrics/catalogue.ts';
import { agents, dashboardOfAgent, downServers, whileServing, whileStandby } from './expressions.ts';
import { recorded } from './recordings.ts';
import type { RuleGroup } from './rule.ts';

const allFailing = `count without (virtual_server, real_server) (${downServers}) / ${catalogue.realServers.name} > 0.9
and ${catalogue.realServers.name} > 3`;

/** Is there an agent, and can it be believed? */
export const agentAlerts: RuleGroup = {
  name: 'checkalived-agent',
  recordings: [],
  alerts: [
    {
      name: 'Watchdog',
      meaning: 'Always fires: when it stops arriving, alerts do not arrive.',
      dashboard: '/d/checkalived-overview',
      rules: [
        {
          severity: 'info',
          expr: 'vector(1)',
          summary: 'Alerting works',
          description:
            "This alert always fires. Send it to a service that raises the alarm when it stops coming: a dead man's switch.",
        },
      ],
    },
    {
      name: 'AgentsAbsent',
      meaning: 'Prometheus has no agent to ask.',
      dashboard: '/d/checkalived-overview',
      rules: [
        {
          severity: 'critical',
          for: '10m',
          expr: `absent(${agents})`,
          summary: 'Prometheus asks no agent of checkalived',
          description: 'No scrape job whose name begins with checkalived has a target, so no other alert can fire.',
        },
      ],
    },
    {
      name: 'AgentDown',
      meaning:
        'An agent does not answer Prometheus; a warning only, while other directors of the cluster hold every VRRP instance.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'critical',
          for: '3m',
          expr: `${agents} == 0\nunless on (job, cluster) ${recorded.covered}`,
          summary: '{{ $labels.instance }} does not answer',
          description:
            'Prometheus could not read the metrics of {{ $labels.instance }} for 3 minutes, and no other director is known to have taken over. Nobody takes its dead real servers out of service.',
        },
        {
          severity: 'warning',
          for: '10m',
          expr: `${agents} == 0\nand on (job, cluster) ${recorded.covered}`,
          summary: '{{ $labels.instance }} does not answer, another director is at work',
          description:
            'Prometheus could not read the metrics of {{ $labels.instance }} for 10 minutes. Other directors hold every VRRP instance; there may be nobody left to take over from them.',
        },
      ],
    },
    {
      name: 'AgentRestarting',
      meaning: 'An agent was started again and again within an hour.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          expr: `changes(${catalogue.startTime.name}[1h]) >= 4`,
          summary: '{{ $labels.instance }} starts again and again',
          description: 'The agent on {{ $labels.instance }} was started {{ $value }} times within an hour.',
        },
      ],
    },
    {
      name: 'ConfigReloadFailed',
      meaning: 'The file on the disk is not what runs: the last reload was refused.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          for: '5m',
          expr: `${catalogue.configReloadOk.name} == 0`,
          summary: '{{ $labels.instance }} runs an old configuration',
          description:
            'The last reload on {{ $labels.instance }} was refused. It goes on with the configuration from before; a restart would fail.',
        },
      ],
    },
    {
      name: 'AllChecksFailing',
      meaning:
        'More than 90 % of all real servers went down: the director itself is suspected. Inhibits what is said of its servers.',
      dashboard: '/d/checkalived-overview',
      rules: [
        {
          severity: 'critical',
          for: '1m',
          keepFiringFor: '5m',
          expr: whileServing(allFailing),
          summary: '{{ $labels.instance }} sees nearly all real servers down',
          description:
            '{{ $value | humanizePercentage }} of the real servers of {{ $labels.instance }} are down. Suspect its network, its name resolution or the agent before the real servers.',
        },
        {
          severity: 'warning',
          for: '5m',
          keepFiringFor: '5m',
          expr: whileStandby(allFailing),
          summary: '{{ $labels.instance }}, on standby, sees nearly all real servers down',
          description:
            '{{ $value | humanizePercentage }} of the real servers of {{ $labels.instance }} are down. It is on standby: users would feel it after a failover.',
        },
      ],
    },
  ],
};
