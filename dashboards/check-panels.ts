import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../src/metrics/catalogue.ts';
import { type Line, none, series, verdictColors } from './panels.ts';
import { percentile, ratePer, type Select } from './promql.ts';

/** What checks say and how long they take, of all virtual servers that are chosen. */
export function checkPanels(select: Select): readonly Panel[] {
  return [failuresByReason(select), durations(select), verdicts(select)];
}

function failuresByReason(select: Select): Panel {
  const failed = select(catalogue.checks, { where: { result: '!="ok"' } });
  return series({
    title: 'Failed checks by reason',
    description:
      'Checks that did not pass, those included that retry forgave. All servers at once point at the director.',
    unit: 'ops',
    steps: none,
    colorsOfNames: true,
    lines: [[ratePer('result', failed), '{{result}}']],
  });
}

function durations(select: Select): Panel {
  const buckets = select(catalogue.checkDuration, { part: 'bucket' });
  return series({
    title: 'Duration of checks',
    description:
      'Half, nine of ten and 99 of a hundred checks took no longer, by checker. A point is one check, where Prometheus keeps exemplars.',
    unit: 's',
    steps: [
      [null, 'green'],
      [2.5, 'orange'],
    ],
    exemplars: true,
    lines: percentiles('check', buckets, '{{check}} '),
  });
}

/** Not from the counters, which appear with the first change: what begins at 1 has no rate. */
function verdicts(select: Select): Panel {
  const changes = `changes(${select(catalogue.lastTransition)}[$__rate_interval])`;
  const up = select(catalogue.realServerUp);
  return series({
    title: 'Changes of verdicts',
    description: 'Changes of real servers by what they are now. A line that does not come down is flapping.',
    unit: 'none',
    steps: none,
    colors: verdictColors,
    lines: [
      [`sum by (instance) (${changes} * ${up})`, 'to up at {{instance}}'],
      [`sum by (instance) (${changes} * (1 - ${up}))`, 'to down at {{instance}}'],
    ],
  });
}

/** p50, p90 and p99 of a histogram. */
export function percentiles(labels: string, buckets: string, legend: string): readonly Line[] {
  return [0.5, 0.9, 0.99].map(quantile => [percentile(quantile, labels, buckets), `${legend}p${quantile * 100}`]);
}
