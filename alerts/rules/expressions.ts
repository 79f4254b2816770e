import { catalogue } from '../../src/metrics/catalogue.ts';
import { recorded } from './recordings.ts';

/** The scrape jobs of agents: only where an agent does not answer a rule must know them. */
export const agents = 'up{job=~"checkalived.*"}';

/** Real servers whose verdict is down: those that wait for their first one, after a start with `alpha`, are no failures. */
export const downServers = `(${catalogue.realServerUp.name} == 0 and ${catalogue.lastTransition.name})`;

/** What users feel: the director is at work, or nothing says that another one is. */
export function whileServing(expr: string): string {
  return `(${expr})\nunless on (job, cluster, instance) ${recorded.standby}`;
}

/** What they will feel after a failover: another director is at work. */
export function whileStandby(expr: string): string {
  return `(${expr})\nand on (job, cluster, instance) ${recorded.standby}`;
}

export const onVirtualServer = '{{ $labels.virtual_server }}';
export const dashboardOfVirtualServer =
  '/d/checkalived-virtual-server?var-virtual_server={{ $labels.virtual_server | urlquery }}';
export const dashboardOfAgent = '/d/checkalived-agent?var-instance={{ $labels.instance | urlquery }}';
export const dashboardOfVrrp = '/d/checkalived-vrrp';

/** Up to ten real servers for which `condition` holds, in a text that is left out where there is none. */
export function nameServers(before: string, condition: (selector: string) => string): string {
  return listLabels('real_server', before, `topk(10, ${condition(ofVirtualServer)})`, '');
}

/** Why checks of the virtual server failed in the last five minutes: the three most frequent reasons. */
export const nameReasons = listLabels(
  'reason',
  ' Reasons: ',
  `topk(3, sum by (reason) (rate(${catalogue.checkFailures.name}${'{'}job=%q,instance=%q,virtual_server=%q}[5m])) > 0)`,
  '.',
);

/** What the virtual server does for its users while no real server does. */
export const tellSorryServer =
  `{{ with printf "${catalogue.backupActive.name}{job=%q,instance=%q,virtual_server=%q} == 1" $labels.job $labels.instance $labels.virtual_server | query }}` +
  'Users get the sorry server.{{ else }}Users get no answer.{{ end }}';

const ofVirtualServer = '{job=%q,instance=%q,virtual_server=%q}';

function listLabels(label: string, before: string, query: string, after: string): string {
  const values = `{{ range $place, $series := . }}{{ if $place }}, {{ end }}{{ $series.Labels.${label} }}{{ end }}`;
  const answer = `printf "${query}" $labels.job $labels.instance $labels.virtual_server | query | sortByLabel "${label}"`;
  return `{{ with ${answer} }}${before}${values}${after}{{ end }}`;
}
