import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../src/metrics/catalogue.ts';
import { whoseDirector } from './columns.ts';
import { neutral, none, stat } from './panels.ts';
import { count, type Family, foreign, only, percentile, type Select } from './promql.ts';
import { goodOrBad } from './states.ts';
import { table } from './table.ts';

/** The agents in one line of numbers. */
export function agentNumbers(select: Select): readonly Panel[] {
  const counted = { unit: 'none', steps: none };
  const increase = (...families: readonly Family[]) =>
    `sum(${families.map(family => `increase(${select(family)}[$__range])`).join(' + ')})`;
  return [
    stat({
      title: 'Not scraped',
      description: 'Agents that Prometheus cannot reach.',
      query: count(`${select(foreign.up)} == 0`),
      ...counted,
    }),
    stat({
      title: 'In trouble',
      description: 'Parts of agents in trouble: store, IPVS or mail.',
      query: count(`${select(catalogue.trouble)} == 1`),
      ...counted,
    }),
    stat({
      title: 'Last reload',
      description: 'FAILED while any agent runs a configuration that is older than its file.',
      query: `min(${select(catalogue.configReloadOk)})`,
      mappings: goodOrBad,
      unit: 'none',
      steps: [
        [null, 'red'],
        [1, 'green'],
      ],
    }),
    stat({
      title: 'Scheduler lag p99',
      description: '99 of a hundred checks began no later than this after they were due.',
      query: percentile(0.99, '', select(catalogue.schedulerLag, { part: 'bucket' })),
      unit: 's',
      steps: [
        [null, 'green'],
        [0.25, 'orange'],
        [1, 'red'],
      ],
    }),
    stat({
      title: 'Notifications waiting',
      description: 'Not delivered yet, on all channels.',
      query: `sum(${select(catalogue.notificationsWaiting)})`,
      ...counted,
    }),
    stat({
      title: 'Given up',
      description: 'Notifications that were given up in the time that is shown.',
      query: `sum(increase(${select(catalogue.notifications, { where: { result: '="given_up"' } })}[$__range])) or vector(0)`,
      decimals: 0,
      ...counted,
    }),
    stat({
      title: 'Store faults',
      description: 'Refused transactions and dropped results in the time that is shown.',
      query: increase(catalogue.storeWriteErrors, catalogue.droppedResults),
      decimals: 0,
      ...counted,
    }),
    stat({
      title: 'Checks/s',
      description: 'Checks that end in a second, of all agents.',
      query: `sum(rate(${select(catalogue.checks)}[$__rate_interval]))`,
      unit: 'ops',
      decimals: 1,
      steps: neutral,
    }),
  ];
}

/** One row for each agent. */
export function agentTable(select: Select): Panel {
  const each = (family: Family) => ({ query: only('instance', select(family)) });
  const date = (family: Family) => ({ query: only('instance', `${select(family)} * 1000`) });
  const version = only('instance, version, node_version', select(catalogue.buildInfo));
  return table({
    title: 'Agents',
    description: 'One row for each agent: what runs, since when, and how much it has to do.',
    noValue: 'No agent is scraped.',
    sortBy: { column: 'Director', descending: false },
    columns: [
      whoseDirector,
      { name: 'Version', from: { query: version, as: 'version' } },
      { name: 'Node.js', from: { label: 'node_version' } },
      { name: 'Started', from: date(catalogue.startTime), unit: 'dateTimeAsLocal', width: 200 },
      { name: 'Last reload', from: each(catalogue.configReloadOk), mappings: goodOrBad },
      { name: 'Configuration of', from: date(catalogue.configReloadTime), unit: 'dateTimeAsLocal', width: 200 },
      { name: 'Virtual servers', from: each(catalogue.virtualServers), unit: 'none' },
      { name: 'Real servers', from: each(catalogue.realServers), unit: 'none' },
      { name: 'Checks', from: each(catalogue.checksConfigured), unit: 'none' },
      { name: 'Probes', from: each(catalogue.probes), unit: 'none' },
    ],
  });
}
