import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { startProgram } from '../support/program.ts';
import { shorten } from './shorten.ts';

const example = resolve(import.meta.dirname, '../../alerts/alertmanager.yml');

/** Where notifications go in place of the example's addresses. */
export interface Destinations {
  /** `http://127.0.0.1:8080`; the receiver's name is the path. */
  readonly webHook: string;
  /** Port of the mail server on loopback, and the file of the authority of its certificate. */
  readonly mailPort: number;
  readonly authority: string;
}

/** Of its API. */
export interface AlertStatus {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: { readonly state: string; readonly inhibitedBy: readonly string[] };
}

/** A real Alertmanager with our example. */
export interface Alertmanager {
  /** `127.0.0.1:9093` */
  readonly address: string;
  /** Those that fire. */
  alerts(): Promise<readonly AlertStatus[]>;
  said(): string;
  stop(): Promise<void>;
}

/** All that it writes is in `folder`. */
export async function startAlertmanager(folder: string, destinations: Destinations): Promise<Alertmanager> {
  mkdirSync(folder);
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(config, adapt(readFileSync(example, 'utf8'), destinations));
  const { line, said, stop } = startProgram('prometheus-alertmanager', [
    `--config.file=${config}`,
    `--storage.path=${join(folder, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
    '--cluster.listen-address=',
  ]);
  const [, address = ''] = await line(/msg="Listening on" address=(\S+)/);
  return {
    address,
    alerts: async () => (await fetch(`http://${address}/api/v2/alerts`)).json() as Promise<AlertStatus[]>,
    said,
    stop,
  };
}

interface Route {
  readonly routes?: readonly Route[];
  readonly mute_time_intervals?: readonly string[];
}

interface Settings {
  readonly route: Route;
  readonly receivers: readonly { readonly name: string; readonly webhook_configs?: readonly object[] }[];
}

/**
 * The example as it is, but for three things: durations are shortened, nothing waits for the morning, and those who are
 * told by a web hook are told here, by ours and by mail; the dead man's switch by ours alone.
 */
function adapt(text: string, { webHook, mailPort, authority }: Destinations): string {
  const { route, receivers, ...others }: Settings = parse(shorten(text), { merge: true });
  const mail = {
    to: 'ops@example.test',
    from: 'alertmanager@example.test',
    hello: 'alertmanager.example.test',
    smarthost: `127.0.0.1:${mailPort}`,
    tls_config: { ca_file: authority },
    send_resolved: true,
  };
  const told = receivers.map(({ name, webhook_configs = [], ...more }) => ({
    name,
    ...more,
    ...(webhook_configs.length > 0 && {
      webhook_configs: webhook_configs.map(hook => ({ ...hook, url: `${webHook}/${name}` })),
      ...(name !== 'dead-mans-switch' && { email_configs: [mail] }),
    }),
  }));
  return stringify({ ...others, route: unmute(route), receivers: told }, { aliasDuplicateObjects: false });
}

function unmute({ mute_time_intervals: _, routes, ...route }: Route): Route {
  return { ...route, ...(routes && { routes: routes.map(unmute) }) };
}
