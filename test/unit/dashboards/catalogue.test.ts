import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { listDashboards } from '../../../dashboards/all.ts';
import { foreign } from '../../../dashboards/promql.ts';
import { catalogue, type MetricFamily } from '../../../src/metrics/catalogue.ts';
import { collectProcessMetrics } from '../../../src/sys/process-metrics.ts';
import { readPromql } from '../../support/promql.ts';
import { suite } from '../../support/suite.ts';
import { expressionsOf, type Plain } from './plain.ts';

const test = suite('dashboards/catalogue');
const rules = resolve(import.meta.dirname, '../../../alerts/rules');

/** Families that no dashboard and no rule asks for, and why. */
const unused: Readonly<Record<string, string>> = {};

/** Labels of targets: those that Prometheus gives, and the one that tells pairs of directors apart. */
const ofEvery = ['job', 'instance', 'cluster'];
const known = new Map<string, readonly string[]>(Object.values(foreign).map(({ name, labels }) => [name, labels]));
known.set(`${foreign.garbage.name}_sum`, foreign.garbage.labels);
for (const { name, labels, type } of Object.values(catalogue) as MetricFamily[]) {
  if (type !== 'histogram') known.set(name, labels);
  else for (const part of ['bucket', 'sum', 'count']) known.set(`${name}_${part}`, [...labels, 'le']);
}

const asked = [...listDashboards().values()].flatMap(dashboard =>
  expressionsOf(dashboard as unknown as Plain).map(each => ({ ...each, of: dashboard.uid })),
);

/** The alert rules, as far as there are any. */
function readRules(): { readonly expr: string; readonly annotations?: { readonly dashboard?: string } }[] {
  if (!existsSync(rules)) return [];
  return readdirSync(rules)
    .filter(file => file.endsWith('.yml'))
    .flatMap(file => parse(readFileSync(join(rules, file), 'utf8')).groups)
    .flatMap(group => group.rules);
}

/** What of an expression is in no catalogue. */
function findUnknown(expression: string): string[] {
  const { selectors, groupings } = readPromql(expression);
  const labels = new Set([...ofEvery, ...selectors.flatMap(({ metric }) => known.get(metric) ?? [])]);
  return [
    ...selectors.filter(({ metric }) => !known.has(metric)).map(({ metric }) => metric),
    ...selectors.flatMap(({ metric, matchers }) =>
      Object.keys(matchers)
        .filter(label => ![...ofEvery, ...(known.get(metric) ?? [])].includes(label))
        .map(label => `${metric}{${label}}`),
    ),
    ...groupings.filter(label => !labels.has(label)),
  ];
}

test('every metric and every label that a dashboard asks for is in the catalogue', () => {
  assert.ok(asked.length > 150);
  for (const { of, place, expression } of asked) assert.equal(findUnknown(expression), [], `${of}, ${place}`);
});

test('a metric, a label and a grouping that are not in the catalogue are seen', () => {
  const { name } = catalogue.realServerUp;
  assert.equal(findUnknown(`max by (instance) (${name}{job="a",real_server="b"})`), []);
  assert.equal(findUnknown(`${name}s`), [`${name}s`]);
  assert.equal(findUnknown(`${name}{server="b"}`), [`${name}{server}`]);
  assert.equal(findUnknown(`max by (server) (${name})`), ['server']);
  assert.equal(
    findUnknown(catalogue.schedulerLag.name),
    [catalogue.schedulerLag.name],
    'a histogram has no such series',
  );
});

test('every metric is on a dashboard or in a rule, or on the list of those that are not', () => {
  const used = new Set(
    [...asked.map(({ expression }) => expression), ...readRules().map(({ expr }) => expr)].flatMap(findFamilies),
  );
  for (const { name } of Object.values(catalogue)) {
    if (name in unused) assert.not.ok(used.has(name), `${name} is used: take it from the list`);
    else assert.ok(used.has(name), `${name} is on no dashboard and in no rule`);
  }
  for (const name of Object.keys(unused))
    assert.ok(
      Object.values(catalogue).some(family => family.name === name),
      name,
    );
});

test('a dashboard that an alert leads to is one of ours', () => {
  const uids = [...listDashboards().values()].map(({ uid }) => uid);
  for (const { annotations } of readRules()) {
    const [, uid] = /^\/d\/([^?/]+)/.exec(annotations?.dashboard ?? '') ?? [];
    if (uid !== undefined) assert.ok(uids.includes(uid), uid);
  }
});

test('the metrics of the process are those that the agent has', async () => {
  const text = await collectProcessMetrics()();
  for (const { name } of Object.values(foreign)) {
    if (name !== foreign.up.name) assert.match(text, `# TYPE ${name} `);
  }
});

function findFamilies(expression: string): string[] {
  return readPromql(expression).selectors.flatMap(({ metric }) => [
    metric,
    metric.replace(/_(?:bucket|sum|count)$/, ''),
  ]);
}

test.run();
