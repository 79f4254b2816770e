import type { ScriptedServer, ScriptedService } from '../../../test/dashboards/scenario.ts';

/** Seconds from the end of the story: 600 is ten minutes ago. */
type Ago = number;

/** A server that is out now and then, and all that stays as it is. */
interface Plan extends Pick<ScriptedServer, 'id'> {
  readonly weight: number;
  /** When it was out: from, to. */
  readonly out?: readonly (readonly [from: Ago, to: Ago])[];
  readonly reason?: string;
  readonly drainedSince?: Ago;
  /** Somebody else wrote this weight. */
  readonly drift?: number;
  /** Days that its certificate is good for. */
  readonly certificate?: number;
  /** Its part of the traffic, beside its weight. */
  readonly slow?: true;
}

interface ServicePlan extends Pick<ScriptedService, 'id' | 'address' | 'port' | 'fwmark' | 'quorum'> {
  /** Connections a second by day. */
  readonly load: number;
  readonly servers: readonly Plan[];
}

export const length = 6 * 3600;
/** After the story. */
const ends = -1;
const flapping = Array.from({ length: 7 }, (_, index) => [3300 - index * 420, 3180 - index * 420] as const);

/** What an engineer is called for: a pool that lost a server, one that lost all, one server that flaps. */
export const plan: readonly ServicePlan[] = [
  {
    id: 'tcp/192.0.2.10:443',
    address: '192.0.2.10',
    port: '443',
    fwmark: '',
    quorum: 2,
    load: 420,
    servers: [
      { id: '10.0.0.11:443', weight: 3, certificate: 61 },
      { id: '10.0.0.12:443', weight: 3, out: [[740, ends]], reason: 'refused', certificate: 61 },
      { id: '10.0.0.13:443', weight: 3, drainedSince: 5400, certificate: 61 },
      { id: '10.0.0.14:443', weight: 3, out: flapping, reason: 'timeout_read', certificate: 9, slow: true },
    ],
  },
  {
    id: 'tcp/[2001:db8::10]:443',
    address: '2001:db8::10',
    port: '443',
    fwmark: '',
    quorum: 1,
    load: 60,
    servers: [
      { id: '[2001:db8::11]:443', weight: 1, out: [[1500, ends]], reason: 'timeout_connect', certificate: 61 },
      { id: '[2001:db8::12]:443', weight: 1, out: [[900, ends]], reason: 'certificate', certificate: 2 },
    ],
  },
  {
    id: 'tcp/192.0.2.20:25',
    address: '192.0.2.20',
    port: '25',
    fwmark: '',
    quorum: 1,
    load: 12,
    servers: [
      { id: '10.0.0.21:25', weight: 1 },
      { id: '10.0.0.22:25', weight: 1, drift: 5 },
    ],
  },
  {
    id: 'udp/192.0.2.53:53',
    address: '192.0.2.53',
    port: '53',
    fwmark: '',
    quorum: 1,
    load: 900,
    servers: [
      { id: '10.0.0.53:53', weight: 1 },
      { id: '10.0.0.54:53', weight: 1, out: [[2650, 2480]], reason: 'timeout_reply' },
    ],
  },
  {
    id: 'fwmark/7',
    address: '',
    port: '',
    fwmark: '7',
    quorum: 1,
    load: 150,
    servers: [
      { id: '10.0.0.31:0', weight: 2 },
      { id: '10.0.0.32:0', weight: 1 },
    ],
  },
];

/** A server as it was at a time of the story, with since when. */
export interface PlannedServer extends ScriptedServer {
  readonly plan: Plan;
  /** Seconds since 1970. */
  readonly since: number | null;
}

export interface PlannedService extends ScriptedService {
  readonly load: number;
  readonly servers: readonly PlannedServer[];
}

/** All servers as they were so many seconds before the end. */
export function servicesAt(ago: Ago, end: number): readonly PlannedService[] {
  return plan.map(({ servers: plans, ...service }) => {
    const servers = plans.map(each => serverAt(each, ago, end));
    const inService = servers.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
    return { ...service, up: inService >= service.quorum ? 1 : 0, servers };
  });
}

function serverAt(server: Plan, ago: Ago, end: number): PlannedServer {
  const { id, weight, out = [], reason, drainedSince = -1, drift } = server;
  const isOut = out.some(([from, to]) => ago <= from && ago > to);
  const isDrained = ago <= drainedSince;
  const changes = out.flat().filter(each => each >= ago && each !== ends);
  const wanted = isOut || isDrained ? 0 : weight;
  return {
    id,
    plan: server,
    state: isOut ? 'down' : isDrained ? 'draining' : 'up',
    weight: drift !== undefined && ago < 400 ? drift : wanted,
    wanted,
    since: changes.length > 0 ? end - Math.min(...changes) : end - length - 86_400,
    ...(isOut && reason !== undefined && { reason }),
  };
}
