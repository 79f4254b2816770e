import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../src/metrics/catalogue.ts';
import { day, whose } from './columns.ts';
import { timeline } from './panels.ts';
import { byRealServer, largest, only, type Select } from './promql.ts';
import type { ServerQueries } from './servers.ts';
import { serverStates, stateCode } from './states.ts';
import { table } from './table.ts';

/** Rows of a short table. */
const mostRows = 20;

export function flappingTable(select: Select): Panel {
  const changes = only(byRealServer, `changes(${select(catalogue.lastTransition)}[$__range]) > 0`);
  return table({
    title: 'Flapping',
    description:
      'Real servers whose verdict changed most often in the time that is shown; 4 times an hour is flapping.',
    noValue: 'No verdict changed.',
    sortBy: { column: 'Changes', descending: true },
    columns: [
      ...whose,
      {
        name: 'Changes',
        from: { query: `topk(${mostRows}, ${changes})` },
        unit: 'none',
        steps: [
          [null, 'green'],
          [4, 'orange'],
          [8, 'red'],
        ],
      },
    ],
  });
}

export function certificateTable({ certificateSeconds }: ServerQueries): Panel {
  return table({
    title: 'Certificates that end first',
    description: `The ${mostRows} certificates with the least time left; red means within 3 days.`,
    noValue: 'No check sees a certificate.',
    sortBy: { column: 'Left', descending: false },
    columns: [
      ...whose,
      {
        name: 'Left',
        from: { query: `bottomk(${mostRows}, ${certificateSeconds})` },
        unit: 'dtdurations',
        steps: [
          [null, 'red'],
          [3 * day, 'orange'],
          [20 * day, 'green'],
        ],
      },
    ],
  });
}

/** A bar for each real server that changed. */
export function changedTimeline(select: Select, { state }: ServerQueries, most: number): Panel {
  const changed = `changes(${select(catalogue.lastTransition)}[$__range] @ end()) > 0`;
  return stateTimeline({
    title: 'Real servers that changed',
    description: `State of those that changed most in the time that is shown, ${most} at most; the others have no bar.`,
    query: largest(most, byRealServer, state, changed),
    legend: '{{real_server}} of {{virtual_server}} at {{instance}}',
  });
}

export function stateTimeline(options: {
  readonly title: string;
  readonly description: string;
  readonly query: string;
  /** What tells the bars apart. */
  readonly legend: string;
}): Panel {
  const { query, legend, ...about } = options;
  return timeline({
    ...about,
    unit: 'none',
    steps: [
      [null, 'red'],
      [stateCode.up, 'green'],
      [stateCode.draining, 'orange'],
      [stateCode.unknown, 'blue'],
    ],
    mappings: serverStates,
    lines: [[query, legend]],
  });
}
