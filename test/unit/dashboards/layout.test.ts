import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as assert from 'uvu/assert';
import { line, place, row } from '../../../dashboards/layout.ts';
import { suite } from '../../support/suite.ts';

const test = suite('dashboards/layout');
const panel = (title: string): Panel => ({ type: 'stat', title });

test('panels of a line share its width, and lines stand below one another', () => {
  const placed = place([
    row('Now', line(4, panel('a'), panel('b'), panel('c')), line(8, panel('d'))),
    row('Then', line(5, panel('e'), panel('f'))),
  ]);
  assert.equal(
    placed.map(({ title, gridPos }) => [title, gridPos?.x, gridPos?.y, gridPos?.w, gridPos?.h]),
    [
      ['Now', 0, 0, 24, 1],
      ['a', 0, 1, 8, 4],
      ['b', 8, 1, 8, 4],
      ['c', 16, 1, 8, 4],
      ['d', 0, 5, 24, 8],
      ['Then', 0, 13, 24, 1],
      ['e', 0, 14, 12, 5],
      ['f', 12, 14, 12, 5],
    ],
  );
});

test('a width that does not divide leaves no hole', () => {
  const widths = place([row('Now', line(4, ...Array.from('abcde', panel)))])
    .slice(1)
    .map(({ gridPos }) => gridPos?.w ?? 0);
  assert.is(
    widths.reduce((sum, width) => sum + width, 0),
    24,
  );
});

test.run();
