import type { DashboardFile, PanelFile } from './dashboard.ts';
import type { Field, Frame, Grafana, Shown } from './grafana.ts';
import { makePanelFrames } from './panel-frames.ts';
import { openPrometheus, type Prometheus } from './prometheus.ts';
import { type RunRange, readVariables, substitute, type Values } from './variables.ts';

/** A column of a table, a line of a graph, a bar of a time line, or the number of a stat. */
interface Column {
  readonly name: string;
  readonly values: readonly unknown[];
  /** What stands there for each value, with its unit, and in which colour (`#rrggbb`). */
  readonly shown: readonly Shown[];
}

export interface PanelResult {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  /** Queries without an answer, as they were asked. */
  readonly emptyQueries: readonly string[];
  /** Of a table its rows, otherwise the values of its longest line. */
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Names of columns in which nothing stands. */
  readonly nullColumns: readonly string[];
}

export interface DashboardResult {
  readonly uid: string;
  readonly variables: Values;
  readonly panels: readonly PanelResult[];
  /** Name → marks: series of its answer. */
  readonly annotations: Readonly<Record<string, number>>;
}

export interface RunOptions {
  /** `http://127.0.0.1:9090` */
  readonly prometheus: string;
  readonly range: RunRange;
  /** Variables that are not to have their first value, or all of them. */
  readonly variables?: Values;
}

/**
 * Runs every query of a dashboard, then what the panels make of the answers: transformations, overrides, mappings. All
 * of it is Grafana's own code but the way from the answer to the frames, and drawing. Rejects where a query is refused.
 */
export async function runDashboard(
  dashboard: DashboardFile,
  { prometheus: address, range, variables: chosen = {} }: RunOptions,
  grafana: Grafana,
): Promise<DashboardResult> {
  const prometheus = openPrometheus(address);
  const variables = await readVariables(dashboard, chosen, range, prometheus);
  const panels: PanelResult[] = [];
  for (const panel of dashboard.panels) {
    if (panel.type !== 'row') panels.push(await runPanel(panel, variables, range, prometheus, grafana));
  }
  const annotations: Record<string, number> = {};
  for (const { name, expr } of dashboard.annotations.list) {
    if (expr !== undefined)
      annotations[name] = (await prometheus.queryRange(substitute(expr, variables), range)).length;
  }
  return { uid: dashboard.uid, variables, panels, annotations };
}

async function runPanel(
  panel: PanelFile,
  variables: Values,
  range: RunRange,
  prometheus: Prometheus,
  grafana: Grafana,
): Promise<PanelResult> {
  const { id, type, title } = panel;
  const { emptyQueries, frames } = await makePanelFrames(panel, variables, range, prometheus, grafana);
  const columns = readColumns(panel, frames, grafana);
  return {
    id,
    type,
    title,
    emptyQueries,
    rows: Math.max(0, ...columns.map(({ values }) => values.length)),
    columns,
    nullColumns: columns.filter(({ values }) => values.every(isNothing)).map(({ name }) => name),
  };
}

function readColumns(panel: PanelFile, frames: readonly Frame[], grafana: Grafana): Column[] {
  // The time of a graph is its axis; in a table it would be a column.
  const isSeen = (field: Field): boolean => panel.type === 'table' || field.type !== 'time';
  return frames.flatMap(frame =>
    frame.fields.filter(isSeen).map(field => ({
      name: grafana.getFieldDisplayName(field, frame, frames),
      values: field.values,
      shown: field.values.map(value => show(field, value)),
    })),
  );
}

function show(field: Field, value: unknown): Shown {
  const { text = '', prefix = '', suffix = '', color } = field.display?.(value) ?? {};
  return { text: `${prefix}${text}${suffix}`, ...(color !== undefined && { color }) };
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || Number.isNaN(value);
}
