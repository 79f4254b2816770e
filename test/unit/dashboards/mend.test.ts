import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  QueryVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import * as assert from 'uvu/assert';
import { mend } from '../../../dashboards/mend.ts';
import { suite } from '../../support/suite.ts';
import type { Plain } from './plain.ts';

const test = suite('dashboards/mend');

/** As the SDK builds it, and mended. Each test looks at both: a quirk that is gone needs no mending. */
function build(): { readonly built: Plain; readonly raw: Dashboard; readonly mended: Plain } {
  const query = () => new DataqueryBuilder().expr('up');
  const raw = new DashboardBuilder('Test')
    .withRow(new RowBuilder('First'))
    .withPanel(new PanelBuilder().title('Numbers').withTarget(query()).withTarget(query()))
    .withRow(new RowBuilder('Second'))
    .withVariable(new QueryVariableBuilder('job'))
    .annotation(new AnnotationQueryBuilder().name('Marks').expr('up'))
    .build();
  return { built: JSON.parse(JSON.stringify(raw)), raw, mended: mend(raw) };
}

test('panels and rows get ids of their own', () => {
  const { built, mended } = build();
  assert.equal(
    built['panels'].map(({ id }: Plain) => id),
    [0, undefined, 0],
  );
  assert.equal(
    mended['panels'].map(({ id }: Plain) => id),
    [1, 2, 3],
  );
});

test('queries get a refId, unless they have one', () => {
  const { built, mended } = build();
  const refIds = (dashboard: Plain) => dashboard['panels'][1].targets.map(({ refId }: Plain) => refId);
  assert.equal(refIds(built), [undefined, undefined]);
  assert.equal(refIds(mended), ['A', 'B']);
  const own = new DashboardBuilder('Test')
    .withPanel(new PanelBuilder().withTarget(new DataqueryBuilder().expr('up').refId('up')))
    .build();
  assert.equal(mend(own).panels[0]?.targets?.[0]?.['refId'], 'up');
});

test('a stat calculates the last value, unless it is to calculate another', () => {
  const { built, mended } = build();
  assert.equal(built['panels'][1].options.reduceOptions.calcs, []);
  assert.equal(mended['panels'][1].options.reduceOptions.calcs, ['lastNotNull']);
});

test('a table has no footer of older versions, and a kind of cell', () => {
  const raw = new DashboardBuilder('Test').withPanel(new TableBuilder().filterable(true)).build();
  const [built, mended] = [JSON.parse(JSON.stringify(raw)), mend(raw)].map(({ panels }) => panels[0]);
  assert.ok(built.options.footer);
  assert.not.ok(built.fieldConfig.defaults.custom.cellOptions);
  assert.not.ok(mended.options.footer);
  const { custom } = mended.fieldConfig.defaults;
  assert.equal([custom.filterable, custom.cellOptions], [true, { type: 'auto' }]);
});

test('the switch of an annotation stays where it is seen', () => {
  const { built, mended } = build();
  assert.is(built['annotations'].list[0].placement, 'inControlsMenu');
  assert.not.ok(JSON.stringify(mended).includes('inControlsMenu'));
});

test('a variable that is no interval has no settings of one', () => {
  const { built, mended } = build();
  assert.ok('auto' in built['templating'].list[0]);
  for (const name of ['auto', 'auto_min', 'auto_count']) assert.not.ok(name in mended['templating'].list[0], name);
});

test('annotations that are made by hand are shown, as in a dashboard that Grafana saved', () => {
  const { built, mended } = build();
  assert.is(built['annotations'].list.length, 1);
  assert.is(mended['annotations'].list[0].builtIn, 1);
  assert.is(mended['annotations'].list[1].name, 'Marks');
});

test('nothing is left that a file cannot hold', () => {
  const { raw, mended } = build();
  const [, { targets } = { targets: [] }] = (raw.panels ?? []) as Plain[];
  assert.type(targets[0]._implementsDataqueryVariant, 'function');
  assert.equal(mended, JSON.parse(JSON.stringify(mended)));
});

test.run();
