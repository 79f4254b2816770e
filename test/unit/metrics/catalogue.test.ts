import * as assert from 'uvu/assert';
import { catalogue, type MetricFamily } from '../../../src/metrics/catalogue.ts';
import { suite } from '../../support/suite.ts';

const test = suite('metrics/catalogue');
const families: readonly MetricFamily[] = Object.values(catalogue);

test('no two families have one name, in OpenMetrics neither', () => {
  const names = families.map(({ name }) => name.replace(/_total$/, ''));
  assert.equal(names, [...new Set(names)]);
});

test('counters end in _total, and nothing else does', () => {
  for (const { name, type } of families) assert.is(name.endsWith('_total'), type === 'counter', name);
});

test('what only full has is of real servers', () => {
  for (const { name, full, labels } of families) if (full) assert.ok(labels.includes('real_server'), name);
});

test.run();
