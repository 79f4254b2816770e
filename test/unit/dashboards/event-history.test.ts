import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as assert from 'uvu/assert';
import { buildEventHistory } from '../../../dashboards/event-history.ts';
import { rsId } from '../../../src/model/ids.ts';
import { createKeeper } from '../../../src/store/keeper.ts';
import { suite } from '../../support/suite.ts';
import {
  commit,
  fails,
  makeDirectory,
  minute,
  noDirectory,
  notification,
  result,
  start,
  transition,
} from '../store/support.ts';
import { type Plain, panelsOf } from './plain.ts';

const test = suite('dashboards/event-history');
const hour = 3_600_000;
const panels = panelsOf(buildEventHistory() as unknown as Plain);
let directory = noDirectory;
let database: Sqlite.Database;

test.before(() => {
  directory = makeDirectory();
  fill();
  database = new Sqlite(join(directory.path, 'checkalived.db'), { readonly: true });
});
test.after(() => {
  database.close();
  directory.remove();
});

/** One server goes down and comes back, with its virtual server and the sorry server; another one goes down. */
function fill(): void {
  const handle = createKeeper();
  handle({ kind: 'open', directory: directory.path, now: start, run: 'a', forget: false, maxPages: null });
  const at = (minutes: number, transitions: readonly Plain[], notifications: Parameters<typeof commit>[0] = {}) =>
    ({
      kind: 'commit',
      ...commit(notifications),
      remember: 'superseded',
      time: start + minutes * 60_000,
      transitions: transitions.map(each => transition(each)),
    }) as const;
  const ofService = { object: 'virtual_server', realServer: null, reason: 'quorum' };
  const sorry = { object: 'sorry_server', realServer: null, from: 'inactive', to: 'active', reason: 'quorum' };
  const jobs = [
    at(1, [{}, ofService, sorry], { notifications: [notification('1'), notification('2')] }),
    at(2, [{ realServer: rsId('10.0.0.3:80'), reason: 'timeout_connect', detail: "it's late" }]),
    at(3, [{ from: 'down', to: 'up', reason: 'ok' }]),
    {
      kind: 'update',
      update: { ids: ['2'], outcome: 'given-up', attempts: 9, nextAttempt: null, detail: 'refused' },
    } as const,
  ];
  const { reason } = fails() as { reason: 'refused' };
  const results = [0, 1, 2].map(index => result({ time: start + index * 1000, reason, detail: 'connection refused' }));
  const minutes = [minute({ runs: 60, failures: 3 }), minute({ minute: start / 60_000 + 1, runs: 60 })];
  const reply = handle({ kind: 'write', batch: { number: 1, results, minutes, jobs, alive: start + hour } });
  assert.is(reply.kind, 'written');
}

/** What Grafana makes of a query: its own variables, and the text box as an SQL string. */
function ask(sql: string, { search = '', from = start - hour, to = start + 2 * hour } = {}): Plain[] {
  const text = sql
    .replaceAll('$__from', String(from))
    .replaceAll('$__to', String(to))
    .replaceAll('${search:sqlstring}', `'${search.replaceAll("'", "''")}'`);
  assert.not.match(text, '$', 'every variable is replaced');
  return database.prepare<[], Plain>(text).all();
}

for (const { title, type, targets, fieldConfig } of panels) {
  const [{ rawQueryText, queryText, queryType, timeColumns }] = targets;

  test(`${title} has rows, and the columns that it says`, () => {
    const rows = ask(rawQueryText);
    assert.ok(rows.length > 0);
    const columns = Object.keys(rows[0] ?? {});
    for (const column of timeColumns) {
      assert.ok(columns.includes(column), column);
      // Grafana's plug-in takes numbers for seconds.
      for (const row of rows) assert.ok(Math.abs(row[column] - start / 1000) < 2 * 3600, String(row[column]));
    }
    for (const { matcher } of fieldConfig.overrides) assert.ok(columns.includes(matcher.options), matcher.options);
    for (const column of columns) {
      assert.ok(
        rows.some(row => row[column] !== null),
        `${column} is null in all rows`,
      );
    }
  });

  test(`${title} says the same in both of its queries, of the kind of its panel`, () => {
    assert.is(queryText, rawQueryText);
    assert.is(queryType, type === 'timeseries' ? 'time series' : 'table');
  });

  test(`${title} keeps to the time that is shown`, () => {
    const later = ask(rawQueryText, { from: start + 24 * hour, to: start + 48 * hour });
    assert.equal(type === 'stat' ? later.map(row => Object.values(row)[0]) : later, type === 'stat' ? [0] : []);
  });

  test(`${title} keeps to the servers that are searched for`, () => {
    const found = ask(rawQueryText, { search: "no server's name" });
    assert.equal(type === 'stat' ? found.map(row => Object.values(row)[0]) : found, type === 'stat' ? [0] : []);
  });
}

test('only the documented views are asked', () => {
  const views = ['results', 'results_minutely', 'results_hourly', 'transitions', 'notifications'];
  for (const { targets } of panels) {
    const [, view = ''] = /\bFROM (\w+)/.exec(targets[0].rawQueryText) ?? [];
    assert.ok(views.includes(view), view);
  }
  assert.equal(
    [...new Set(panels.map(({ targets }) => /\bFROM (\w+)/.exec(targets[0].rawQueryText)?.[1]))].sort(),
    views.sort(),
  );
});

test('the last reason of an outage is that of its last time', () => {
  const outages = panels.find(({ title }) => title === 'Outages by real server');
  const rows = ask(outages?.['targets'][0].rawQueryText, { search: '10.0.0.3' });
  assert.equal(
    rows.map(({ outages, reason, detail }) => [outages, reason, detail]),
    [[1, 'timeout_connect', "it's late"]],
  );
});

test('a state or outcome that has a colour is one that there is', () => {
  const shown = new Set(
    panels.flatMap(({ targets }) => ask(targets[0].rawQueryText)).flatMap(row => Object.values(row)),
  );
  for (const text of ['down', 'up', 'active', 'inactive', 'given-up', 'queued']) assert.ok(shown.has(text), text);
});

test.run();
