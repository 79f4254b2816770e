import { catalogue } from '../../src/metrics/catalogue.ts';
import { dashboardOfVrrp, whileServing, whileStandby } from './expressions.ts';
import { recorded } from './recordings.ts';
import type { RuleGroup } from './rule.ts';

const vrrp = catalogue.vrrpState.name;
/** A director on which none runs, and never ran one, has its VRRP elsewhere or none. */
const isMissing = `${catalogue.keepalivedUp.name} == 0
and on (job, cluster, instance) (
  ${vrrp}
  or max_over_time(${catalogue.keepalivedUp.name}[1w]) == 1
)`;
const silent =
  '{{ with printf "up{job=%q,cluster=%q} == 0" $labels.job $labels.cluster | query | sortByLabel "instance" }} Some directors do not answer, and one of them may be master:' +
  '{{ range . }} {{ .Labels.instance }}{{ end }}.{{ end }}';

/** Who holds the addresses? Directors of a pair are told by the target label `cluster`. */
export const vrrpAlerts: RuleGroup = {
  name: 'checkalived-vrrp',
  recordings: [],
  alerts: [
    {
      name: 'VrrpNoMaster',
      meaning: 'No director that answers holds a VRRP instance.',
      dashboard: dashboardOfVrrp,
      rules: [
        {
          severity: 'critical',
          for: '1m',
          keepFiringFor: '2m',
          expr: `${recorded.masters} == 0`,
          summary: 'Nobody is master of {{ $labels.vrrp_instance }}',
          description: `No director that answers holds the addresses of {{ $labels.vrrp_instance }}.${silent}`,
        },
      ],
    },
    {
      name: 'VrrpSplitBrain',
      meaning: 'More than one director holds the same VRRP instance.',
      dashboard: dashboardOfVrrp,
      rules: [
        {
          severity: 'critical',
          for: '1m',
          keepFiringFor: '2m',
          expr: `${recorded.masters} > 1`,
          summary: '{{ $value }} directors are master of {{ $labels.vrrp_instance }}',
          description: `{{ $value }} directors hold the addresses of {{ $labels.vrrp_instance }} at the same time:{{ with printf "${vrrp}{job=%q,cluster=%q,vrrp_instance=%q,state='master'} == 1" $labels.job $labels.cluster $labels.vrrp_instance | query | sortByLabel "instance" }}{{ range . }} {{ .Labels.instance }}{{ end }}{{ end }}.`,
        },
      ],
    },
    {
      name: 'VrrpFault',
      meaning: 'The interface of a VRRP instance is down on a director.',
      dashboard: dashboardOfVrrp,
      rules: [
        {
          severity: 'warning',
          for: '2m',
          expr: `${vrrp}{state="fault"} == 1`,
          summary: '{{ $labels.vrrp_instance }} is in fault on {{ $labels.instance }}',
          description:
            'The interface of {{ $labels.vrrp_instance }} on {{ $labels.instance }} is down: this director cannot be master.',
        },
      ],
    },
    {
      name: 'VrrpFlapping',
      meaning: 'A VRRP instance went to and fro between directors.',
      dashboard: dashboardOfVrrp,
      rules: [
        {
          severity: 'warning',
          keepFiringFor: '15m',
          expr: `changes(${vrrp}{state="master"}[15m]) >= 4`,
          summary: '{{ $labels.vrrp_instance }} goes to and fro',
          description:
            '{{ $labels.instance }} became master of {{ $labels.vrrp_instance }} or lost it {{ $value }} times within 15 minutes. Connections break each time.',
        },
      ],
    },
    {
      name: 'KeepalivedDown',
      meaning:
        'keepalived does not run where it should; a warning only, while other directors hold every VRRP instance.',
      dashboard: dashboardOfVrrp,
      rules: [
        {
          severity: 'critical',
          for: '1m',
          keepFiringFor: '2m',
          expr: whileServing(isMissing),
          summary: 'keepalived does not run on {{ $labels.instance }}',
          description:
            'No keepalived runs on {{ $labels.instance }}, and no other director is known to have taken over from it.',
        },
        {
          severity: 'warning',
          for: '5m',
          keepFiringFor: '2m',
          expr: whileStandby(isMissing),
          summary: 'keepalived does not run on {{ $labels.instance }}, another director is at work',
          description:
            'No keepalived runs on {{ $labels.instance }}. Other directors hold its VRRP instances; it cannot take over from them.',
        },
      ],
    },
  ],
};
