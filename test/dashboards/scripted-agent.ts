import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stateCode } from '../../dashboards/states.ts';
import { catalogue, type MetricFamily } from '../../src/metrics/catalogue.ts';
import { type ScriptedServer, type ScriptedService, services } from './scenario.ts';

/** Values of labels in the order of the family's, and the value; of a histogram the number of observations. */
export type Sample = readonly [labels: readonly string[], value: number];
export type Script = (turn: Turn) => readonly Sample[];

/** What each family has to say. */
export type Scripts = Readonly<Record<keyof typeof catalogue, Script>>;

/** A scrape: counters grow by it, and nothing else moves. */
export interface Turn {
  readonly number: number;
  readonly master: boolean;
  /** Seconds since 1970, of the agent's start. */
  readonly begin: number;
  readonly services: readonly ScriptedService[];
}

/** A director's agent that serves the whole catalogue, as it would be in the scenario. */
export class ScriptedAgent {
  readonly #server: Server;
  #turns = 0;

  constructor(master: boolean) {
    const begin = Math.floor(Date.now() / 1000) - 3600;
    this.#server = createServer((_, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(writeMetrics({ number: ++this.#turns, master, begin, services }));
    });
  }

  /** Resolves to `127.0.0.1:PORT`. */
  listen(): Promise<string> {
    return new Promise(resolve => {
      this.#server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(this.#server.address() as AddressInfo).port}`));
    });
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

const ofServices =
  (read: (service: ScriptedService, turn: Turn) => number): Script =>
  turn =>
    turn.services.map(service => [[service.id], read(service, turn)]);
const ofServers =
  (read: (server: ScriptedServer, turn: Turn) => number | null): Script =>
  turn =>
    eachServer(turn, server => [[[], read(server, turn)]]);
const one =
  (read: (turn: Turn) => number): Script =>
  turn => [[[], read(turn)]];
const counting = one(({ number }) => number);
/** Ten observations a turn. */
const observing = one(({ number }) => number * 10);

function eachServer(
  { services }: Turn,
  read: (server: ScriptedServer) => readonly (readonly [labels: readonly string[], value: number | null])[],
): readonly Sample[] {
  return services.flatMap(({ id, servers }) =>
    servers.flatMap(server =>
      read(server).flatMap(([labels, value]) => (value === null ? [] : [[[id, server.id, ...labels], value] as const])),
    ),
  );
}

/** It changes every fourth turn. */
const stateOf = ({ state }: ScriptedServer, { number }: Turn): keyof typeof stateCode =>
  state !== 'flapping' ? state : number % 8 < 4 ? 'down' : 'up';
const isUp = (server: ScriptedServer, turn: Turn): number => Number(stateOf(server, turn) !== 'down');
const traffic = (share: number): Script =>
  ofServers((server, { number, master }) => (master && server.state !== 'down' ? number * share : 0));

/** A family that is new has to be added. */
export const usual: Scripts = {
  buildInfo: () => [[['0.1.0', 'v20.20.2'], 1]],
  startTime: one(({ begin }) => begin),
  configReloads: ({ number }) => [
    [['ok'], number],
    [['invalid'], 1],
    [['failed'], 0],
  ],
  configReloadOk: one(() => 1),
  configReloadTime: one(({ begin, number }) => begin + 3590 + Math.floor(number / 10)),
  virtualServers: one(({ services }) => services.length),
  realServers: one(({ services }) => services.flatMap(({ servers }) => servers).length),
  checksConfigured: one(() => 9),
  probes: one(() => 7),
  trouble: ({ master }) => [
    [['store'], 0],
    [['ipvs'], 0],
    [['mail'], master ? 1 : 0],
  ],
  droppedResults: counting,
  droppedMinutes: counting,
  schedulerLag: observing,
  checksInFlight: one(() => 3),
  checksQueued: one(() => 1),
  checksOverrun: counting,
  ipvsSyncDuration: observing,
  ipvsSyncOperations: ({ number }) => [
    [['edit', 'ok'], number],
    [['add', 'failed'], Math.floor(number / 2)],
  ],
  ipvsDrift: () => [
    [['missing'], 0],
    [['extra'], 0],
    [['weight'], 1],
  ],
  notifications: ({ number }) => [
    [['smtp', 'delivered'], number],
    [['smtp', 'failed'], number],
    [['webhook', 'given_up'], number],
  ],
  notificationDuration: ({ number }) => [
    [['smtp'], number],
    [['webhook'], number],
  ],
  notificationsWaiting: () => [
    [['smtp'], 2],
    [['webhook'], 0],
  ],
  transitions: ({ number }) =>
    ['real_server', 'virtual_server', 'sorry_server', 'weight'].map(each => [[each], number]),
  storeSize: one(({ number }) => 1e6 + number),
  storeWriteErrors: counting,
  keepalivedUp: one(({ master }) => Number(master)),
  vrrpState: ({ master }) =>
    ['VI_1', 'VI_2'].flatMap(name =>
      // Of the second one both think that they are master.
      ['master', 'backup', 'fault', 'stop'].map(
        (state): Sample => [[name, state], Number(state === (master || name === 'VI_2' ? 'master' : 'backup'))],
      ),
    ),
  vrrpTransitions: ({ number }) => [
    [['VI_1', 'master'], number],
    [['VI_2', 'backup'], number],
  ],
  virtualServerInfo: ({ services }) =>
    services.map(({ id, address, port, fwmark }) => [[id, address, port, 'tcp', fwmark, 'wlc', 'dr'], 1]),
  virtualServerUp: ofServices(({ up }) => up),
  configuredRealServers: ofServices(({ servers }) => servers.length),
  availableRealServers: ofServices(({ servers }, turn) => servers.filter(server => isUp(server, turn)).length),
  quorum: ofServices(({ quorum }) => quorum),
  backupActive: ofServices(({ up }) => 1 - up),
  quorumTransitions: ({ number, services }) =>
    services.flatMap(({ id }) => ['up', 'down'].map((to): Sample => [[id, to], Math.floor(number / 5)])),
  ipvsConnections: ofServices((_, { number }) => number * 5),
  ipvsIncomingPackets: ofServices((_, { number }) => number * 50),
  ipvsOutgoingPackets: ofServices((_, { number }) => number * 60),
  ipvsIncomingBytes: ofServices((_, { number }) => number * 5e3),
  ipvsOutgoingBytes: ofServices((_, { number }) => number * 6e4),
  realServerUp: ofServers(isUp),
  lastTransition: ofServers((server, { number, begin }) =>
    server.state === 'unknown'
      ? null
      : server.state === 'flapping'
        ? begin + 3600 + Math.floor(number / 4) * 4
        : begin + (server.state === 'down' ? 3595 : 0),
  ),
  weight: ofServers(({ weight }) => weight),
  desiredWeight: ofServers(({ wanted }) => wanted),
  stateCode: ofServers((server, turn) => stateCode[stateOf(server, turn)]),
  serverTransitions: turn => eachServer(turn, () => ['up', 'down'].map(to => [[to], Math.floor(turn.number / 4)])),
  activeConnections: ofServers(({ state }, { master }) => (master && state !== 'down' ? 40 : 0)),
  inactiveConnections: ofServers(() => 7),
  serverConnections: traffic(3),
  serverIncomingPackets: traffic(30),
  serverOutgoingPackets: traffic(40),
  serverIncomingBytes: traffic(3e3),
  serverOutgoingBytes: traffic(4e4),
  certificateExpiry: ofServers((_, { begin }) => begin + 10 * 86_400),
  lastDuration: turn => eachServer(turn, () => [[['HTTP_GET'], 0.012]]),
  checks: ({ number, services }) =>
    services.flatMap(({ id }): Sample[] => [
      [[id, 'HTTP_GET', 'ok'], number * 2],
      [[id, 'HTTP_GET', 'refused'], number],
    ]),
  checkDuration: ({ number, services }) => services.map(({ id }) => [[id, 'HTTP_GET'], number * 3]),
  checkFailures: turn =>
    eachServer(turn, ({ reason }) =>
      reason === undefined
        ? []
        : [
            [[reason], 1 + turn.number],
            // Long ago it was another one, and more often.
            [['tls'], 1000],
          ],
    ),
};

/** Metrics of Node and of the process, as prom-client names them. */
const process = `# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total TURN
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 9e7
# TYPE nodejs_heap_size_used_bytes gauge
nodejs_heap_size_used_bytes 2e7
# TYPE process_open_fds gauge
process_open_fds 40
# TYPE process_max_fds gauge
process_max_fds 1024
# TYPE nodejs_gc_duration_seconds histogram
nodejs_gc_duration_seconds_bucket{le="+Inf",kind="minor"} TURN
nodejs_gc_duration_seconds_sum{kind="minor"} TURN
nodejs_gc_duration_seconds_count{kind="minor"} TURN
`;

/** What the agent serves. */
export function writeMetrics(turn: Turn, scripts: Scripts = usual): string {
  const families = Object.entries(catalogue).map(([key, family]: [string, MetricFamily]) => {
    const samples = scripts[key as keyof typeof catalogue](turn);
    const lines = samples.flatMap(sample => writeSample(family, sample));
    return `# HELP ${family.name} ${family.help}\n# TYPE ${family.name} ${family.type}\n${lines.join('\n')}\n`;
  });
  return families.join('') + process.replaceAll('TURN', String(turn.number / 10));
}

function writeSample({ name, labels, type, buckets = [] }: MetricFamily, [values, value]: Sample): string[] {
  const pairs = labels.map((label, index) => `${label}="${values[index]}"`);
  const write = (suffix: string, number: number, ...more: string[]): string =>
    `${name}${suffix}{${[...pairs, ...more].join(',')}} ${number}`;
  if (type !== 'histogram') return [write('', value)];
  // A half is in the first bucket, nine of ten in the second.
  const counts = buckets.map((_, index) => Math.floor(value * ([0.5, 0.9][index] ?? 1)));
  return [
    ...buckets.map((bound, index) => write('_bucket', counts[index] ?? 0, `le="${bound}"`)),
    write('_bucket', value, 'le="+Inf"'),
    write('_sum', value / 100),
    write('_count', value),
  ];
}
