import type { CheckTarget, Report } from '../src/model/check.ts';
import type { Params, Values } from '../src/model/params.ts';
import type { Ms } from '../src/model/time.ts';
import { type ProxyVersion, proxyVersions } from './proxy-protocol.ts';

/** Where a check connects to, from where, and how long each of its two phases may last. */
export interface ConnectionSpec {
  readonly address: string;
  readonly port: number;
  readonly localAddress?: string;
  readonly localPort?: number;
  readonly interface?: string;
  readonly mark?: number;
  readonly proxyProtocol?: ProxyVersion;
  readonly timeout: Ms;
}

/** The keywords that say what a checker connects to; the rows that only set the target, see `hasOwnTarget`. */
const targetParams: Params = [
  {
    name: 'connect_ip',
    type: { kind: 'address' },
    doc: 'Address to connect to.',
    default: 'address of the real server',
  },
  { name: 'connect_port', type: { kind: 'port' }, doc: 'Port to connect to.', default: 'port of the real server' },
  { name: 'bindto', type: { kind: 'address' }, doc: 'Local address to connect from; same family as the target.' },
  { name: 'bind_port', type: { kind: 'port' }, doc: 'Local port to connect from.', since: '1.2.13' },
  {
    name: 'bind_if',
    type: { kind: 'interface' },
    doc: 'Interface to connect through (SO_BINDTODEVICE).',
    since: '1.3.7',
  },
  {
    name: 'fwmark',
    type: { kind: 'int', min: 0, max: 2 ** 32 - 1 },
    doc: "Mark on the check's packets (SO_MARK); needs CAP_NET_ADMIN.",
    default: '0',
    since: '1.2.13',
  },
];

/** Rows that all checkers with a connection share. */
export const connectParams: Params = [
  ...targetParams,
  {
    name: 'proxy_protocol',
    type: { kind: 'choice', of: proxyVersions },
    doc: 'Sends the header of the PROXY protocol first, in the form for health checks: UNKNOWN in v1, LOCAL in v2.',
    default: 'none',
    ours: true,
  },
  {
    name: 'connect_timeout',
    type: { kind: 'timer', min: 0.000001, max: 4294.967295 },
    doc: 'Seconds for connecting, TLS handshake included, and as many again for the whole answer.',
    default: 'connect_timeout of the real server, else 5',
  },
];

/** The same for checkers that send datagrams: there is no connection to wait for. */
export const datagramParams: Params = connectParams.map(param =>
  param.name === 'connect_timeout'
    ? { ...param, doc: 'Seconds for the whole check, until what answers it is there.' }
    : param,
);

/** Makes the connection of a check from its block; null when it cannot be made as written (reported). */
export function planConnection(values: Values, target: CheckTarget, report: Report): ConnectionSpec | null {
  const route = planRoute(values, target, report);
  const proxyProtocol = values.get<ProxyVersion>('proxy_protocol');
  return route && { ...route, ...(proxyProtocol !== undefined && { proxyProtocol }) };
}

/** The same without the header of the PROXY protocol, for what has no place for it. */
export function planRoute(values: Values, target: CheckTarget, report: Report): ConnectionSpec | null {
  const address = values.get<string>('connect_ip') ?? target.address;
  const port = values.get<number>('connect_port') ?? target.port;
  const bindto = values.get<string>('bindto');
  const bindPort = values.get<number>('bind_port');
  let possible = true;
  const refuse = (code: string, message: string, name: string, hint: string): void => {
    report('error', code, message, values.has(name) ? values.spanOf(name) : values.span, hint);
    possible = false;
  };
  if (port === 0) {
    refuse('no-check-port', 'there is no port to connect to', 'connect_port', 'write connect_port');
  }
  if (/^fe[89ab][0-9a-f]:/i.test(address) && !values.has('bind_if')) {
    refuse(
      'link-local',
      `${address} is a link-local address, which needs an interface`,
      'connect_ip',
      'write bind_if with the interface that it is reached through',
    );
  }
  if (bindto !== undefined && bindto.includes(':') !== address.includes(':')) {
    refuse(
      'bind-family',
      `bindto ${bindto} and the target ${address} are of different families`,
      'bindto',
      'write both as IPv4 or both as IPv6',
    );
  }
  // keepalived core/layer4.c: without an address to bind to nothing is bound, the port neither.
  if (bindPort !== undefined && bindto === undefined) {
    const message = 'bind_port has no effect without bindto';
    report('warning', 'bind-port-alone', message, values.spanOf('bind_port'), 'write bindto too, or remove bind_port');
  }
  if (!possible) return null;
  const device = values.get<string>('bind_if');
  const mark = values.get<number>('fwmark') ?? 0;
  return {
    address,
    port,
    ...(bindto !== undefined && { localAddress: bindto }),
    ...(bindto !== undefined && bindPort !== undefined && { localPort: bindPort }),
    ...(device !== undefined && { interface: device }),
    ...(mark !== 0 && { mark }),
    timeout: values.get<Ms>('connect_timeout') ?? target.connectTimeout,
  };
}

/** Whether the block says anything about the target, connect_timeout aside. */
export function hasOwnTarget(values: Values): boolean {
  return targetParams.some(param => values.has(param.name));
}
