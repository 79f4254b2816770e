import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import * as assert from 'uvu/assert';
import type { DashboardFile } from '../../tools/dashboard-runner/dashboard.ts';
import { type Grafana, openGrafana } from '../../tools/dashboard-runner/grafana.ts';
import { type DashboardResult, type PanelResult, runDashboard } from '../../tools/dashboard-runner/run-dashboard.ts';
import { type PrometheusServer, startPrometheus } from '../support/prometheus-server.ts';
import { suite } from '../support/suite.ts';
import { tell, until } from '../support/until.ts';
import { realServers, services } from './scenario.ts';
import { ScriptedAgent } from './scripted-agent.ts';

const test = suite('dashboards/panels', 60_000);
const root = resolve(import.meta.dirname, '../..');
const names = ['overview', 'virtual-server', 'real-server', 'vrrp', 'agent'] as const;
/** With two directors each row is there twice. */
const directors = 2;
const scrapes = 12;
/** A virtual server with an address has no firewall mark, and an empty label is none. */
const withoutValue = ['Firewall mark'];
const [first, ipv6] = services;

let home = '';
let grafana: Grafana;
let prometheus: PrometheusServer;
let agents: ScriptedAgent[] = [];

const missing = [
  ...(spawnSync('prometheus', ['--version']).status === 0 ? [] : ['prometheus (Debian: prometheus)']),
  ...(existsSync(join(root, 'tools/dashboard-runner/node_modules/@grafana/data'))
    ? []
    : ["Grafana's data package (npm ci in tools/dashboard-runner)"]),
];
if (missing.length > 0) {
  test('panels run against a real Prometheus', () => {
    if (process.env['CI']) assert.equal(missing, []);
    console.log(`\n  SKIPPED, no panel was run: ${missing.join(' and ')} not there`);
  });
} else {
  test.before(() => begin().catch(tell));
  test.after(end);
  testAll();
}

async function begin(): Promise<void> {
  home = mkdtempSync(join(tmpdir(), 'checkalived-dashboards-'));
  grafana = openGrafana();
  agents = [new ScriptedAgent(true), new ScriptedAgent(false)];
  const targets = await Promise.all(agents.map(agent => agent.listen()));
  // Another program, that does not answer: it is none of our business.
  prometheus = await startPrometheus(join(home, 'prometheus'), { targets, others: ['127.0.0.1:1'] });
  await until(
    `Prometheus has scraped ${scrapes} times`,
    async () => {
      const counted = encodeURIComponent('min(count_over_time(up{job="checkalived"}[2m]))');
      const answer = await (await fetch(`${prometheus.address}/api/v1/query?query=${counted}`)).json();
      assert.ok(Number(answer.data.result[0]?.value[1] ?? 0) >= scrapes);
    },
    40_000,
  );
}

async function end(): Promise<void> {
  await prometheus?.stop();
  await Promise.all(agents.map(agent => agent.close()));
  grafana?.close();
  rmSync(home, { recursive: true, force: true });
}

function testAll(): void {
  for (const name of names) {
    test(`every panel of ${name} has data`, async () => {
      const { panels, annotations } = await run(name);
      assert.ok(panels.length >= 9);
      assert.ok(Object.keys(annotations).length >= 1);
      const empty = panels.flatMap(({ title, emptyQueries }) => emptyQueries.map(query => `${title}: ${query}`));
      assert.equal(empty, []);
      assert.equal(
        panels.filter(({ rows }) => rows === 0).map(({ title }) => title),
        [],
      );
    });

    test(`no column of ${name} is empty, and no row of a table has come apart`, async () => {
      const { panels } = await run(name);
      const empty = panels.flatMap(({ title, nullColumns }) => nullColumns.map(column => `${title}: ${column}`));
      assert.equal(empty, []);
    });

    test(`every column that ${name} names is one`, async () => {
      const { panels } = await run(name);
      for (const { title, fieldConfig, transformations = [] } of readDashboard(name).panels) {
        const columns = new Set(panels.find(panel => panel.title === title)?.columns.map(column => column.name));
        for (const { matcher } of fieldConfig?.overrides ?? [])
          if (matcher.id === 'byName') assert.ok(columns.has(matcher.options), `${title}: ${matcher.options}`);
        for (const { id, options } of transformations)
          if (id === 'organize')
            for (const column of Object.values(options.renameByName ?? {}))
              assert.ok(columns.has(column) || withoutValue.includes(column), `${title}: ${column}`);
      }
    });
  }

  test('the table of what is down has a row for each real server and director, with the reason of now', async () => {
    const table = panelOf(await run('overview'), 'Real servers that are down');
    const down = realServers.filter(({ state }) => state === 'down').length;
    const flapping = realServers.filter(({ state }) => state === 'flapping').length;
    assert.ok(table.rows >= down * directors && table.rows <= (down + flapping) * directors, `${table.rows} rows`);
    const states = columnOf(table, 'State').shown;
    assert.ok(states.every(({ text }) => text === 'DOWN'));
    const red = grafana.theme.visualization.getColorByName('red');
    assert.ok(states.every(({ color }) => color === red));
    const servers = columnOf(table, 'Real server').values;
    const reasons = columnOf(table, 'Reason').values;
    for (const { id, reason, state } of realServers) {
      if (state === 'down' && id !== '10.0.0.2:80') assert.is(reasons[servers.indexOf(id)], reason);
    }
    assert.not.ok(reasons.includes('tls'), 'the reason of long ago');
  });

  test('the table of virtual servers has a row for each and director', async () => {
    const table = panelOf(await run('overview'), 'Virtual servers');
    assert.is(table.rows, services.length * directors);
    const lost = columnOf(table, 'Virtual server').values.indexOf(ipv6?.id);
    assert.is(columnOf(table, 'State').shown[lost]?.text, 'DOWN');
    assert.is(columnOf(table, 'Sorry server').shown[lost]?.text, 'SORRY');
  });

  test('the table of real servers has a row for each real server and director, IPv6 or not', async () => {
    for (const { id, servers } of services) {
      const table = panelOf(await run('virtual-server', { virtual_server: id }), 'Real servers');
      assert.is(table.rows, servers.length * directors, id);
      const shown = columnOf(table, 'State').shown.map(({ text }) => text);
      for (const { state } of servers) {
        if (state !== 'flapping') assert.ok(shown.includes(state.toUpperCase()), `${id}: ${state}`);
      }
    }
  });

  test('a cell without a value says nothing but that', async () => {
    const table = panelOf(await run('virtual-server', { virtual_server: ipv6?.id ?? '' }), 'Real servers');
    const row = columnOf(table, 'Real server').values.indexOf('[2001:db8::12]:443');
    assert.is(columnOf(table, 'Weight').shown[row]?.text, '–');
    assert.is(columnOf(table, 'Wanted').shown[row]?.text, '–');
  });

  test('the table of real servers has the columns of ipvsadm --stats in their order', async () => {
    const table = panelOf(await run('virtual-server'), 'Real servers');
    const columns = table.columns.map(({ name }) => name);
    const expected = ['ActiveConn', 'InActConn', 'Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes'];
    assert.equal(columns.slice(-expected.length), expected);
    assert.not.ok(
      columns.some(name => /^Value|Time$/.test(name)),
      columns.join(),
    );
  });

  test('one instance can be chosen', async () => {
    const { variables } = await run('overview');
    assert.is(variables['instance'], '.+');
    const series = await (
      await fetch(`${prometheus.address}/api/v1/label/instance/values?match[]=checkalived_build_info`)
    ).json();
    const table = panelOf(await run('overview', { instance: series.data[0] }), 'Virtual servers');
    assert.is(table.rows, services.length);
  });

  test('numbers of the overview count each real server once, whatever the directors', async () => {
    const result = await run('overview');
    const numberOf = (title: string) => Number(panelOf(result, title).columns[0]?.values[0]);
    const down = numberOf('Real servers down');
    const certain = realServers.filter(({ state }) => state === 'down').length;
    const possible = realServers.filter(({ state }) => state === 'flapping').length;
    assert.ok(down >= certain && down <= certain + possible, `${down} are down`);
    assert.is(numberOf('Draining'), 1);
    assert.is(numberOf('Weight drift'), 1);
    assert.is(numberOf('Virtual servers down'), 1);
    assert.is(numberOf('Sorry servers'), 1);
    assert.is(numberOf('Certificates due'), realServers.length);
  });

  test('programs that are no agents do not count, whatever is chosen', async () => {
    for (const [name, title] of [
      ['overview', 'Agents not scraped'],
      ['agent', 'Not scraped'],
    ] as const)
      assert.is(Number(panelOf(await run(name), title).columns[0]?.values[0]), 0, name);
  });

  test('changes of verdicts are there before any real server has changed twice', async () => {
    const { panels } = await runFile(
      JSON.parse(
        JSON.stringify(readDashboard('overview')).replaceAll('checkalived_real_server_transitions_total', 'gone'),
      ),
    );
    const panel = panels.find(({ title }) => title === 'Changes of verdicts');
    assert.equal(panel?.emptyQueries, []);
    const numbers = panel?.columns.flatMap(({ values }) => values) ?? [];
    assert.ok(numbers.some(value => Number(value) >= 1 && Number(value) < 100));
  });

  test('a real server that is down says why, and where else it is', async () => {
    const chosen = { virtual_server: first?.id ?? '', real_server: '10.0.0.2:80' };
    const result = await run('real-server', chosen);
    assert.is(panelOf(result, 'Reason').columns[0]?.name, 'refused');
    assert.is(panelOf(result, 'In all virtual servers').rows, 2 * directors);
    assert.is(panelOf(result, 'State').columns[0]?.shown[0]?.text, 'DOWN');
  });

  test('a line of what went down is red, and one of what went up green', async () => {
    const color = (name: string) => grafana.theme.visualization.getColorByName(name);
    const verdicts = panelOf(await run('overview'), 'Changes of verdicts');
    const colorsOf = (kind: string): (string | undefined)[] =>
      verdicts.columns.filter(({ name }) => name.startsWith(kind)).map(({ shown }) => shown.at(-1)?.color);
    assert.equal(colorsOf('to down'), Array(directors).fill(color('red')));
    assert.equal(colorsOf('to up'), Array(directors).fill(color('green')));
  });

  test('a reason that all directors agree on stands there once', async () => {
    const result = await run('real-server', { virtual_server: first?.id ?? '', real_server: '10.0.0.2:80' });
    assert.is(panelOf(result, 'Reason').columns.length, 1);
  });

  test('two masters are a split brain, also when one director alone is chosen', async () => {
    const result = await run('vrrp');
    assert.is(panelOf(result, 'Split brain').columns[0]?.values[0], 1);
    const series = await (
      await fetch(`${prometheus.address}/api/v1/label/instance/values?match[]=checkalived_build_info`)
    ).json();
    const alone = await run('vrrp', { instance: series.data[0] });
    assert.is(panelOf(alone, 'Split brain').columns[0]?.values[0], 1);
    const table = panelOf(result, 'VRRP instances');
    assert.is(table.rows, 2 * directors);
    assert.equal([...new Set(columnOf(table, 'State').shown.map(({ text }) => text))].sort(), ['BACKUP', 'MASTER']);
  });

  test('marks of changes are there', async () => {
    const { annotations } = await run('overview');
    assert.ok((annotations['Real server down'] ?? 0) >= 3 * directors);
    assert.ok((annotations['Configuration'] ?? 0) >= 1);
  });

  test('a table whose queries do not fit together is seen to come apart', async () => {
    const file = readDashboard('overview');
    const broken = JSON.parse(JSON.stringify(file).replaceAll('max by (instance, virtual_server) ', ''));
    const { panels } = await runFile(broken);
    const table = panels.find(({ title }) => title === 'Virtual servers');
    assert.ok((table?.rows ?? 0) > services.length * directors);
  });
}

/** The first virtual server, and of it the real server that is down, unless others are chosen. */
function run(name: (typeof names)[number], chosen: Readonly<Record<string, string>> = {}): Promise<DashboardResult> {
  const one = { 'virtual-server': ['virtual_server'], 'real-server': ['virtual_server', 'real_server'] } as const;
  const usual = { virtual_server: first?.id ?? '', real_server: '10.0.0.2:80' };
  const needed: readonly (keyof typeof usual)[] = name in one ? one[name as keyof typeof one] : [];
  const variables = Object.fromEntries(needed.map(variable => [variable, usual[variable]]));
  return runFile(readDashboard(name), { ...variables, ...chosen });
}

function runFile(file: DashboardFile, variables: Readonly<Record<string, string>> = {}): Promise<DashboardResult> {
  const to = Date.now() / 1000;
  const range = { from: to - 60, to, step: 1, scrapeInterval: 1 };
  return runDashboard(file, { prometheus: prometheus.address, range, variables }, grafana);
}

function readDashboard(name: string): DashboardFile {
  return JSON.parse(readFileSync(join(root, `dashboards/json/${name}.json`), 'utf8'));
}

function panelOf({ panels }: DashboardResult, title: string): PanelResult {
  const found = panels.find(panel => panel.title === title);
  assert.ok(found, `there is no panel ${title}`);
  return found as PanelResult;
}

function columnOf({ columns, title }: PanelResult, name: string): PanelResult['columns'][number] {
  const found = columns.find(column => column.name === name);
  assert.ok(found, `${title} has no column ${name}: ${columns.map(column => column.name).join()}`);
  return found as PanelResult['columns'][number];
}

test.run();
