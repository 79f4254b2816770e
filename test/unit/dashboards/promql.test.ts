import * as assert from 'uvu/assert';
import { agents } from '../../../alerts/rules/expressions.ts';
import { count, createSelect, foreign, largest, only, percentile, ratePer } from '../../../dashboards/promql.ts';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import { readPromql } from '../../support/promql.ts';
import { suite } from '../../support/suite.ts';

const test = suite('dashboards/promql');
const select = createSelect({ virtual_server: 'several', real_server: 'one' });

test('a selector has a matcher for each variable that the metric has a label for', () => {
  const always = 'job=~"$job",instance=~"$instance"';
  assert.is(select(catalogue.storeSize), `checkalived_store_size_bytes{${always}}`);
  assert.is(
    select(catalogue.virtualServerUp),
    `checkalived_virtual_server_up{${always},virtual_server=~"$virtual_server"}`,
  );
  assert.is(
    select(catalogue.realServerUp),
    `checkalived_real_server_up{${always},virtual_server=~"$virtual_server",real_server="$real_server"}`,
  );
});

test('a selector can be narrowed, or widened on purpose', () => {
  const state = { where: { state: '="master"' }, allInstances: true } as const;
  assert.is(
    select(catalogue.vrrpState, state),
    'checkalived_vrrp_instance_state{job=~"$job",instance=~".+",state="master"}',
  );
  assert.match(select(catalogue.schedulerLag, { part: 'bucket' }), /^checkalived_scheduler_lag_seconds_bucket\{/);
  assert.not.match(select(catalogue.realServerUp, { without: ['virtual_server'] }), 'virtual_server');
});

test('a metric that other programs have too is asked of agents alone, by the jobs that the alert rules know', () => {
  const [, ofAgents = ''] = /^up\{(.+)\}$/.exec(agents) ?? [];
  assert.ok(ofAgents);
  for (const family of Object.values(foreign))
    assert.is(select(family), `${family.name}{${ofAgents},job=~"$job",instance=~"$instance"}`);
});

test('what the helpers write parses', () => {
  const up = select(catalogue.realServerUp);
  for (const expression of [
    only('instance', up),
    ratePer('instance', up),
    percentile(0.99, '', up),
    percentile(0.5, 'check', up),
    count(`${up} == 0`),
    largest(3, 'instance', only('instance', up), `${up} > 0`),
  ]) {
    const { errors, selectors } = readPromql(expression);
    assert.equal(errors, [], expression);
    assert.is(selectors[0]?.metric, catalogue.realServerUp.name);
  }
});

test('what does not parse is seen', () => {
  for (const expression of ['sum(rate(a[5m])', 'a{b=}', 'max by instance (a)', 'topk(3 a)'])
    assert.ok(readPromql(expression).errors.length > 0, expression);
});

test.run();
