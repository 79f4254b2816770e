import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { allAlerts, ruleGroups } from '../../../alerts/rules/groups.ts';
import { recorded } from '../../../alerts/rules/recordings.ts';
import { fullName, runbookBase, runbookFile } from '../../../alerts/rules/rule.ts';
import { catalogue, type MetricFamily } from '../../../src/metrics/catalogue.ts';
import { readPromql } from '../../support/promql.ts';
import type { YamlRule } from '../../support/rule-mutants.ts';
import { suite } from '../../support/suite.ts';

const test = suite('alerts/rules');
const root = resolve(import.meta.dirname, '../../..');
const file: { readonly groups: readonly { readonly rules: readonly YamlRule[] }[] } = parse(
  readFileSync(join(root, 'alerts/rules/checkalived.rules.yml'), 'utf8'),
);
const rules = file.groups.flatMap(group => group.rules);
const alerts = rules.filter(rule => rule.alert !== undefined);
const families: readonly MetricFamily[] = Object.values(catalogue);

/** Labels that a scrape or Prometheus itself gives, and that of the pair, which docs/reference/alerts.md asks for. */
const targetLabels = ['job', 'instance', 'cluster', 'le'];

test('the file has every rule', () => {
  const written = ruleGroups.flatMap(group => [
    ...group.recordings.map(({ record }) => record),
    ...group.alerts.flatMap(alert => alert.rules.map(() => fullName(alert))),
  ]);
  assert.equal(
    rules.map(({ alert, record }) => alert ?? record),
    written,
  );
});

test('every expression is PromQL, and speaks of metrics and labels of the catalogue', () => {
  const names = new Set(['up', ...Object.values(recorded), ...families.flatMap(namesOf)]);
  const labels = new Set([...targetLabels, ...families.flatMap(family => family.labels)]);
  const seen = rules.flatMap(rule => [rule.expr, ...queriesOf(rule)]);
  assert.ok(seen.length > rules.length);
  for (const expr of seen) {
    const { errors, selectors, groupings } = readPromql(expr);
    assert.equal(errors, [], expr);
    for (const label of groupings) assert.ok(labels.has(label), `there is no label ${label}: ${expr}`);
    for (const { metric, matchers } of selectors) {
      assert.ok(names.has(metric), `there is no ${metric}: ${expr}`);
      const family = families.find(each => namesOf(each).includes(metric));
      const own = [...targetLabels, ...(family?.labels ?? [])];
      for (const label of Object.keys(matchers)) assert.ok(own.includes(label) || !family, `${metric} has no ${label}`);
    }
  }
});

test('no rule needs metrics_detail full', () => {
  const detailed = new Set(families.filter(({ full }) => full).flatMap(namesOf));
  for (const { expr, ...rule } of rules)
    for (const { metric } of [expr, ...queriesOf({ expr, ...rule })].flatMap(each => readPromql(each).selectors))
      assert.not(detailed.has(metric), `${metric} in ${rule.alert}`);
});

test('every alert has a severity, a summary, a description, a runbook that exists and a dashboard', () => {
  for (const { alert, labels, annotations } of alerts) {
    assert.ok(['critical', 'warning', 'info'].includes(labels?.['severity'] ?? ''), alert);
    assert.equal(Object.keys(annotations ?? {}), ['summary', 'description', 'runbook_url', 'dashboard'], alert);
    const { summary = '', description = '', runbook_url = '', dashboard = '' } = annotations ?? {};
    assert.not.match(summary, /\.$|\n/, alert);
    assert.match(description, /[.}]$/, alert);
    assert.match(dashboard, /^\/d\/checkalived-/, alert);
    assert.ok(runbook_url.startsWith(runbookBase), alert);
    assert.ok(existsSync(join(root, 'docs/runbooks', runbook_url.slice(runbookBase.length))), runbook_url);
  }
});

test('the rules of one alert have different severities, and only critical ones wake somebody', () => {
  for (const alert of allAlerts) {
    const severities = alert.rules.map(rule => rule.severity);
    assert.is(new Set(severities).size, severities.length, alert.name);
  }
  assert.equal([...new Set(alerts.filter(isCritical).map(({ alert }) => alert))].sort(), [
    'CheckalivedAgentDown',
    'CheckalivedAgentsAbsent',
    'CheckalivedAllChecksFailing',
    'CheckalivedCertificateExpiresSoon',
    'CheckalivedIpvsTrouble',
    'CheckalivedKeepalivedDown',
    'CheckalivedQuorumLost',
    'CheckalivedVirtualServerDown',
    'CheckalivedVrrpNoMaster',
    'CheckalivedVrrpSplitBrain',
  ]);
});

test('every runbook is of an alert', () => {
  const files = readdirSync(join(root, 'docs/runbooks')).filter(name => name !== 'README.md');
  assert.equal(files.sort(), allAlerts.map(runbookFile).sort());
});

function isCritical({ labels }: YamlRule): boolean {
  return labels?.['severity'] === 'critical';
}

/** The series of a family, as they are called in PromQL. */
function namesOf({ name, type }: MetricFamily): readonly string[] {
  return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

/** The queries in the templates of an alert. */
function queriesOf({ annotations = {} }: YamlRule): readonly string[] {
  return Object.values(annotations).flatMap(text =>
    [...text.matchAll(/(?:printf|query) "([^"]+)"/g)].map(match => (match[1] ?? '').replaceAll('%q', '"x"')),
  );
}

test.run();
