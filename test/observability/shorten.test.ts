import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { shorten } from './shorten.ts';

const test = suite('observability/shorten');
const alerts = resolve(import.meta.dirname, '../../alerts');

test('a minute is two seconds, and thresholds stay', () => {
  const rule = `        expr: max(rate(a_total[5m]) > 300)
        for: 1m
        keep_firing_for: 15s
        description: for: 1m`;
  const shortened = `        expr: max(rate(a_total[10000ms]) > 300)
        for: 2000ms
        keep_firing_for: 500ms
        description: for: 1m`;
  assert.is(shorten(rule), shortened);
});

for (const [name, least] of [
  ['rules/checkalived.rules.yml', 70],
  ['alertmanager.yml', 5],
] as const) {
  test(`of ${name} nothing but durations is changed`, () => {
    const text = readFileSync(resolve(alerts, name), 'utf8').split('\n');
    const shortened = shorten(text.join('\n')).split('\n');
    const duration = /\d+(ms|[smhdw])\b/g;
    let changed = 0;
    for (const [index, line] of text.entries()) {
      assert.is(shortened[index]?.replace(duration, ''), line.replace(duration, ''));
      if (shortened[index] !== line) changed++;
    }
    assert.ok(changed >= least, `${changed} lines are changed`);
  });
}

test.run();
