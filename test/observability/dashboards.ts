import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import * as assert from 'uvu/assert';
import type { DashboardFile } from '../../tools/dashboard-runner/dashboard.ts';
import type { Grafana } from '../../tools/dashboard-runner/grafana.ts';
import { type DashboardResult, type PanelResult, runDashboard } from '../../tools/dashboard-runner/run-dashboard.ts';

const folder = resolve(import.meta.dirname, '../../dashboards/json');
const names = ['overview', 'virtual-server', 'real-server', 'vrrp', 'agent'] as const;
type Name = (typeof names)[number];

/** Which servers the dashboards of one server show. */
export interface Chosen {
  readonly virtual_server: string;
  readonly real_server: string;
}

/** All dashboards at one moment. */
export interface Shown {
  /** Dashboard and panel → how many of its queries have no answer. */
  readonly emptyQueries: Readonly<Record<string, number>>;
  /** Dashboard, panel, column in which nothing stands. */
  readonly emptyColumns: readonly string[];
  panel(dashboard: Name, title: string): PanelResult;
  /** Marks of this annotation. */
  marks(dashboard: Name, annotation: string): number;
}

/** Runs every panel of every dashboard against a Prometheus, with what it has seen within the last two minutes. */
export async function showDashboards(prometheus: string, chosen: Chosen, grafana: Grafana): Promise<Shown> {
  const results = new Map<Name, DashboardResult>();
  for (const name of names) {
    const file: DashboardFile = JSON.parse(readFileSync(resolve(folder, `${name}.json`), 'utf8'));
    const to = Date.now() / 1000;
    const range = { from: to - 120, to, step: 1, scrapeInterval: 1 };
    const own = file.templating.list.map(variable => variable.name);
    const isOne = name === 'virtual-server' || name === 'real-server';
    const variables = Object.fromEntries(Object.entries(chosen).filter(([key]) => isOne && own.includes(key)));
    results.set(name, await runDashboard(file, { prometheus, range, variables }, grafana));
  }
  const everyPanel = [...results].flatMap(([name, { panels }]) => panels.map(panel => ({ name, panel })));
  return {
    emptyQueries: count(
      everyPanel.flatMap(({ name, panel }) => panel.emptyQueries.map(() => `${name}: ${panel.title}`)),
    ),
    emptyColumns: everyPanel.flatMap(({ name, panel }) =>
      panel.nullColumns.map(column => `${name}: ${panel.title}: ${column}`),
    ),
    panel(dashboard, title) {
      const found = results.get(dashboard)?.panels.find(panel => panel.title === title);
      assert.ok(found, `${dashboard} has no panel ${title}`);
      return found as PanelResult;
    },
    marks: (dashboard, annotation) => results.get(dashboard)?.annotations[annotation] ?? 0,
  };
}

function count(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** What stands in the cells of a column. */
export function cells(panel: PanelResult, column: string): readonly string[] {
  return columnOf(panel, column).shown.map(({ text }) => text);
}

/** Their colours. */
export function colours(panel: PanelResult, column: string): readonly (string | undefined)[] {
  return columnOf(panel, column).shown.map(({ color }) => color);
}

function columnOf(panel: PanelResult, name: string): PanelResult['columns'][number] {
  const found = panel.columns.find(column => column.name === name);
  assert.ok(found, `${panel.title} has no column ${name}`);
  return found as PanelResult['columns'][number];
}

/** Is Grafana's data package here? As with programs of other packages, it must be where CI is set. */
export function hasGrafana(): boolean {
  if (existsSync(resolve(folder, '../../tools/dashboard-runner/node_modules/@grafana/data'))) return true;
  const message = "Grafana's data package is not there (npm ci --prefix tools/dashboard-runner)";
  if (process.env['CI']) throw new Error(message);
  console.error(`\nLEFT OUT: ${message}; what it would test is not tested.`);
  return false;
}
