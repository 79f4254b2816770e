import type { PanelFile } from './dashboard.ts';
import { makeFrames } from './frames.ts';
import type { Frame, Grafana } from './grafana.ts';
import type { Prometheus } from './prometheus.ts';
import { type RunRange, substitute, type Values } from './variables.ts';

interface PanelFrames {
  /** Queries without an answer, as they were asked. */
  readonly emptyQueries: readonly string[];
  /** What the panel draws: transformed, with its units, mappings and colours. */
  readonly frames: readonly Frame[];
}

/** Asks what a panel asks, and makes of the answers what it draws. Rejects where a query is refused. */
export async function makePanelFrames(
  panel: PanelFile,
  variables: Values,
  range: RunRange,
  prometheus: Prometheus,
  grafana: Grafana,
): Promise<PanelFrames> {
  const { targets = [], transformations = [] } = panel;
  const answers = await Promise.all(
    targets.map(async target => {
      const query = substitute(target.expr, variables);
      const series = target.instant
        ? await prometheus.query(query, range.to)
        : await prometheus.queryRange(query, range);
      return { query, empty: series.length === 0, frames: makeFrames(target, series, targets.length, grafana) };
    }),
  );
  const raw = answers.flatMap(({ frames }) => frames);
  const transformed = transformations.length > 0 ? await transform(transformations, raw, grafana) : raw;
  return {
    emptyQueries: answers.filter(({ empty }) => empty).map(({ query }) => query),
    frames: override(panel, transformed, grafana),
  };
}

function transform(
  transformations: readonly object[],
  frames: readonly Frame[],
  { transformDataFrame }: Grafana,
): Promise<Frame[]> {
  return new Promise((resolve, reject) => {
    transformDataFrame(transformations, frames).subscribe({ next: resolve, error: reject });
  });
}

function override({ type, fieldConfig }: PanelFile, data: readonly Frame[], grafana: Grafana): Frame[] {
  const defaults = {
    color: { mode: type === 'timeseries' ? 'palette-classic' : 'thresholds' },
    ...fieldConfig?.defaults,
  };
  return grafana.applyFieldOverrides({
    data,
    fieldConfig: { overrides: [], ...fieldConfig, defaults },
    fieldConfigRegistry: grafana.registry,
    replaceVariables: (text: string) => text,
    theme: grafana.theme,
    timeZone: 'utc',
  });
}
