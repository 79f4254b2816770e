import type { LbKind, RealServer, ServiceKey, VirtualServer } from '../../model/server.ts';
import type { ConfigNode } from '../text/node.ts';
import { exampleService, tcpCheck } from './example.ts';
import { childrenOf, takes } from './nodes.ts';
import type { LintContext, LintRule } from './rule.ts';

const secureCheck = ['TCP_CHECK {', 'connect_port 443', '}'];

export const portChanged: LintRule = {
  code: 'port-changed',
  severity: 'warning',
  keepalived: true,
  meaning: 'A real server cannot have another port than its virtual_server here.',
  why: `With DR and TUN the director passes packets on as they are: they arrive at the real server with the port that the
client has written. Another port behind real_server or sorry_server is therefore never used for traffic. The check goes
to connect_port, else to the port of the service, so that what is checked is what clients get; keepalived's own check goes on
to the port that stands in the file, and may call a server up that answers no client.`,
  bad: {
    text: exampleService({
      head: '10.65.32.28 443',
      kind: 'DR',
      reals: { '10.65.32.13 443': secureCheck, '10.65.32.14 80': secureCheck },
    }),
  },
  good: {
    text: exampleService({
      head: '10.65.32.28 443',
      kind: 'DR',
      reals: { '10.65.32.13 443': tcpCheck, '10.65.32.14 443': tcpCheck },
    }),
  },
  find(context) {
    for (const server of context.drafts) {
      for (const real of server.realServers) findInRealServer(server, real, context);
      findInSorryServer(server, context);
    }
  },
};

function findInRealServer(server: VirtualServer, real: RealServer, { nodeAt, report }: LintContext): void {
  const { address, port, forwarding, span } = real;
  if (forwarding.kind === 'NAT') return;
  const node = nodeAt(span);
  const word = node?.words[1];
  const written = Number(word?.text ?? 0);
  if (node === undefined || word === undefined || !isChanged(written, forwarding, server.services)) return;
  const checks = real.checks.map(check => nodeAt(check.span)).filter(found => found !== undefined);
  const inherited = port === 0 ? written : port;
  const message = `${describe(server, address, written, port, forwarding)}; ${describeChecks(checks, inherited)}.`;
  report(word.span, message, advise(server, 'real_server', address, written, port));
}

function findInSorryServer({ sorryServer, services, span, ...server }: VirtualServer, context: LintContext): void {
  if (sorryServer === null) return;
  const word = childrenOf(context.nodeAt(span), 'sorry_server').at(-1)?.words[1];
  const written = Number(word?.text ?? 0);
  const { address, port, forwarding } = sorryServer;
  if (word === undefined || !isChanged(written, forwarding, services)) return;
  const whole = { ...server, sorryServer, services, span };
  const message = `${describe(whole, address, written, port, forwarding)}.`;
  context.report(word.span, message, advise(whole, 'sorry_server', address, written, port));
}

/** keepalived check/check_data.c:validate_check_config. */
function isChanged(written: number, forwarding: LbKind, services: readonly ServiceKey[]): boolean {
  if (written === 0 || forwarding.kind === 'NAT') return false;
  return services.some(service => service.kind === 'fwmark' || service.port !== written);
}

function describe(server: VirtualServer, address: string, written: number, port: number, { kind }: LbKind): string {
  if (port === 0 || server.services.some(service => service.kind === 'fwmark')) {
    const what = server.target.kind === 'address' ? 'is on all ports' : 'is a fwmark';
    return `${kind} leaves the port alone, and ${server.name} ${what}: in the table ${address} has no port, and not ${written}`;
  }
  return `${kind} leaves the port alone: traffic for ${server.name} reaches ${address} at port ${portsOf(server, written)}, not at ${written}`;
}

function portsOf({ services }: VirtualServer, written: number): string {
  const ports = services
    .map(service => (service.kind === 'address' ? service.port : 0))
    .filter(each => each !== written);
  return [...new Set(ports)].join(' and ');
}

/** Where the checks of a real server go, `inherited` where nothing else is said. */
function describeChecks(checks: readonly ConfigNode[], inherited: number): string {
  const connecting = [...new Set(checks)].filter(check => takes(check, 'connect_port'));
  const ports = [...new Set(connecting.flatMap(check => checkedPorts(check, inherited)))];
  const [first, ...others] = connecting;
  if (first === undefined) return 'no check of it goes to a port';
  const whose = others.length === 0 ? `its ${first.param.name} goes` : 'its checks go';
  return `${whose} to port ${ports.join(' and ')}`;
}

/** Those of its `host` blocks, if it has any. */
function checkedPorts(check: ConfigNode, inherited: number): readonly number[] {
  const hosts = check.nodes.filter(child => takes(child, 'connect_port'));
  if (hosts.length > 0) return hosts.flatMap(host => checkedPorts(host, inherited));
  return [Number(childrenOf(check, 'connect_port').at(-1)?.words[0]?.text ?? inherited)];
}

function advise(
  { target, services }: VirtualServer,
  keyword: 'real_server' | 'sorry_server',
  address: string,
  written: number,
  port: number,
): string {
  const isMark = services.some(service => service.kind === 'fwmark');
  if (target.kind === 'group' && !isMark && port === written)
    return 'Write a group and a virtual_server of its own for each port.';
  const right =
    isMark || port === 0 ? `Write ${keyword} ${address} without a port` : `Write ${keyword} ${address} ${port}`;
  return keyword === 'sorry_server'
    ? `${right}.`
    : `${right}; a check that is to go to port ${written} says connect_port ${written}.`;
}
