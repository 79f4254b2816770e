import { execFileSync } from 'node:child_process';
import * as assert from 'uvu/assert';
import { type Grafana, openGrafana } from '../../tools/dashboard-runner/grafana.ts';
import { isInstalled } from '../support/installed.ts';
import { readOpenMetrics } from '../support/openmetrics.ts';
import { suite } from '../support/suite.ts';
import { tell, until } from '../support/until.ts';
import type { AlertStatus } from './alertmanager.ts';
import { cells, colours, hasGrafana, type Shown, showDashboards } from './dashboards.ts';
import { findRuns, lastExemplar } from './exemplars.ts';
import { eventsOfAgent, type Notification, notificationsOf } from './notifications.ts';
import { openStage, type Stage, shop, web } from './stage.ts';
import { withoutData } from './without-data.ts';

const test = suite('observability/scenario', 60_000);
/** The alerts of one virtual server, from our rules and from the agent's own channel, which says no job. */
const sources = ['checkalived', undefined];

let stage: Stage;
let grafana: Grafana;
let failed = '';

const installed = [
  isInstalled('prometheus', 'prometheus'),
  isInstalled('promtool', 'prometheus'),
  isInstalled('prometheus-alertmanager', 'prometheus-alertmanager'),
  isInstalled('postfix', 'postfix'),
  hasGrafana(),
];
if (installed.every(Boolean)) {
  test.before(() => begin().catch(tell));
  test.after(end);
  testAll();
}

async function begin(): Promise<void> {
  grafana = openGrafana();
  stage = await openStage();
}

async function end(): Promise<void> {
  await stage?.close();
  grafana?.close();
}

/** Each goes on where the one before ended; after one that fails the others are not tried. */
function scene(title: string, body: () => Promise<void>): void {
  test(title, async () => {
    assert.is(failed, '', 'a scene before this one failed');
    console.log(`\n  ${title}`);
    try {
      await body();
    } catch (fault) {
      failed = title;
      console.error(stage.agent.said().split('\n').slice(-30).join('\n'));
      throw fault;
    }
  });
}

function testAll(): void {
  scene('all are up', async () => {
    await until('Prometheus sees all real servers up', () =>
      sees({
        'count(checkalived_real_server_up == 1)': 11,
        'count(checkalived_real_server_state_code == 1)': 11,
        'sum(checkalived_virtual_server_up)': 2,
        'sum(checkalived_virtual_server_backup_active)': 0,
        'sum(checkalived_virtual_server_available_real_servers)': 11,
        [`checkalived_virtual_server_quorum{virtual_server="${web}"}`]: 1,
        'sum(checkalived_real_server_weight)': 27,
        'sum(checkalived_check_failures_total) or vector(0)': 0,
        [`count(checkalived_certificate_expiry_timestamp_seconds{virtual_server="${web}"})`]: 7,
      }),
    );
    await until("the dead man's switch hears from us, and nobody else does", () => {
      assert.ok(stage.webHook.deliveries('/dead-mans-switch').length > 0);
      assert.equal([stage.webHook.deliveries('/chat').length, stage.webHook.deliveries('/pager').length], [0, 0]);
    });
    await show('up');
  });

  scene('metrics are what Prometheus wants them to be', async () => {
    // It says what it does not like and exits with 1, or with 3 where it is a matter of taste.
    const text = await stage.agent.metrics();
    assert.is(execFileSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8', stdio: 'pipe' }), '');
    const headers = { accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5' };
    const answer = await fetch(`http://${stage.agent.address}/metrics`, { headers });
    assert.match(answer.headers.get('content-type') ?? '', 'application/openmetrics-text; version=1.0.0');
    assert.ok(readOpenMetrics(await answer.text()).length > 40);
    const { data } = await (await fetch(`${stage.prometheus.address}/api/v1/targets`)).json();
    const [target] = data.activeTargets;
    assert.equal([data.activeTargets.length, target.health, target.lastError], [1, 'up', '']);
  });

  scene('two real servers are refused', async () => {
    const down = stage.servers.slice(0, 2);
    for (const server of down) await server.goDown();
    await until('Prometheus sees them down, and why', () =>
      sees({
        'count(checkalived_real_server_up == 0)': 2,
        ...Object.fromEntries(
          down.flatMap(({ id }) => [
            [`checkalived_real_server_state_code{real_server="${id}"}`, 0],
            [`checkalived_real_server_transitions_total{real_server="${id}",to="down"}`, 1],
            [`checkalived_check_failures_total{real_server="${id}",reason="refused"} > bool 1`, 1],
          ]),
        ),
        [`count(checkalived_real_server_weight{virtual_server="${web}"})`]: 6,
        'checkalived_transitions_total{object="real_server"} > bool 1': 1,
        [`checkalived_virtual_server_up{virtual_server="${web}"}`]: 1,
      }),
    );
    await until('one alert of our rules names both', async () => {
      const alerts = (await alertsOf('RealServerDown')).filter(({ labels }) => labels['job'] !== undefined);
      assert.is(alerts.length, 1);
      const { summary, description } = alerts[0]?.annotations ?? {};
      assert.is(summary, `${web}: real servers down, 2 of them`);
      for (const { id } of down) assert.match(description ?? '', id);
      assert.match(description ?? '', 'Reasons: refused.');
    });
    await until('the chat is told once by each source, of both', () => {
      for (const job of sources) {
        const told = notifications('chat', 'RealServerDown', job);
        assert.equal(
          told.map(({ status }) => status),
          ['firing'],
        );
        assert.is(told[0]?.alerts.length, job === undefined ? 2 : 1);
      }
    });
    await until('mails have come through postfix, of the agent and of Alertmanager', async () => {
      const subjects = await subjectsOfMails();
      for (const { address, port } of down)
        has(subjects, `[director1] Realserver [${address}]:tcp:${port} of virtual server [192.0.2.10]:tcp:443 - DOWN`);
      has(subjects, `[FIRING:2] ${web} (CheckalivedRealServerDown director1 warning)`);
      has(subjects, `[FIRING:1] test checkalived ${web} (CheckalivedRealServerDown ${stage.agent.address} warning)`);
    });
    await until('the web hook of the agent is told of both, and signed', () => {
      const events = eventsOfAgent(stage.webHook).filter(({ state }) => state === 'DOWN');
      assert.equal(
        events.map(event => [event.real_server, event.reason]).sort(),
        down.map(({ id }) => [id, 'refused']),
      );
    });
    const shown = await show('down');
    const table = shown.panel('overview', 'Real servers that are down');
    assert.equal(
      [...cells(table, 'Real server')].sort(),
      down.map(({ id }) => id),
    );
    assert.equal(cells(table, 'State'), ['DOWN', 'DOWN']);
    assert.equal(colours(table, 'State'), [colour('red'), colour('red')]);
    assert.equal(cells(table, 'Reason'), ['refused', 'refused']);
    assert.is(shown.panel('overview', 'Real servers down').columns[0]?.values[0], 2);
    assert.is(shown.panel('virtual-server', 'Real servers').rows, 8);
    assert.is(shown.panel('real-server', 'State').columns[0]?.shown[0]?.text, 'DOWN');
    assert.is(shown.marks('overview', 'Real server down'), 2);
  });

  scene('an exemplar leads to the one run in SQLite', async () => {
    // Of two that fail in step it is always the second, as the last before a scrape is kept.
    const down = stage.servers.slice(0, 2).map(({ id }) => id);
    // The last one may still be of a run that passed, before the server went down.
    await until('Prometheus keeps one of a real server that is down, and SQLite has it', async () => {
      const exemplar = await lastExemplar(stage.prometheus.address, web, down);
      const runs = findRuns(stage.agent.database, exemplar);
      assert.equal(
        runs.map(run => [run.virtual_server, run.check_type, run.reason]),
        [[web, 'SSL_GET', 'refused']],
      );
      assert.ok(Math.abs((runs[0]?.duration_us ?? 0) / 1e6 - exemplar.seconds) < 1e-6);
    });
  });

  scene('a real server drains', async () => {
    stage.exitWith(2);
    const server = `{real_server="${stage.commanded}"}`;
    await until('Prometheus sees it drain', () =>
      sees({
        [`checkalived_real_server_state_code${server}`]: 2,
        [`checkalived_real_server_up${server}`]: 1,
        [`checkalived_real_server_weight${server}`]: 0,
        [`checkalived_real_server_weight_desired${server}`]: 0,
        [`checkalived_virtual_server_available_real_servers{virtual_server="${web}"}`]: 5,
      }),
    );
    const shown = await show('draining');
    assert.is(shown.panel('overview', 'Draining').columns[0]?.values[0], 1);
    const table = shown.panel('virtual-server', 'Real servers');
    const row = cells(table, 'Real server').indexOf(stage.commanded);
    assert.equal([cells(table, 'State')[row], colours(table, 'State')[row]], ['DRAINING', colour('orange')]);
    assert.is(cells(table, 'Weight')[row], '0');
  });

  scene('the quorum is lost, and the sorry server stands in', async () => {
    stage.exitWith(1);
    for (const server of stage.servers) await server.goDown();
    await until('Prometheus sees the virtual server down', () =>
      sees({
        [`checkalived_virtual_server_up{virtual_server="${web}"}`]: 0,
        [`checkalived_virtual_server_available_real_servers{virtual_server="${web}"}`]: 0,
        [`checkalived_virtual_server_backup_active{virtual_server="${web}"}`]: 1,
        [`checkalived_virtual_server_quorum_transitions_total{virtual_server="${web}",to="down"}`]: 1,
        [`checkalived_virtual_server_up{virtual_server="${shop}"}`]: 1,
        'count(checkalived_real_server_up == 0)': 8,
        [`checkalived_check_failures_total{real_server="${stage.commanded}",reason="script"} > bool 0`]: 1,
      }),
    );
    await until('what is said of its real servers is inhibited by what is said of the virtual server', async () => {
      for (const job of sources) {
        const [cause, ...more] = (await alertsOf('VirtualServerDown')).filter(alert => alert.labels['job'] === job);
        assert.equal([cause?.status.state, more.length], ['active', 0], `of the job ${job}`);
        const parts = await alertsOf('RealServerDown', ...(job === undefined ? [] : ['ManyRealServersDown']));
        const own = parts.filter(({ labels }) => labels['job'] === job);
        assert.is(own.length, job === undefined ? 8 : 2, `of the job ${job}`);
        for (const { status } of own) assert.equal(status.inhibitedBy, [cause?.fingerprint]);
      }
    });
    await until('the pager is told once by each source', () => {
      for (const job of sources)
        assert.equal(
          notifications('pager', 'VirtualServerDown', job).map(({ status }) => status),
          ['firing'],
        );
    });
    await until('the mails have come', async () => {
      const subjects = await subjectsOfMails();
      // In a mail of its own, or in one of all changes.
      const texts = (await stage.mail.mails()).map(({ subject, text }) => `${subject}\n${text}`);
      assert.ok(
        texts.some(text => text.includes('Virtualserver [192.0.2.10]:tcp:443 - DOWN')),
        texts.join('\n'),
      );
      has(subjects, `[FIRING:1] ${web} (CheckalivedVirtualServerDown director1 critical)`);
      has(
        subjects,
        `[FIRING:1] test checkalived ${web} (CheckalivedVirtualServerDown ${stage.agent.address} critical)`,
      );
    });
    const shown = await show('lost');
    assert.equal(notifications('chat', 'ManyRealServersDown', 'checkalived'), []);
    const servers = shown.panel('overview', 'Virtual servers');
    assert.is(servers.rows, 2);
    const row = cells(servers, 'Virtual server').indexOf(web);
    assert.equal([cells(servers, 'State')[row], colours(servers, 'State')[row]], ['DOWN', colour('red')]);
    assert.equal([cells(servers, 'Sorry server')[row], cells(servers, 'Weight')[row]], ['SORRY', '0']);
    assert.is(shown.panel('overview', 'Real servers that are down').rows, 8);
    assert.is(shown.panel('virtual-server', 'Above quorum').columns[0]?.values[0], -1);
    const reasons = new Set(cells(shown.panel('virtual-server', 'Real servers'), 'Reason'));
    assert.equal([...reasons].sort(), ['refused', 'script']);
  });

  scene('all come back', async () => {
    // One first: the virtual server is up again before its last real server is.
    await stage.servers[2]?.comeBack();
    await until('Prometheus sees the virtual server up', () =>
      sees({ [`checkalived_virtual_server_up{virtual_server="${web}"}`]: 1 }),
    );
    stage.exitWith(0);
    for (const server of stage.servers) await server.comeBack();
    await until('Prometheus sees all real servers up', () =>
      sees({
        'count(checkalived_real_server_state_code == 1)': 11,
        'sum(checkalived_virtual_server_backup_active)': 0,
        'sum(checkalived_real_server_weight)': 27,
        [`checkalived_virtual_server_quorum_transitions_total{virtual_server="${web}",to="up"} > bool 0`]: 1,
      }),
    );
    const shown = await show('back');
    const table = shown.panel('virtual-server', 'Real servers');
    assert.equal(cells(table, 'State'), Array(8).fill('UP'));
    assert.is(shown.panel('overview', 'Virtual servers without quorum').columns.length, 1);
    assert.is(shown.panel('real-server', 'State').columns[0]?.shown[0]?.text, 'UP');
    await until(
      'all that was told is taken back',
      () => {
        for (const job of sources) {
          assert.equal(notifications('pager', 'VirtualServerDown', job).at(-1)?.status, 'resolved');
          assert.equal(notifications('chat', 'RealServerDown', job).at(-1)?.status, 'resolved');
        }
      },
      40_000,
    );
    await until('the mails have come', async () => {
      const subjects = await subjectsOfMails();
      assert.ok(subjects.some(subject => /^\[director1\] \d+ changes: \d+ up, 0 down$/.test(subject)));
      for (const severity of ['warning', 'critical'])
        assert.ok(subjects.some(subject => subject.startsWith(`[RESOLVED] ${web}`) && subject.includes(severity)));
    });
    await until("nothing fires but the dead man's switch", async () =>
      assert.equal((await stage.alertmanager.alerts()).map(nameOf), ['CheckalivedWatchdog']),
    );
  });

  scene('what the agent has sent it has counted', async () => {
    const mails = await stage.mail.mails();
    const own = mails.filter(({ from }) => from?.address === 'director1@example.test');
    for (const { headers } of own) assert.match(headers.find(({ key }) => key === 'received')?.value ?? '', 'ESMTPS');
    const sent = 'checkalived_notifications_total{result="delivered",channel=';
    await until('its counters are those of the receivers', () =>
      sees({
        [`${sent}"smtp"}`]: own.length,
        [`${sent}"webhook:ops"}`]: stage.webHook.deliveries('/agent').length,
        [`${sent}"alertmanager:first"} > bool 2`]: 1,
        [`${sent}"script"}`]: 7,
        'sum(checkalived_notifications_total{result!="delivered"}) or vector(0)': 0,
        'sum(checkalived_notifications_waiting)': 0,
      }),
    );
  });

  scene('the agent dies', async () => {
    await stage.agent.stop();
    await until('the pager is told', () => {
      const [told] = notifications('pager', 'AgentDown', 'checkalived');
      assert.is(told?.alerts[0]?.labels['instance'], stage.agent.address);
    });
  });
}

/** Each expression has this one value. */
async function sees(expected: Readonly<Record<string, number>>): Promise<void> {
  const found: Record<string, number | undefined> = {};
  for (const expression of Object.keys(expected)) {
    const [series, ...more] = await stage.query.query(expression, Date.now() / 1000);
    found[expression] = more.length > 0 ? Number.NaN : series && Number(series.value?.[1]);
  }
  assert.equal(found, expected);
}

/** Runs all dashboards until those panels have no data that cannot have any, and all others have. */
function show(moment: keyof typeof withoutData): Promise<Shown> {
  return until('every panel of every dashboard has the data that it must have', async () => {
    const chosen = { virtual_server: web, real_server: stage.servers[0]?.id ?? '' };
    const shown = await showDashboards(stage.prometheus.address, chosen, grafana);
    assert.is(list(shown.emptyQueries), list(withoutData[moment]));
    // Before anything has happened nothing took any time.
    if (moment !== 'up') assert.equal(shown.emptyColumns, []);
    return shown;
  });
}

/** A line for each panel. */
function list(counts: Readonly<Record<string, number>>): string {
  const lines = Object.entries(counts).map(([panel, count]) => `${panel}: ${count}`);
  return lines.sort().join('\n');
}

async function alertsOf(...names: readonly string[]): Promise<readonly AlertStatus[]> {
  const all = await stage.alertmanager.alerts();
  return all.filter(alert => names.some(name => nameOf(alert) === `Checkalived${name}`));
}

function nameOf({ labels }: AlertStatus): string {
  return labels['alertname'] ?? '';
}

function notifications(receiver: string, alert: string, job: string | undefined): readonly Notification[] {
  return notificationsOf(stage.webHook, receiver, `Checkalived${alert}`, job);
}

async function subjectsOfMails(): Promise<readonly string[]> {
  return (await stage.mail.mails()).map(({ subject }) => subject ?? '');
}

function has(all: readonly string[], one: string): void {
  assert.ok(all.includes(one), `${one} is none of\n${all.join('\n')}`);
}

function colour(name: string): string {
  return grafana.theme.visualization.getColorByName(name);
}

test.run();
