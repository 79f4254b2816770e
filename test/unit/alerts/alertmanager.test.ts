import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import * as assert from 'uvu/assert';
import { allAlerts } from '../../../alerts/rules/groups.ts';
import { fullName, type Severity } from '../../../alerts/rules/rule.ts';
import { isInstalled } from '../../support/installed.ts';
import { suite } from '../../support/suite.ts';

type Labels = Readonly<Record<string, string>>;

const test = suite('alerts/alertmanager', 60_000);
const file = resolve(import.meta.dirname, '../../../alerts/alertmanager.yml');
const receivers: Readonly<Record<Severity, string>> = { critical: 'pager', warning: 'chat', info: 'nobody' };

const lb1 = { job: 'checkalived', cluster: 'fra', instance: 'lb1:9650' };
const lb2 = { ...lb1, instance: 'lb2:9650' };
const ams = { ...lb1, cluster: 'ams', instance: 'lb3:9650' };
const v10 = { virtual_server: 'tcp/192.0.2.10:80' };
const v11 = { virtual_server: 'tcp/192.0.2.11:80' };

/** Of Alertmanager's API. */
interface Group {
  readonly receiver: { readonly name: string };
  readonly alerts: readonly { readonly labels: Labels }[];
}

interface Scene {
  readonly title: string;
  /** Alerts that fire together; those with `quiet` are told to nobody. */
  readonly alerts: readonly { readonly labels: Labels; readonly quiet?: true }[];
}

const scenes: readonly Scene[] = [
  {
    title: 'a virtual server that is down stands for its real servers, on standby too, and for no other',
    alerts: [
      { labels: alert('VirtualServerDown', 'critical', lb1, v10) },
      { labels: alert('VirtualServerDown', 'warning', lb2, v10), quiet: true },
      { labels: alert('RealServerDown', 'warning', lb1, v10), quiet: true },
      { labels: alert('RealServerDown', 'warning', lb2, v10), quiet: true },
      { labels: alert('ManyRealServersDown', 'warning', lb1, v10), quiet: true },
      { labels: alert('QuorumNear', 'warning', lb1, v10), quiet: true },
      { labels: alert('CheckSlow', 'warning', lb1, v10), quiet: true },
      { labels: alert('RealServerDown', 'warning', lb1, v11) },
      { labels: alert('RealServerDown', 'warning', ams, v10) },
      { labels: alert('CertificateExpiresSoon', 'warning', lb1, v10) },
      { labels: alert('SchedulerLag', 'warning', lb1) },
    ],
  },
  {
    title: 'what only the director on standby sees hides nothing of the one at work',
    alerts: [
      { labels: alert('VirtualServerDown', 'warning', lb2, v10) },
      { labels: alert('RealServerDown', 'warning', lb2, v10), quiet: true },
      { labels: alert('RealServerDown', 'warning', lb1, v10) },
    ],
  },
  {
    title: 'a director that sees everything down is told instead of all of its virtual servers',
    alerts: [
      { labels: alert('AllChecksFailing', 'critical', lb1) },
      { labels: alert('VirtualServerDown', 'critical', lb1, v10), quiet: true },
      { labels: alert('VirtualServerDown', 'critical', lb1, v11), quiet: true },
      { labels: alert('RealServerDown', 'warning', lb1, v11), quiet: true },
      { labels: alert('IpvsTrouble', 'critical', lb1) },
      { labels: alert('VirtualServerDown', 'critical', ams, v11) },
    ],
  },
  {
    title: 'an agent that does not answer is told instead of what it said last',
    alerts: [
      { labels: alert('AgentDown', 'critical', lb1) },
      { labels: alert('VirtualServerDown', 'critical', lb1, v10), quiet: true },
      { labels: alert('KeepalivedDown', 'critical', lb1), quiet: true },
      { labels: alert('KeepalivedDown', 'critical', lb2) },
      { labels: alert('VrrpNoMaster', 'critical', { job: 'checkalived', cluster: 'fra' }) },
      { labels: alert('Watchdog', 'info', {}) },
    ],
  },
  {
    title: 'a director that has just handed over is not told twice',
    alerts: [
      { labels: alert('IpvsTrouble', 'critical', lb1, { component: 'ipvs' }) },
      { labels: alert('IpvsTrouble', 'warning', lb1, { component: 'ipvs' }), quiet: true },
      { labels: alert('IpvsTrouble', 'warning', lb2, { component: 'ipvs' }) },
    ],
  },
  {
    title: 'causes stand for what follows, and many for one',
    alerts: [
      { labels: alert('ManyRealServersDown', 'warning', lb1, v10) },
      { labels: alert('RealServerDown', 'warning', lb1, v10), quiet: true },
      { labels: alert('CertificateExpiresSoon', 'critical', lb2, v11) },
      { labels: alert('CertificateExpiresSoon', 'warning', lb1, v11), quiet: true },
      { labels: alert('MailTrouble', 'warning', lb1) },
      { labels: alert('NotificationsFailing', 'warning', lb1, { channel: 'smtp' }), quiet: true },
      { labels: alert('NotificationsFailing', 'warning', lb1, { channel: 'slack:team' }) },
      { labels: alert('ChannelTrouble', 'warning', lb2) },
      { labels: alert('NotificationsFailing', 'warning', lb2, { channel: 'slack:team' }), quiet: true },
      { labels: alert('NotificationsFailing', 'warning', lb2, { channel: 'script' }) },
      { labels: alert('StoreTrouble', 'warning', lb1) },
      { labels: alert('StoreDropping', 'warning', lb1), quiet: true },
      { labels: alert('StoreDropping', 'warning', lb2) },
      { labels: alert('KeepalivedDown', 'warning', lb1) },
      { labels: alert('VrrpFault', 'warning', lb1), quiet: true },
    ],
  },
];

/** Alerts that are one notification: whom it goes to, and what it is of. */
const notifications: readonly { readonly receiver: string; readonly alerts: readonly Labels[] }[] = [
  {
    receiver: 'pager',
    alerts: [alert('VirtualServerDown', 'critical', lb1, v10), alert('QuorumLost', 'critical', lb2, v10)],
  },
  { receiver: 'pager', alerts: [alert('VirtualServerDown', 'critical', lb1, v11)] },
  { receiver: 'pager', alerts: [alert('VirtualServerDown', 'critical', ams, v10)] },
  {
    receiver: 'pager',
    alerts: [
      alert('AgentDown', 'critical', { ...lb1, instance: 'lb4:9650' }),
      alert('VrrpNoMaster', 'critical', { job: 'checkalived', cluster: 'fra' }, { vrrp_instance: 'VI_1' }),
    ],
  },
  { receiver: 'chat', alerts: [alert('SchedulerLag', 'warning', lb1), alert('StoreTrouble', 'warning', lb2)] },
  { receiver: 'nobody', alerts: [alert('SorryServerActive', 'info', lb1, v10)] },
  { receiver: 'dead-mans-switch', alerts: [alert('Watchdog', 'info', {})] },
];

test('the example names alerts that there are', () => {
  const names = allAlerts.map(fullName);
  const written = [...readFileSync(file, 'utf8').matchAll(/Checkalived(?:\(([\w|]+)\)|(\w+))(?:\((\w+\|\w+)\))?/g)];
  const found = written.flatMap(([, several, one = '', endings]) =>
    (
      several ??
      endings
        ?.split('|')
        .map(ending => one + ending)
        .join('|') ??
      one
    ).split('|'),
  );
  assert.ok(found.length > 20);
  for (const name of found) assert.ok(names.includes(`Checkalived${name}`), name);
});

if (isInstalled('amtool', 'prometheus-alertmanager')) {
  test('amtool finds nothing in the example', async () => {
    assert.match(await runAmtool(['check-config', file]), 'SUCCESS');
  });

  for (const each of allAlerts) {
    for (const { severity } of each.rules) {
      const receiver = each.name === 'Watchdog' ? 'dead-mans-switch' : receivers[severity];
      test(`${fullName(each)}, ${severity}, goes to ${receiver}`, async () => {
        const labels = [`alertname=${fullName(each)}`, `severity=${severity}`, 'job=checkalived', 'instance=lb1:9650'];
        const output = await runAmtool(['config', 'routes', 'test', `--config.file=${file}`, ...labels]);
        assert.is(output.trim(), receiver);
      });
    }
  }

  test('one cause is one notification, from however many directors', async () => {
    await withAlertmanager(async address => {
      await post(
        address,
        notifications.flatMap(({ alerts }) => alerts),
      );
      const expected = notifications.map(({ receiver, alerts }) => describe(receiver, alerts)).sort();
      let found: string[] = [];
      for (let turn = 0; turn < 500 && found.join() !== expected.join(); turn++) {
        const groups: Group[] = await (await fetch(`${address}/api/v2/alerts/groups`)).json();
        found = groups
          .map(({ receiver, alerts }) =>
            describe(
              receiver.name,
              alerts.map(({ labels }) => labels),
            ),
          )
          .sort();
      }
      assert.equal(found, expected);
    });
  });

  for (const { title, alerts } of scenes) {
    test(title, async () => {
      await withAlertmanager(async address => {
        await post(
          address,
          alerts.map(({ labels }) => labels),
        );
        const expected = alerts.filter(({ quiet }) => quiet).map(({ labels }) => nameOf(labels));
        let found: string[] = [];
        // Inhibitions are taken from a subscription, a moment after the alerts were: so it is to be right twice.
        for (let turn = 0, right = 0; turn < 500 && right < 2; turn++) {
          right = found.join() === expected.sort().join() ? right + 1 : 0;
          const all = await (await fetch(`${address}/api/v2/alerts`)).json();
          if (all.length !== alerts.length) continue;
          found = all
            .filter((one: { status: { inhibitedBy: unknown[] } }) => one.status.inhibitedBy.length > 0)
            .map((one: { labels: Labels }) => nameOf(one.labels))
            .sort();
        }
        assert.equal(found, expected.sort());
      });
    });
  }
}

function alert(name: string, severity: Severity, target: Labels, more: Labels = {}): Labels {
  return { alertname: `Checkalived${name}`, severity, ...target, ...more };
}

async function post(address: string, alerts: readonly Labels[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(alerts.map(labels => ({ labels })));
  const answer = await fetch(`${address}/api/v2/alerts`, { method: 'POST', headers, body });
  assert.is(answer.status, 200, await answer.text());
}

function describe(receiver: string, alerts: readonly Labels[]): string {
  return `${receiver}: ${alerts.map(nameOf).sort().join(', ')}`;
}

function nameOf(labels: Labels): string {
  return Object.keys(labels)
    .sort()
    .map(key => `${key}=${labels[key]}`)
    .join(' ');
}

function runAmtool(arguments_: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    execFile('amtool', [...arguments_], (fault, stdout, stderr) => {
      if (fault) fail(new Error(`${stdout}\n${stderr}`));
      else done(stdout);
    });
  });
}

/** A real Alertmanager with the example, on a free port. It tells nobody: its first notification is due after 30 s. */
async function withAlertmanager(work: (address: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'checkalived-alertmanager-'));
  const arguments_ = ['--web.listen-address=127.0.0.1:0', '--cluster.listen-address=', `--storage.path=${home}`];
  const child = spawn('prometheus-alertmanager', [`--config.file=${file}`, ...arguments_], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>(done => child.once('close', () => done()));
  try {
    await work(`http://${await readAddress(child)}`);
  } finally {
    child.kill('SIGKILL');
    await ended;
    rmSync(home, { recursive: true });
  }
}

async function readAddress(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  if (child.stderr) {
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
      if (address) return address;
    }
  }
  throw new Error(`Alertmanager did not start: ${said.join('\n')}`);
}

test.run();
