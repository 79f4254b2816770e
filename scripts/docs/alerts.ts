import { allAlerts, ruleGroups } from '../../alerts/rules/groups.ts';
import { fullName, runbookFile } from '../../alerts/rules/rule.ts';
import { code, formatTable, pageHead, wrap } from './markdown.ts';

/** docs/reference/alerts.md: every rule that is shipped. */
export function writeAlerts(): string {
  const alerts = allAlerts.flatMap(alert =>
    alert.rules.map(({ severity, for: time = '', keepFiringFor = '' }) => [
      `[${fullName(alert)}](../runbooks/${runbookFile(alert)})`,
      severity,
      time,
      keepFiringFor,
      alert.meaning,
    ]),
  );
  const recordings = ruleGroups.flatMap(group =>
    group.recordings.map(({ record, meaning }) => [code(record), meaning]),
  );
  return `${pageHead('Alerts', 'alerts/rules')}
${wrap(`${code('alerts/rules/checkalived.rules.yml')} is a rule file for Prometheus 2.42 or newer, and ${code('alerts/alertmanager.yml')}
an example of what Alertmanager makes of it. The name of each alert leads to its runbook.`)}

${formatTable(['Alert', 'Severity', 'After', 'Goes on for', 'Meaning'], alerts)}
- ${code('critical')} wakes somebody, ${code('warning')} is for working hours, ${code('info')} is for dashboards. What stands twice wakes nobody while users do not feel it.
- *After*: how long it must be so before the alert fires. *Goes on for*: how long it still fires when it is no longer so, which bridges a
  scrape that fails and a restart of the agent.

## What the rules want

- **A job whose name begins with ${code('checkalived')}.** Only by it AgentDown and AgentsAbsent know what should answer.
- **A target label ${code('cluster')}**, the same on the directors of one pair and different on each pair, as soon as there are two pairs.
  Names of VRRP instances such as ${code('VI_1')} are the same everywhere, and without that label two healthy pairs look like a split brain.
- Labels that you add to your targets stay on the alerts, except on VrrpNoMaster and VrrpSplitBrain: those are of a cluster.

${code('metrics_detail basic')} is enough for all of them.

## Recorded

The part before the first colon says what one series is for. All rates are of a second.

${formatTable(['Metric', 'Meaning'], recordings)}`;
}
