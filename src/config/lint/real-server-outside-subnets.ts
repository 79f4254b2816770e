import type { HostAddress } from '../../model/ports.ts';
import type { RealServer, VirtualServer } from '../../model/server.ts';
import { editDistance } from '../nearest.ts';
import { formatAddress, type NumericAddress, parseAddress } from '../values/addresses.ts';
import { exampleService, tcpCheck } from './example.ts';
import type { LintContext, LintRule } from './rule.ts';
import { formatSubnet, isInside, moveInto, readAddresses, readLinkRoutes, type Subnet, subnetOf } from './subnets.ts';

/** Where nothing says how long prefixes are. */
const usualPrefix = { inet: 24, inet6: 64 } as const;
/** More letters to change than this is another address, not a slip. */
const furthestSlip = 2;

const example = (typed: string) =>
  exampleService({
    head: '10.65.32.29 80',
    kind: 'DR',
    reals: { '10.65.32.22 80': tcpCheck, [`${typed} 80`]: tcpCheck },
  });
const addresses: readonly HostAddress[] = [{ interface: 'bond0', address: '10.65.32.5', prefix: 23 }];

export const realServerOutsideSubnets: LintRule = {
  code: 'real-server-outside-subnets',
  severity: 'warning',
  keepalived: false,
  meaning: 'A DR real server is in no subnet that the director is on.',
  why: `With DR the director hands packets to the real server itself, on a link that both are on: there is no router in between,
and none would know what to do with a packet for the virtual address. A real server in a foreign subnet is mostly a typing error; its check may even
pass, by way of a router, while clients get no answer. The subnets are those of this host's addresses and of the addresses
with a prefix length in the file. Where the file is read on another host the real servers' own majority counts too: most of
them in one /24 (IPv6: /64).`,
  bad: { text: example('110.65.32.23'), addresses },
  good: { text: example('10.65.32.23'), addresses },
  find(context) {
    let places: Places | null = null;
    for (const server of context.drafts) {
      const reals = server.realServers.filter(({ forwarding }) => forwarding.kind === 'DR');
      if (reals.length === 0) continue;
      places ??= listPlaces(context);
      findInServer(server, reals, places, context);
    }
  },
};

/** An address of an interface, and the subnet that it makes the interface a part of. */
interface Place extends Pick<HostAddress, 'address' | 'interface'> {
  readonly subnet: Subnet | null;
}
interface Places {
  readonly ofHost: readonly Place[];
  readonly all: readonly Place[];
}
interface Located {
  readonly real: RealServer;
  readonly numeric: NumericAddress;
}

function listPlaces({ config: { vrrp }, addresses: host }: LintContext): Places {
  const locate = ({ address, prefix, interface: device }: HostAddress): Place => ({
    address,
    interface: device,
    subnet: subnetOf(parseAddress(address), prefix),
  });
  const ofHost = host.map(locate);
  const onLinks = readLinkRoutes(vrrp).map(route => ({ address: '', ...route }));
  return { ofHost, all: [...ofHost, ...readAddresses(vrrp).map(locate), ...onLinks] };
}

function findInServer(
  server: VirtualServer,
  reals: readonly RealServer[],
  { ofHost, all }: Places,
  { nodeAt, report }: LintContext,
): void {
  const located = reals.flatMap((real): Located[] => {
    const numeric = parseAddress(real.address);
    return numeric === null || isLoopback(real.address) ? [] : [{ real, numeric }];
  });
  const foreign = located.filter(
    ({ numeric }) => !all.some(({ subnet }) => subnet !== null && isInside(numeric, subnet)),
  );
  if (foreign.length === 0) return;
  const virtual = virtualAddresses(server);
  const links = findLinks(virtual, all);
  const isDirector = ofHost.some(place => links.includes(place) && place.subnet !== null);
  const majority = isDirector ? null : findMajority(located, links.length === 0 ? virtual : []);
  const subnets = links.map(({ subnet }) => subnet).filter(subnet => subnet !== null);
  const own = majority === null ? subnets : [...subnets, majority];
  // Not one of them where the file says: they are on a side of the director that it does not tell of.
  if (own.length === 0 || (!isDirector && majority === null && foreign.length === located.length)) return;
  const strangers = foreign.filter(({ numeric }) => majority === null || !isInside(numeric, majority));
  if (strangers.length === 0) return;
  const known = new Set([...virtual, ...located.map(({ numeric }) => numeric)].map(formatAddress));
  for (const { real, numeric } of strangers) {
    const where =
      majority === null || subnets.some(subnet => isInside(majority.first, subnet))
        ? `is in no subnet of ${nameLinks(links)}`
        : `is not in ${formatSubnet(majority)} like the other addresses of ${server.name}`;
    const message = `${real.address} ${where}, and DR reaches only what is on a link of the director.`;
    const meant = findMeant(numeric, own, located, known);
    const advice = 'Correct the address, or write lvs_method NAT or TUN for a real server behind a router.';
    const span = nodeAt(real.span)?.words[0]?.span ?? real.span;
    report(span, message, meant === null ? advice : `Did you mean ${meant}?`);
  }
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function virtualAddresses({ services }: VirtualServer): readonly NumericAddress[] {
  const addresses = new Set(services.map(service => (service.kind === 'address' ? service.address : '')));
  return [...addresses].map(parseAddress).filter(address => address !== null);
}

/** All places on the interfaces that have a virtual address, or a subnet with it. */
function findLinks(virtual: readonly NumericAddress[], places: readonly Place[]): readonly Place[] {
  const texts = new Set(virtual.map(formatAddress));
  const isOn = ({ address, subnet }: Place) =>
    texts.has(address) || (subnet !== null && virtual.some(each => isInside(each, subnet)));
  const devices = new Set(places.filter(isOn).map(place => place.interface));
  return places.filter(place => place.subnet !== null && devices.has(place.interface));
}

/** The usual subnet with more than half of the real servers; `virtual` votes with them. */
function findMajority(located: readonly Located[], virtual: readonly NumericAddress[]): Subnet | null {
  const voters = [...located.map(({ numeric }) => numeric), ...virtual];
  const votes = new Map<bigint, { readonly subnet: Subnet; count: number }>();
  for (const voter of voters) {
    const subnet = subnetOf(voter, usualPrefix[voter.family]);
    if (subnet === null) continue;
    const vote = votes.get(subnet.first.value) ?? { subnet, count: 0 };
    vote.count++;
    votes.set(subnet.first.value, vote);
  }
  const winner = [...votes.values()].find(({ count }) => count > 1 && count * 2 > voters.length);
  const isChosen = winner !== undefined && located.some(({ numeric }) => isInside(numeric, winner.subnet));
  return isChosen ? winner.subnet : null;
}

function nameLinks(links: readonly Place[]): string {
  const devices = new Map<string, Set<string>>();
  for (const { interface: device, subnet } of links) {
    if (subnet !== null) devices.set(device, (devices.get(device) ?? new Set()).add(formatSubnet(subnet)));
  }
  return [...devices]
    .map(([device, subnets]) => `${device === '' ? 'the virtual address' : device} (${[...subnets].join(', ')})`)
    .join(' and ');
}

/** The address in a subnet, not used yet, that looks most like the one that is written. */
function findMeant(
  written: NumericAddress,
  subnets: readonly Subnet[],
  located: readonly Located[],
  known: ReadonlySet<string>,
): string | null {
  const inside = located.filter(({ numeric }) => subnets.some(subnet => isInside(numeric, subnet)));
  const near = inside
    .map(({ numeric }) => subnetOf(numeric, usualPrefix[numeric.family]))
    .filter(each => each !== null);
  const text = formatAddress(written);
  let best: string | null = null;
  let least = furthestSlip + 1;
  for (const subnet of [...near, ...subnets]) {
    if (subnet.first.family !== written.family) continue;
    const candidate = formatAddress(moveInto(subnet, written));
    const distance = known.has(candidate) ? least : editDistance(text, candidate);
    if (distance >= least) continue;
    best = candidate;
    least = distance;
  }
  return best;
}
