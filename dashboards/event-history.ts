import type { DynamicConfigValue, Panel, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as SeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { frame, historyUid } from './frame.ts';
import { line, row } from './layout.ts';
import type { PlainDashboard } from './mend.ts';
import { type About, describe, neutral, none } from './panels.ts';
import { ask, search, searched, shown, sqlite, sqliteVariable } from './sqlite.ts';

const mostRows = 500;
const colours = { down: 'red', up: 'green', unknown: 'blue', inactive: 'green', active: 'orange' };
const outcomes = {
  queued: 'blue',
  started: 'blue',
  grouped: 'blue',
  delivered: 'green',
  failed: 'orange',
  'given-up': 'red',
};

/** What happened, from the database of one agent: needs the plug-in frser-sqlite-datasource, and the file beside Grafana. */
export function buildEventHistory(): PlainDashboard {
  return frame({
    uid: historyUid,
    title: 'Event history',
    description: "What changed and whom it was told, from the views of one agent's database.",
    from: 'now-24h',
    variables: [sqliteVariable, search],
    annotations: [],
    rows: [
      row('In short', line(4, ...numbers())),
      row('What changed', line(11, changes())),
      row('Outages and failures', line(9, outages(), failedResults())),
      row('Checks', line(8, failuresOverTime(), durations())),
      row('Whom it was told', line(9, notifications())),
    ],
  });
}

function numbers(): Panel[] {
  const changed = (object: string, state: string) =>
    `SELECT count(*) AS changes FROM transitions
     WHERE object = '${object}' AND to_state = '${state}' AND ${shown('time_ms')} AND ${searched}`;
  return [
    number('Outages of real servers', 'Times that a real server went down.', changed('real_server', 'down')),
    number('Quorums lost', 'Times that a virtual server went down.', changed('virtual_server', 'down')),
    number('Sorry servers', 'Times that a sorry server came in.', changed('sorry_server', 'active')),
    number(
      'Not delivered',
      'Scripts and mails that were given up.',
      `SELECT count(*) AS notifications FROM notifications
       WHERE outcome = 'given-up' AND ${shown('time_ms')} AND ${searched}`,
    ),
  ];
}

function changes(): Panel {
  return rows(
    'Changes',
    `Changes of state and weight, the last ${mostRows}.`,
    `SELECT time_ms / 1000 AS time, object, virtual_server, real_server, from_state, to_state, weight, reason, detail
     FROM transitions WHERE ${shown('time_ms')} AND ${searched} ORDER BY time_ms DESC LIMIT ${mostRows}`,
    [
      ['from_state', coloured(colours)],
      ['to_state', coloured(colours)],
    ],
  );
}

function outages(): Panel {
  return rows(
    'Outages by real server',
    'How often each went down, with the last reason.',
    `SELECT virtual_server, real_server, count(*) AS outages, max(time_ms) / 1000 AS time, reason, detail
     FROM transitions WHERE object = 'real_server' AND to_state = 'down' AND ${shown('time_ms')} AND ${searched}
     GROUP BY virtual_server, real_server ORDER BY outages DESC, time DESC LIMIT ${mostRows}`,
    [['outages', [{ id: 'custom.cellOptions', value: { type: 'color-text' } }]]],
  );
}

function failedResults(): Panel {
  return rows(
    'Failed checks by reason',
    'Those included that retry forgave: servers that are shaky, and did not go down.',
    `SELECT virtual_server, real_server, check_type, reason, count(*) AS results, max(time_ms) / 1000 AS time
     FROM results WHERE NOT ok AND ${shown('time_ms')} AND ${searched}
     GROUP BY virtual_server, real_server, check_type, reason ORDER BY results DESC LIMIT ${mostRows}`,
    [],
  );
}

function failuresOverTime(): Panel {
  return overTime(
    {
      title: 'Failed checks',
      description: 'Of all servers that are searched for, by the minute.',
      unit: 'short',
      steps: none,
    },
    `SELECT minute_ms / 1000 AS time, sum(failures) AS failures, sum(runs) AS runs
     FROM results_minutely WHERE ${shown('minute_ms')} AND ${searched} GROUP BY minute_ms ORDER BY minute_ms`,
  );
}

function durations(): Panel {
  return overTime(
    {
      title: 'Duration of checks, by the hour',
      description: 'Mean and longest of all servers that are searched for; kept for 400 days.',
      unit: 'µs',
      steps: neutral,
    },
    `SELECT hour_ms / 1000 AS time, sum(duration_us_sum) / sum(runs) AS mean, max(duration_us_max) AS longest
     FROM results_hourly WHERE ${shown('hour_ms')} AND ${searched} GROUP BY hour_ms ORDER BY hour_ms`,
  );
}

function notifications(): Panel {
  return rows(
    'Scripts and mails',
    `What was run and sent, or is owed, the last ${mostRows}.`,
    `SELECT time_ms / 1000 AS time, channel, subject, virtual_server, real_server, outcome, attempts, detail
     FROM notifications WHERE ${shown('time_ms')} AND ${searched} ORDER BY time_ms DESC LIMIT ${mostRows}`,
    [['outcome', coloured(outcomes)]],
  );
}

function number(title: string, description: string, sql: string): Panel {
  return describe(new StatBuilder(), { title, description, unit: 'none', steps: none })
    .datasource(sqlite)
    .withTarget(ask(sql, 'table', []))
    .build();
}

function rows(
  title: string,
  description: string,
  sql: string,
  overrides: readonly (readonly [column: string, properties: DynamicConfigValue[]])[],
): Panel {
  const builder = describe(new TableBuilder(), { title, description, unit: 'none', steps: none })
    .datasource(sqlite)
    .withTarget(ask(sql, 'table'))
    .filterable(true)
    .noValue('Nothing in this time.')
    .overrideByName('time', [{ id: 'unit', value: 'dateTimeAsLocal' }]);
  for (const [column, properties] of overrides) builder.overrideByName(column, properties);
  return builder.build();
}

function overTime(about: About, sql: string): Panel {
  return describe(new SeriesBuilder(), about).datasource(sqlite).withTarget(ask(sql, 'time series')).min(0).build();
}

function coloured(of: Readonly<Record<string, string>>): DynamicConfigValue[] {
  const options = Object.fromEntries(Object.entries(of).map(([text, color], index) => [text, { text, color, index }]));
  const mappings: ValueMapping[] = [{ type: MappingType.ValueToText, options }];
  return [
    { id: 'mappings', value: mappings },
    { id: 'custom.cellOptions', value: { type: 'color-background' } },
  ];
}
