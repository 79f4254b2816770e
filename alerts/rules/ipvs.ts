import { catalogue } from '../../src/metrics/catalogue.ts';
import { dashboardOfAgent, whileServing, whileStandby } from './expressions.ts';
import type { RuleGroup } from './rule.ts';

const inTrouble = `${catalogue.trouble.name}{component="ipvs"} == 1`;

/** Is what the agent has decided in the kernel? */
export const ipvsAlerts: RuleGroup = {
  name: 'checkalived-ipvs',
  recordings: [],
  alerts: [
    {
      name: 'IpvsTrouble',
      meaning:
        'The agent cannot read or write the IPVS table, or its value files; a warning only, where the director is on standby.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'critical',
          for: '2m',
          keepFiringFor: '5m',
          expr: whileServing(inTrouble),
          summary: '{{ $labels.instance }} cannot change the IPVS table',
          description:
            'The agent on {{ $labels.instance }} fails to read or to write IPVS. Real servers that die stay in service, and those that come back stay out.',
        },
        {
          severity: 'warning',
          for: '10m',
          keepFiringFor: '5m',
          expr: whileStandby(inTrouble),
          summary: '{{ $labels.instance }}, on standby, cannot change the IPVS table',
          description:
            'The agent on {{ $labels.instance }} fails to read or to write IPVS. It is on standby: after a failover dead real servers would get connections.',
        },
      ],
    },
    {
      name: 'IpvsDrift',
      meaning: 'The IPVS table is not as wanted, audit after audit: somebody else keeps changing it.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          for: '10m',
          expr: `sum without (kind) (${catalogue.ipvsDrift.name}) > 0`,
          summary: '{{ $labels.instance }}: the IPVS table is not as wanted',
          description: `On {{ $labels.instance }} audits have found differences for 10 minutes, the last one {{ $value }} of them{{ with printf "${catalogue.ipvsDrift.name}{job=%q,instance=%q} > 0" $labels.job $labels.instance | query | sortByLabel "kind" }}:{{ range . }} {{ .Labels.kind }} {{ .Value }}{{ end }}{{ end }}.`,
        },
      ],
    },
  ],
};
