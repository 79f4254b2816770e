import { type TableCellOptions, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue, Panel, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { type About, describe, prometheus, type Steps, thresholds } from './panels.ts';

/** A column is a label that all queries have, or the values of a query of its own. */
export interface Column {
  readonly name: string;
  readonly from: { readonly label: string } | { readonly query: string; readonly as?: string };
  readonly unit?: string;
  readonly decimals?: number;
  readonly mappings?: ValueMapping[];
  readonly steps?: Steps;
  /** How the colour is shown: mappings fill the cell, thresholds colour the text. */
  readonly width?: number;
  /** Where a click leads. */
  readonly link?: { readonly title: string; readonly url: string };
}

interface TableOptions extends Omit<About, 'steps' | 'unit'> {
  readonly columns: readonly Column[];
  readonly sortBy: { readonly column: string; readonly descending: boolean };
  /** Stands there when there is no row. */
  readonly noValue: string;
  /** Labels that tell the rows apart and are no column: the same in all of them. */
  readonly hidden?: readonly string[];
}

/**
 * One row for each object. Each query has to leave the same labels (`only`), or rows come apart; that of a column which
 * shows a label (`as`) may leave that one more.
 */
export function table({ columns, sortBy, noValue, hidden = [], ...about }: TableOptions): Panel {
  const builder = describe(new TableBuilder(), { ...about, unit: 'none', steps: [[null, 'text']] })
    .showHeader(true)
    .filterable(true)
    // Grafana's own is 150: ten columns would not fit.
    .minWidth(80)
    .noValue(noValue)
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortBy.column).desc(sortBy.descending)]);
  const placed = placeColumns(columns);
  for (const { refId, query } of placed) {
    if (query === undefined) continue;
    builder.withTarget(
      new DataqueryBuilder().datasource(prometheus).refId(refId).expr(query).format(PromQueryFormat.Table).instant(),
    );
  }
  builder
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: organize(placed, hidden) });
  for (const column of columns) {
    const properties = describeColumn(column);
    if (properties.length > 0) builder.overrideByName(column.name, properties);
  }
  return builder.build();
}

interface Placed {
  readonly name: string;
  readonly field: string;
  readonly refId: string;
  readonly query: string | undefined;
  /** The values of a query whose label is what is shown. */
  readonly unseen: string | undefined;
}

function placeColumns(columns: readonly Column[]): readonly Placed[] {
  const queries = columns.filter(({ from }) => 'query' in from).length;
  let next = 0;
  return columns.map(({ name, from }) => {
    if ('label' in from) return { name, field: from.label, refId: '', query: undefined, unseen: undefined };
    const refId = String.fromCharCode('A'.charCodeAt(0) + next++);
    const value = queries > 1 ? `Value #${refId}` : 'Value';
    return {
      name,
      field: from.as ?? value,
      refId,
      query: from.query,
      unseen: from.as === undefined ? undefined : value,
    };
  });
}

function organize(placed: readonly Placed[], hidden: readonly string[]): object {
  const unseen = ['Time', ...hidden, ...placed.flatMap(({ unseen }) => (unseen === undefined ? [] : [unseen]))];
  return {
    excludeByName: Object.fromEntries(unseen.map(name => [name, true])),
    includeByName: {},
    indexByName: Object.fromEntries(placed.map(({ field }, index) => [field, index])),
    renameByName: Object.fromEntries(placed.map(({ field, name }) => [field, name])),
  };
}

function describeColumn({ from, unit, decimals, mappings, steps, width, link }: Column): DynamicConfigValue[] {
  const cell = (type: 'color-background' | 'color-text'): DynamicConfigValue => ({
    id: 'custom.cellOptions',
    value: { type } as TableCellOptions,
  });
  return [
    // The table's own is what stands there when it is empty, and would be in each cell that is.
    ...('query' in from ? [{ id: 'noValue', value: '–' }] : []),
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(mappings === undefined ? [] : [{ id: 'mappings', value: mappings }, cell('color-background')]),
    ...(steps === undefined ? [] : [{ id: 'thresholds', value: thresholds(steps).build() }, cell('color-text')]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ...(link === undefined ? [] : [{ id: 'links', value: [{ ...link, targetBlank: false }] }]),
  ];
}
