import type { TargetFile } from './dashboard.ts';
import type { Frame, Grafana } from './grafana.ts';
import type { Series } from './prometheus.ts';

/** The answer of a query as Grafana's Prometheus data source hands it to the transformations. */
export function makeFrames(
  target: TargetFile,
  series: readonly Series[],
  targets: number,
  grafana: Pick<Grafana, 'toDataFrame'>,
): Frame[] {
  if (target.format === 'table') return [makeTable(target, series, targets, grafana)];
  return series.map(({ metric, value, values = value ? [value] : [] }) =>
    grafana.toDataFrame({
      refId: target.refId,
      fields: [
        { name: 'Time', type: 'time', config: {}, values: values.map(([time]) => time * 1000) },
        {
          name: 'Value',
          type: 'number',
          labels: metric,
          config: { displayNameFromDS: nameOf(target, metric) },
          values: values.map(([, number]) => Number(number)),
        },
      ],
    }),
  );
}

/** One frame with a field for each label; its values are called after the query if there is more than one. */
function makeTable(
  { refId }: TargetFile,
  series: readonly Series[],
  targets: number,
  { toDataFrame }: Pick<Grafana, 'toDataFrame'>,
): Frame {
  if (series.length === 0) return toDataFrame({ refId, fields: [] });
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))];
  const points = series.map(({ value, values }) => value ?? values?.at(-1));
  return toDataFrame({
    refId,
    fields: [
      { name: 'Time', type: 'time', config: {}, values: points.map(point => (point?.[0] ?? 0) * 1000) },
      ...labels.map(name => ({ name, type: 'string', config: {}, values: series.map(({ metric }) => metric[name]) })),
      {
        name: targets > 1 ? `Value #${refId}` : 'Value',
        type: 'number',
        config: {},
        values: points.map(point => Number(point?.[1])),
      },
    ],
  });
}

function nameOf({ legendFormat, expr }: TargetFile, metric: Series['metric']): string {
  if (legendFormat && legendFormat !== '__auto')
    return legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? '');
  const { __name__: name = '', ...labels } = metric;
  const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text.length > 0 ? `${name}{${text.join(', ')}}` : name || expr;
}
