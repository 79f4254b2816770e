import * as assert from 'uvu/assert';
import { describeTiming, formatTiming } from '../../../../src/cli/output/timing-table.ts';
import { rsId, vsId } from '../../../../src/model/ids.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('cli/output/timing-table');
const place = { virtualServer: vsId('tcp/10.0.0.1:80'), realServer: rsId('10.0.0.2:80') };
const check = (worst: number) => ({ type: 'TCP_CHECK', leave: { best: 0.4, worst }, back: { best: 1500, worst } });
const lineOf = (row: Parameters<typeof formatTiming>[0][number]) =>
  formatTiming([row], { colours: false }).split('\n')[1];

test('times are in seconds, to the millisecond', () => {
  assert.match(lineOf({ ...place, check: check(61_234.4) }) ?? '', /TCP_CHECK +0 s +61\.234 s +1\.5 s +61\.234 s$/);
});
test('what is never seen is never, and null in JSON', () => {
  const row = { ...place, check: check(Number.POSITIVE_INFINITY) };
  assert.match(lineOf(row) ?? '', /0 s +never +1\.5 s +never$/);
  assert.equal(describeTiming(row), {
    ...place,
    check: 'TCP_CHECK',
    out: { best: 0, worst: null },
    back: { best: 1.5, worst: null },
  });
});
test('a real server without a check never leaves', () => {
  assert.match(lineOf({ ...place, check: null }) ?? '', /no check +never +never +never +never$/);
  assert.equal(describeTiming({ ...place, check: null }), { ...place, check: null, out: null, back: null });
});

test.run();
