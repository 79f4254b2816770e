import * as assert from 'uvu/assert';
import type { DashboardFile } from '../../../../tools/dashboard-runner/dashboard.ts';
import type { Prometheus } from '../../../../tools/dashboard-runner/prometheus.ts';
import { readVariables, substitute } from '../../../../tools/dashboard-runner/variables.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('tools/dashboard-runner/variables');
const range = { from: 1000, to: 1300, step: 2, scrapeInterval: 15 };

/** Notes the selectors that it is asked for. */
function createPrometheus(values: Readonly<Record<string, readonly string[]>>) {
  const selectors: string[] = [];
  const never = (): never => {
    throw new Error('nothing is queried here');
  };
  const prometheus: Prometheus = {
    query: never,
    queryRange: never,
    labelValues: async (selector, label) => {
      selectors.push(selector);
      return values[label] ?? [];
    },
  };
  return { prometheus, selectors };
}

function dashboardOf(...list: DashboardFile['templating']['list']): DashboardFile {
  return { uid: 'x', title: 'x', panels: [], templating: { list }, annotations: { list: [] } };
}

const job = {
  name: 'job',
  type: 'query',
  query: { query: 'label_values(up, job)' },
  includeAll: true,
  allValue: '.+',
} as const;
const server = { name: 'server', type: 'query', query: { query: 'label_values(up{job=~"$job"}, server)' } } as const;

test('variables that stand before are put into the query of the next', async () => {
  const { prometheus, selectors } = createPrometheus({ job: ['a', 'b'], server: ['s1', 's2'] });
  const values = await readVariables(dashboardOf(job, server), {}, range, prometheus);
  assert.equal(selectors, ['up', 'up{job=~".+"}']);
  assert.equal([values['job'], values['server']], ['.+', 's1']);
});

test('one of several values is a regular expression of itself, and one of one is itself', async () => {
  const address = 'tcp/[2001:db8::1]:80';
  const { prometheus } = createPrometheus({ job: ['a.b'], server: [address] });
  const chosen = { job: 'a.b', server: address };
  const values = await readVariables(dashboardOf(job, server), chosen, range, prometheus);
  assert.equal([values['job'], values['server']], ['a\\\\.b', address]);
});

test('a variable of one value that has none, and a value that it has not, are faults', async () => {
  const alone = { ...server, query: { query: 'label_values(up, server)' } };
  const fault = (values: Readonly<Record<string, readonly string[]>>) =>
    readVariables(dashboardOf(alone), { server: 'b' }, range, createPrometheus(values).prometheus).then(
      () => '',
      (reason: Error) => reason.message,
    );
  assert.is(await fault({}), 'the variable server has no value');
  assert.is(await fault({ server: ['a'] }), 'server: b is none of its values');
});

test('all of none are all', async () => {
  assert.is((await readVariables(dashboardOf(job), {}, range, createPrometheus({}).prometheus))['job'], '.+');
});

test('the rate interval is at least four scrapes, as Grafana has it', async () => {
  const { prometheus } = createPrometheus({});
  const at = async (step: number) => await readVariables(dashboardOf(), {}, { ...range, step }, prometheus);
  assert.is((await at(2))['__rate_interval'], '60s');
  assert.is((await at(120))['__rate_interval'], '135s');
  assert.is((await at(2))['__range'], '300s');
  assert.is((await at(2))['__from'], '1000000');
});

test('all ways to write a variable are understood, and an unknown one is a fault', () => {
  const values = { job: 'a', __range: '5m' };
  assert.is(substitute('$job ${job} ${job:queryparam} [$__range]', values), 'a a a [5m]');
  assert.throws(() => substitute('$jobs', values), /\$jobs is no variable/);
});

test.run();
