import * as assert from 'uvu/assert';
import { Histogram } from '../../../src/metrics/histogram.ts';
import { readOpenMetrics } from '../../support/openmetrics.ts';
import { suite } from '../../support/suite.ts';

const test = suite('metrics/histogram');
const head = '# HELP d_seconds how long\n# TYPE d_seconds histogram\n# UNIT d_seconds seconds\n';

test('each bucket has its last exemplar, in OpenMetrics only', () => {
  const histogram = new Histogram([0.1, 1]);
  for (const [value, realServer] of [
    [0.05, 'a'],
    [0.06, 'b'],
    [9, 'c'],
  ] as const) {
    histogram.exemplify(histogram.observe(value), { realServer, startedAt: 1_000, value });
  }
  assert.is(
    histogram.format('d_seconds', 'check="A"', 'openmetrics'),
    `d_seconds_bucket{le="0.1",check="A"} 2 # {real_server="b",event_id="1000"} 0.06 1.06
d_seconds_bucket{le="1",check="A"} 2
d_seconds_bucket{le="+Inf",check="A"} 3 # {real_server="c",event_id="1000"} 9 10
d_seconds_sum{check="A"} 9.11
d_seconds_count{check="A"} 3
`,
  );
  assert.not.match(histogram.format('d_seconds', '', 'text'), '# {');
});

test('an exemplar that OpenMetrics would refuse for its length is left out', () => {
  const write = (realServer: string): string => {
    const histogram = new Histogram([1]);
    histogram.exemplify(histogram.observe(0.5), { realServer, startedAt: 1_767_225_600_000, value: 0.5 });
    return histogram.format('d_seconds', '', 'openmetrics');
  };
  // real_server and event_id are 19 characters, the time 13.
  const [longest, longer] = [write('x'.repeat(96)), write('x'.repeat(97))];
  assert.match(longest, '# {real_server="x');
  assert.not.match(longer, '# {');
  for (const text of [longest, longer]) readOpenMetrics(`${head}${text}# EOF\n`);
});

test.run();
