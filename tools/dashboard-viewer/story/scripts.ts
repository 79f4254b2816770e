import { type Sample, type Script, type Scripts, type Turn, usual } from '../../../test/dashboards/scripted-agent.ts';
import { length, type PlannedServer, type PlannedService } from './plan.ts';

/** A scrape of the story. */
export interface StoryTurn extends Turn {
  readonly services: readonly PlannedService[];
  /** Seconds since 1970. */
  readonly time: number;
  /** Seconds to the end. */
  readonly ago: number;
  /** Seconds since the scrape before. */
  readonly passed: number;
}

/** When the director that is master now took over. */
const failover = 9000;
/** The mail server was away. */
const mailAway = [4200, 3000] as const;

/** What the agent of one director says in the course of the story: its counters are of this object. */
export function scriptStory(isFirst: boolean): Scripts {
  const counters = new Map<string, number>();
  const grow = (key: string, amount: number): number => {
    const value = (counters.get(key) ?? 0) + amount;
    counters.set(key, value);
    return Math.floor(value);
  };
  const told = (read: (turn: StoryTurn) => readonly Sample[]): Script => read as Script;
  const growing = (key: string, perSecond: (turn: StoryTurn) => number): Script =>
    told(turn => [[[], grow(key, perSecond(turn) * turn.passed)]]);
  const isMaster = ({ ago }: StoryTurn): boolean => ago > failover !== isFirst;
  const ofEach = (key: string, share: number): Script =>
    told(turn =>
      turn.services.map(service => [
        [service.id],
        grow(key + service.id, isMaster(turn) ? turn.passed * share * loadOf(service, turn) : 0),
      ]),
    );
  const ofServer = (key: string, share: number): Script =>
    told(turn =>
      eachOf(turn, (server, service) => [
        [service.id, server.id],
        grow(
          key + service.id + server.id,
          isMaster(turn) ? turn.passed * share * loadOf(service, turn) * partOf(server, service) : 0,
        ),
      ]),
    );
  const changes = (
    key: string,
    states: (turn: StoryTurn) => Readonly<Record<string, string>>,
  ): ((turn: StoryTurn) => string[]) => {
    let before: Readonly<Record<string, string>> = {};
    return turn => {
      const now = states(turn);
      const changed = Object.keys(now).filter(id => before[id] !== undefined && before[id] !== now[id]);
      before = now;
      for (const id of changed) grow(`${key}${id} ${now[id]}`, 1);
      return changed;
    };
  };
  const serverChanges = changes('server ', turn =>
    Object.fromEntries(
      eachOf(turn, (server, { id }) => [`${id} ${server.id}`, server.state === 'down' ? 'down' : 'up']),
    ),
  );
  const quorumChanges = changes('quorum ', ({ services }) =>
    Object.fromEntries(services.map(({ id, up }) => [id, up === 1 ? 'up' : 'down'])),
  );
  return {
    ...usual,
    startTime: told(({ time, ago }) => [[[], time + ago - length - 90_000]]),
    configReloads: told(({ ago }) => [
      [['ok'], ago < 5400 ? 4 : 3],
      [['invalid'], 1],
      [['failed'], 0],
    ]),
    configReloadTime: told(({ time, ago }) => [[[], time + ago - (ago <= 5400 ? 5400 : length + 8000)]]),
    checksConfigured: told(({ services }) => [[[], services.flatMap(({ servers }) => servers).length]]),
    probes: told(({ services }) => [[[], services.flatMap(({ servers }) => servers).length]]),
    trouble: told(turn => ['store', 'ipvs', 'mail'].map(part => [[part], Number(part === 'mail' && isAway(turn))])),
    droppedResults: told(() => [[[], 0]]),
    droppedMinutes: told(() => [[[], 0]]),
    storeWriteErrors: told(() => [[[], 0]]),
    checksOverrun: told(() => [[[], 0]]),
    checksInFlight: told(({ number }) => [[[], 1 + (number % 3)]]),
    checksQueued: told(() => [[[], 0]]),
    schedulerLag: growing('lag', () => 3),
    ipvsSyncDuration: growing('sync', () => 0.2),
    ipvsSyncOperations: told(turn => [
      [['edit', 'ok'], serverChanges(turn).reduce(() => grow('edit', 1), grow('edit', 0))],
      [['add', 'ok'], quorumChanges(turn).reduce(() => grow('add', 1), grow('add', 0))],
      [['edit', 'failed'], 0],
    ]),
    ipvsDrift: told(({ ago }) =>
      ['missing', 'extra', 'weight'].map(kind => [[kind], Number(kind === 'weight' && ago < 400)]),
    ),
    notifications: told(turn => [
      [['smtp', 'delivered'], grow('delivered', isAway(turn) ? 0 : turn.passed / 15)],
      [['smtp', 'failed'], grow('failed', isAway(turn) ? turn.passed / 15 : 0)],
      [['webhook', 'delivered'], grow('webhook', turn.passed / 15)],
      [['webhook', 'given_up'], 0],
    ]),
    notificationDuration: told(turn => ['smtp', 'webhook'].map(each => [[each], grow(`took${each}`, turn.passed / 9)])),
    notificationsWaiting: told(turn => [
      [['smtp'], isAway(turn) ? Math.floor((mailAway[0] - turn.ago) / 200) : 0],
      [['webhook'], 0],
    ]),
    storeSize: growing('store', ({ number }) => (number === 1 ? 3e5 : 900)),
    keepalivedUp: told(() => [[[], 1]]),
    vrrpState: told(turn =>
      ['VI_1', 'VI_2'].flatMap(name =>
        ['master', 'backup', 'fault', 'stop'].map((state): Sample => {
          const own = isMaster(turn)
            ? 'master'
            : !isFirst && turn.ago < failover && turn.ago > failover - 300
              ? 'fault'
              : 'backup';
          return [[name, state], Number(state === own)];
        }),
      ),
    ),
    vrrpTransitions: told(({ ago }) =>
      ['VI_1', 'VI_2'].flatMap(name =>
        ['master', 'backup', 'fault'].map((to): Sample => {
          const happened =
            ago <= failover &&
            (isFirst ? to === 'master' : to === 'fault' || (to === 'backup' && ago < failover - 300));
          return [[name, to], Number(happened)];
        }),
      ),
    ),
    quorumTransitions: told(({ services }) =>
      services.flatMap(({ id }) => ['up', 'down'].map((to): Sample => [[id, to], grow(`quorum ${id} ${to}`, 0)])),
    ),
    serverTransitions: told(turn =>
      eachOf(turn, (server, { id }) =>
        ['up', 'down'].map((to): Sample => [[id, server.id, to], grow(`server ${id} ${server.id} ${to}`, 0)]),
      ).flat(),
    ),
    transitions: told(turn => [
      [['real_server'], sumOf(counters, 'server ')],
      [['virtual_server'], sumOf(counters, 'quorum ')],
      [['sorry_server'], sumOf(counters, 'quorum ')],
      [['weight'], Number(turn.ago < 400)],
    ]),
    lastTransition: told(turn => eachOf(turn, (server, { id }) => [[id, server.id], server.since ?? 0])),
    backupActive: told(({ services }) =>
      services.filter(({ quorum, up }) => quorum > 0 && up >= 0).map(({ id, up }) => [[id], 1 - up]),
    ),
    ipvsConnections: ofEach('connections', 1),
    ipvsIncomingPackets: ofEach('in packets', 9),
    ipvsOutgoingPackets: ofEach('out packets', 11),
    ipvsIncomingBytes: ofEach('in bytes', 1800),
    ipvsOutgoingBytes: ofEach('out bytes', 21_000),
    serverConnections: ofServer('s connections', 1),
    serverIncomingPackets: ofServer('s in packets', 9),
    serverOutgoingPackets: ofServer('s out packets', 11),
    serverIncomingBytes: ofServer('s in bytes', 1800),
    serverOutgoingBytes: ofServer('s out bytes', 21_000),
    activeConnections: told(turn =>
      eachOf(turn, (server, service) => [
        [service.id, server.id],
        isMaster(turn) ? Math.round(loadOf(service, turn) * partOf(server, service) * (server.plan.slow ? 3 : 1)) : 0,
      ]),
    ),
    inactiveConnections: told(turn =>
      eachOf(turn, (server, service) => [
        [service.id, server.id],
        isMaster(turn) ? Math.round(loadOf(service, turn) * partOf(server, service) * 4) : 0,
      ]),
    ),
    certificateExpiry: told(({ services, time, ago }) =>
      services.flatMap(({ id, servers }) =>
        servers.flatMap(({ id: server, plan: { certificate } }): Sample[] =>
          certificate === undefined ? [] : [[[id, server], time + ago + certificate * 86_400 + 7200]],
        ),
      ),
    ),
    lastDuration: told(turn =>
      eachOf(turn, (server, { id }) => [[id, server.id, checkerOf(id)], durationOf(server, turn)]),
    ),
    checks: told(turn =>
      turn.services.flatMap(({ id, servers }): Sample[] => {
        const failed = servers.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
        const all = servers.flatMap(({ plan: { reason } }) => (reason === undefined ? [] : [reason]));
        return [
          [[id, checkerOf(id), 'ok'], grow(`ok ${id}`, ((servers.length - failed.length) * turn.passed) / 5)],
          ...all.map(
            (reason): Sample => [
              [id, checkerOf(id), reason],
              grow(`no ${id} ${reason}`, failed.includes(reason) ? turn.passed / 5 : 0),
            ],
          ),
        ];
      }),
    ),
    checkDuration: told(turn =>
      turn.services.map(({ id, servers }) => [
        [id, checkerOf(id)],
        grow(`took ${id}`, (servers.length * turn.passed) / 5),
      ]),
    ),
    checkFailures: told(turn =>
      eachOf(turn, (server, { id }): Sample[] =>
        server.plan.reason === undefined
          ? []
          : [
              [
                [id, server.id, server.plan.reason],
                grow(`why ${id} ${server.id}`, server.reason === undefined ? 0 : turn.passed / 5),
              ],
            ],
      ).flat(),
    ),
  };
}

function eachOf<Result>(
  { services }: StoryTurn,
  read: (server: PlannedServer, service: PlannedService) => Result,
): Result[] {
  return services.flatMap(service => service.servers.map(server => read(server, service)));
}

/** Waves, so that a line can be told from its neighbour. */
function loadOf({ load, up, id }: PlannedService, { time }: StoryTurn): number {
  const wave = 1 + 0.25 * Math.sin(time / 1700 + id.length) + 0.06 * Math.sin(time / 97 + id.length * 2);
  return up === 1 ? load * wave : 0;
}

function partOf({ weight }: PlannedServer, { servers }: PlannedService): number {
  const all = servers.reduce((sum, each) => sum + (each.weight ?? 0), 0);
  return all === 0 ? 0 : (weight ?? 0) / all;
}

function durationOf({ reason, plan }: PlannedServer, { number }: StoryTurn): number {
  if (reason?.startsWith('timeout')) return 3;
  return (plan.slow ? 0.4 : 0.012) * (1 + (number % 5) / 10);
}

function checkerOf(service: string): string {
  if (service.endsWith(':443')) return 'SSL_GET';
  if (service.endsWith(':25')) return 'SMTP_CHECK';
  return service.endsWith(':53') ? 'DNS_CHECK' : 'HTTP_GET';
}

function isAway({ ago }: StoryTurn): boolean {
  return ago < mailAway[0] && ago > mailAway[1];
}

function sumOf(counters: ReadonlyMap<string, number>, prefix: string): number {
  return [...counters].reduce((sum, [key, value]) => (key.startsWith(prefix) ? sum + value : sum), 0);
}
