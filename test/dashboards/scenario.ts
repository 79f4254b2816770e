import type { stateCode } from '../../dashboards/states.ts';

/** A real server of the scenario as both directors see it. */
export interface ScriptedServer {
  readonly id: string;
  readonly state: keyof typeof stateCode | 'flapping';
  /** null: it is not in the IPVS table. */
  readonly weight: number | null;
  readonly wanted: number | null;
  /** Why its checks fail. */
  readonly reason?: string;
}

export interface ScriptedService {
  readonly id: string;
  readonly address: string;
  readonly port: string;
  readonly fwmark: string;
  readonly up: 0 | 1;
  readonly quorum: number;
  readonly servers: readonly ScriptedServer[];
}

/** One of everything that the on-call engineer must be able to tell apart. */
export const services: readonly ScriptedService[] = [
  {
    id: 'tcp/192.0.2.10:80',
    address: '192.0.2.10',
    port: '80',
    fwmark: '',
    up: 1,
    quorum: 2,
    servers: [
      { id: '10.0.0.1:80', state: 'up', weight: 3, wanted: 3 },
      { id: '10.0.0.2:80', state: 'down', weight: 0, wanted: 0, reason: 'refused' },
      { id: '10.0.0.3:80', state: 'draining', weight: 0, wanted: 0 },
      { id: '10.0.0.4:80', state: 'up', weight: 1, wanted: 3 },
      { id: '10.0.0.5:80', state: 'flapping', weight: 1, wanted: 1, reason: 'status' },
    ],
  },
  {
    id: 'tcp/[2001:db8::1]:443',
    address: '2001:db8::1',
    port: '443',
    fwmark: '',
    up: 0,
    quorum: 1,
    servers: [
      { id: '[2001:db8::11]:443', state: 'down', weight: 0, wanted: 0, reason: 'timeout_connect' },
      { id: '[2001:db8::12]:443', state: 'down', weight: null, wanted: null, reason: 'certificate' },
    ],
  },
  {
    id: 'fwmark/7',
    address: '',
    port: '',
    fwmark: '7',
    up: 1,
    quorum: 1,
    servers: [
      { id: '10.0.0.2:80', state: 'flapping', weight: 1, wanted: 1, reason: 'status' },
      { id: '10.0.0.9:80', state: 'unknown', weight: 1, wanted: 1 },
    ],
  },
];

export const realServers = services.flatMap(({ servers }) => servers);
