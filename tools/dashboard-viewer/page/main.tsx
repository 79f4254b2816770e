import * as data from '@grafana/data';
import { createRoot } from 'react-dom/client';
import type { DashboardFile } from '../../dashboard-runner/dashboard.ts';
import type { GrafanaData } from '../../dashboard-runner/grafana.ts';
import { makePanelFrames } from '../../dashboard-runner/panel-frames.ts';
import { prepareGrafana } from '../../dashboard-runner/prepare-grafana.ts';
import { openPrometheus } from '../../dashboard-runner/prometheus.ts';
import { type RunRange, readVariables, substitute, type Values } from '../../dashboard-runner/variables.ts';
import { Dashboard, type DrawnPanel, type Mark } from './dashboard.tsx';

/** What is to be drawn; the page is told by whoever opened it. */
export interface Drawing {
  readonly dashboard: DashboardFile;
  readonly prometheus: string;
  readonly range: RunRange;
  readonly variables: Values;
  readonly width: number;
}

/** Options of panels beyond the standard ones that are drawn. */
const customOptions = [
  ...['cellOptions', 'width', 'minWidth', 'filterable', 'align', 'inspect'],
  ...[
    'lineWidth',
    'fillOpacity',
    'showPoints',
    'thresholdsStyle',
    'drawStyle',
    'spanNulls',
    'axisPlacement',
    'axisSoftMax',
  ],
];

const grafana = prepareGrafana({ ...data } as unknown as GrafanaData, customOptions, () => {});

async function draw({ dashboard, prometheus: address, range, variables: chosen, width }: Drawing): Promise<void> {
  const prometheus = openPrometheus(address);
  const values = await readVariables(dashboard, chosen, range, prometheus);
  const panels: DrawnPanel[] = [];
  for (const panel of dashboard.panels) {
    const { frames } =
      panel.type === 'row' ? { frames: [] } : await makePanelFrames(panel, values, range, prometheus, grafana);
    data.cacheFieldDisplayNames(frames as unknown as data.DataFrame[]);
    panels.push({ ...panel, frames } as unknown as DrawnPanel);
  }
  const marks: Mark[] = [];
  for (const { expr, iconColor, useValueForTime } of dashboard.annotations.list) {
    if (expr === undefined || iconColor === undefined) continue;
    const series = await prometheus.queryRange(substitute(expr, values), range);
    const times = series.flatMap(({ values: points = [] }) =>
      points.map(([time, value]) => (useValueForTime ? Number(value) : time * 1000)),
    );
    const color = grafana.theme.visualization.getColorByName(iconColor);
    marks.push(...[...new Set(times)].map(time => ({ time, color })));
  }
  const shown = dashboard.templating.list
    .filter(({ type }) => type === 'query')
    .map(({ name, label = name }) => ({ label, value: values[name] === '.+' ? 'All' : (values[name] ?? '') }));
  createRoot(document.getElementById('root') as HTMLElement).render(
    <Dashboard title={dashboard.title} variables={shown} panels={panels} marks={marks} range={range} width={width} />,
  );
}

Object.assign(window, { draw });
