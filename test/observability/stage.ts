import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FaultServer } from '../../testing/fault-server.ts';
import { openPrometheus, type Prometheus } from '../../tools/dashboard-runner/prometheus.ts';
import { block, httpGet } from '../support/black-box.ts';
import { type PrometheusServer, startPrometheus } from '../support/prometheus-server.ts';
import { startScriptedServer } from '../support/scripted-server.ts';
import { testAuthority } from '../support/test-authority.ts';
import { until } from '../support/until.ts';
import { type Agent, startAgent } from './agent.ts';
import { type Alertmanager, startAlertmanager } from './alertmanager.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { type RealServer, startRealServer } from './real-servers.ts';
import { shorten } from './shorten.ts';
import { startWebHook, type WebHook } from './web-hook.ts';

export const web = 'tcp/192.0.2.10:443';
export const shop = 'tcp/192.0.2.20:80';
export const webHookSecret = 'a long random text';
/** Web servers of `web`, to which comes one that is checked by a command. */
const webServers = 7;
const shopServers = 3;

/** Everything that takes part. */
export interface Stage {
  readonly agent: Agent;
  readonly alertmanager: Alertmanager;
  readonly prometheus: PrometheusServer;
  readonly mail: MailServer;
  readonly webHook: WebHook;
  /** Of `web`, in the order of the configuration. */
  readonly servers: readonly RealServer[];
  /** The real server of `web` that is checked by a command, as we name it. */
  readonly commanded: string;
  readonly query: Prometheus;
  /** What the command exits with from now on. */
  exitWith(code: number): void;
  /** Ends all of it, and leaves nothing behind. */
  close(): Promise<void>;
}

/** Starts everything; what has been started is ended when something does not start. */
export async function openStage(): Promise<Stage> {
  const home = mkdtempSync(join(tmpdir(), 'checkalived-observability-'));
  // postfix's programs go through it.
  chmodSync(home, 0o755);
  const opened: (() => unknown)[] = [() => rmSync(home, { recursive: true })];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).reverse()) await end();
  };
  const open = async <Thing extends { stop(): Promise<void> }>(starting: Promise<Thing>): Promise<Thing> => {
    const thing = await starting;
    opened.push(thing.stop);
    return thing;
  };
  try {
    const authority = join(home, 'authority.pem');
    writeFileSync(authority, testAuthority.authority);
    const webHook = await open(startWebHook());
    const mail = await open(startMailServer(join(home, 'postfix')));
    const places = { webHook: webHook.address, mailPort: mail.port, authority };
    const alertmanager = await open(startAlertmanager(join(home, 'alertmanager'), places));
    const servers: RealServer[] = [];
    for (let number = 0; number < webServers; number++) {
      const server = await startRealServer(`127.0.0.${21 + number}`);
      opened.push(server.goDown);
      servers.push(server);
    }
    const others = await Promise.all(
      Array.from({ length: shopServers }, () => startScriptedServer({ urls: { '/': 'shop' } })),
    );
    opened.push(...others.map(server => server.close));
    const command = writeCommand(home);
    const configuration = [
      describeAgent(places, alertmanager),
      describeWeb(servers, command.path),
      describeShop(others),
    ].join('\n');
    // The mail server's certificate is of the authority of the tests.
    const agent = await open(startAgent(join(home, 'agent'), configuration, { NODE_EXTRA_CA_CERTS: authority }));
    // So that nothing changes while Prometheus looks, but what the scenario changes.
    await until('every check has a verdict', async () => {
      if (!(await fetch(`http://${agent.address}/readyz`)).ok) throw new Error(agent.said());
    });
    const rules = readFileSync(resolve(import.meta.dirname, '../../alerts/rules/checkalived.rules.yml'), 'utf8');
    const prometheus = await open(
      startPrometheus(join(home, 'prometheus'), {
        targets: [agent.address],
        labels: { cluster: 'test' },
        rules: shorten(rules),
        alertmanager: alertmanager.address,
      }),
    );
    const query = openPrometheus(prometheus.address);
    const { exitWith } = command;
    const commanded = '127.0.0.41:80';
    return { agent, alertmanager, prometheus, mail, webHook, servers, commanded, query, exitWith, close };
  } catch (fault) {
    await close();
    throw fault;
  }
}

/** A check by a command, which exits with what stands in a file. */
function writeCommand(home: string) {
  const [path, code] = [join(home, 'weigh'), join(home, 'code')];
  writeFileSync(path, `#!/bin/sh\nexit "$(cat ${code})"\n`, { mode: 0o755 });
  const exitWith = (number: number): void => writeFileSync(code, `${number}`);
  exitWith(0);
  return { path, exitWith };
}

function describeAgent({ webHook, mailPort }: { webHook: string; mailPort: number }, { address }: Alertmanager) {
  return [
    block(
      'global_defs',
      'router_id director1',
      block('notification_email', 'ops@example.test'),
      'notification_email_from director1@example.test',
      `smtp_server 127.0.0.1 ${mailPort}`,
    ),
    block(
      'checkalived',
      'smtp_tls starttls',
      'mail_window 2',
      'results_interval 0',
      block('webhook ops', `url ${webHook}/agent`, `secret "${webHookSecret}"`),
      block('alertmanager first', `url http://${address}`),
    ),
  ].join('\n');
}

function describeWeb(servers: readonly RealServer[], command: string): string {
  return block(
    'virtual_server 192.0.2.10 443',
    'protocol TCP',
    'lb_algo wlc',
    'lb_kind NAT',
    'delay_loop 1',
    'smtp_alert',
    'sorry_server 127.0.0.99 80',
    ...servers.map(({ address, port }) =>
      block(
        `real_server ${address} ${port}`,
        'weight 3',
        'notify_down "/bin/true"',
        block('SSL_GET', 'retry 0', block('url', 'path /')),
      ),
    ),
    block('real_server 127.0.0.41 80', 'weight 3', block('MISC_CHECK', `misc_path "${command}"`, 'misc_dynamic')),
  );
}

function describeShop(servers: readonly FaultServer[]): string {
  return block(
    'virtual_server 192.0.2.20 80',
    'protocol TCP',
    'lb_algo rr',
    'lb_kind NAT',
    'delay_loop 1',
    ...servers.map(({ port }) => block(`real_server 127.0.0.1 ${port}`, httpGet('path /'))),
  );
}
