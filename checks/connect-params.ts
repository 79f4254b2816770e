import type { CheckTarget, Report } from '../src/model/check.ts';
import type { Params, Values } from '../src/model/params.ts';
import type { Ms } from '../src/model/time.ts';

/** Where a check connects to, from where, and how long each of its two phases may last. */
export interface ConnectionSpec {
  readonly address: string;
  readonly port: number;
  readonly localAddress?: string;
  readonly localPort?: number;
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
    doc: 'Interface to connect through (SO_BINDTODEVICE). Not possible here: reported as an error.',
    since: '1.3.7',
  },
  {
    name: 'fwmark',
    type: { kind: 'int', min: 0, max: 2 ** 32 - 1 },
    doc: "Mark on the check's packets (SO_MARK). Not possible here: anything but 0 is reported as an error.",
    default: '0',
    since: '1.2.13',
  },
];

/** Rows that all checkers with a connection share. */
export const connectParams: Params = [
  ...targetParams,
  {
    name: 'connect_timeout',
    type: { kind: 'timer', min: 0.000001, max: 4294.967295 },
    doc: 'Seconds for connecting, TLS handshake included, and as many again for the whole answer.',
    default: 'connect_timeout of the real server, else 5',
  },
];

/** Makes the connection of a check from its block; null when it cannot be made as written (reported). */
export function planConnection(values: Values, target: CheckTarget, report: Report): ConnectionSpec | null {
  const address = values.get<string>('connect_ip') ?? target.address;
  const port = values.get<number>('connect_port') ?? target.port;
  const bindto = values.get<string>('bindto');
  const bindPort = values.get<number>('bind_port');
  let possible = true;
  const refuse = (code: string, message: string, name: string, hint: string): void => {
    report('error', code, message, values.has(name) ? values.spanOf(name) : values.span, hint);
    possible = false;
  };
  if (values.has('bind_if')) {
    refuse(
      'bind-if',
      'bind_if is not supported: the check would leave by another interface',
      'bind_if',
      'use bindto with an address of that interface',
    );
  }
  if ((values.get<number>('fwmark') ?? 0) !== 0) {
    refuse(
      'check-fwmark',
      'fwmark in a checker is not supported: the packets would not be marked',
      'fwmark',
      'use bindto and a routing rule for that address',
    );
  }
  if (port === 0) {
    refuse('no-check-port', 'there is no port to connect to', 'connect_port', 'write connect_port');
  }
  if (/^fe[89ab][0-9a-f]:/i.test(address) && !values.has('bind_if')) {
    refuse(
      'link-local',
      `${address} is a link-local address, which needs an interface`,
      'connect_ip',
      'use another address of the server with connect_ip',
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
    report('warning', 'bind-port-alone', 'bind_port has no effect without bindto', values.spanOf('bind_port'));
  }
  if (!possible) return null;
  const timeout = values.get<Ms>('connect_timeout') ?? target.connectTimeout;
  if (bindto === undefined) return { address, port, timeout };
  return { address, port, localAddress: bindto, ...(bindPort !== undefined && { localPort: bindPort }), timeout };
}

/** Whether the block says anything about the target, connect_timeout aside. */
export function hasOwnTarget(values: Values): boolean {
  return targetParams.some(param => values.has(param.name));
}
