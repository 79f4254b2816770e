import * as assert from 'uvu/assert';
import { makeFrames } from '../../../../tools/dashboard-runner/frames.ts';
import type { Frame } from '../../../../tools/dashboard-runner/grafana.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('tools/dashboard-runner/frames');
const grafana = { toDataFrame: (frame: object) => frame as Frame };
const target = { refId: 'B', expr: 'up', legendFormat: '{{ job }} at {{instance}}' };

test('a series is a frame, with the name that its legend gives', () => {
  const frames = makeFrames(
    target,
    [
      {
        metric: { job: 'a', instance: 'b' },
        values: [
          [1, '2'],
          [3, 'NaN'],
        ],
      },
    ],
    1,
    grafana,
  );
  const [time, value] = frames[0]?.fields ?? [];
  assert.equal(time?.values, [1000, 3000]);
  assert.equal(value?.values, [2, Number.NaN]);
  assert.is(value?.config.displayNameFromDS, 'a at b');
});

test('without a legend the name is that of Prometheus', () => {
  const nameOf = (metric: Readonly<Record<string, string>>) =>
    makeFrames({ refId: 'A', expr: 'sum(up)', legendFormat: '__auto' }, [{ metric, value: [1, '2'] }], 1, grafana)[0]
      ?.fields[1]?.config.displayNameFromDS;
  assert.is(nameOf({ __name__: 'up', job: 'a' }), 'up{job="a"}');
  assert.is(nameOf({ __name__: 'up' }), 'up');
  assert.is(nameOf({}), 'sum(up)');
});

test('a table is one frame with a field for each label, its values called after the query if there are several', () => {
  const series = [
    { metric: { a: '1' }, value: [1, '5'] as const },
    { metric: { a: '2', b: '3' }, value: [1, '6'] as const },
  ];
  const names = (targets: number) =>
    makeFrames({ ...target, format: 'table' }, series, targets, grafana)[0]?.fields.map(({ name }) => name);
  assert.equal(names(2), ['Time', 'a', 'b', 'Value #B']);
  assert.equal(names(1), ['Time', 'a', 'b', 'Value']);
});

test('a table without an answer has no field', () => {
  assert.equal(makeFrames({ ...target, format: 'table' }, [], 2, grafana)[0]?.fields, []);
});

test.run();
