import { formatEndpoint } from '../model/endpoint.ts';
// The text of `ipvsadm -Sn`, of `ipvsadm -Ln --thresholds` (the first says nothing of thresholds) and of the lines
// that `ipvsadm -R` reads, as ipvsadm 1.31 has them.
import type { IpvsCommand, IpvsDestination, IpvsService, IpvsTable } from '../model/ipvs.ts';
import type { Family, LbKind, Persistence, Protocol, ServiceKey, Tunnel } from '../model/server.ts';

/**
 * Reads a table.
 * @param saved stdout of `ipvsadm -Sn`
 * @param thresholds stdout of `ipvsadm -Ln --thresholds`; without it every threshold is 0
 * @throws Error on a line that is not understood: acting on half a table would be worse than not acting
 */
export function parseSaved(saved: string, thresholds = ''): IpvsTable {
  const limits = parseThresholds(thresholds);
  const services: { service: IpvsService; destinations: IpvsDestination[] }[] = [];
  const destinationsOf = new Map<string, IpvsDestination[]>();
  for (const line of saved.split('\n')) {
    if (line === '') continue;
    const words = new Words(line);
    const verb = words.next();
    const key = parseServiceKey(words);
    const name = serviceOption(key);
    if (verb === '-A') {
      const destinations: IpvsDestination[] = [];
      services.push({ service: parseService(key, words), destinations });
      destinationsOf.set(name, destinations);
    } else if (verb === '-a') {
      const owner = destinationsOf.get(name);
      if (!owner) throw words.fault('a destination before its service');
      const destination = parseDestination(words);
      const { address, port } = destination;
      const limit = limits.size > 0 ? limits.get(`${name} ${formatEndpoint(address, port)}`) : undefined;
      owner.push(limit ? { ...destination, ...limit } : destination);
    } else throw words.fault(`unknown command ${verb}`);
  }
  return { services };
}

/** One line of input for `ipvsadm -R`, without the line feed. */
export function commandText(command: IpvsCommand): string {
  switch (command.type) {
    case 'add-service':
      return `-A ${serviceWords(command.service)}`;
    case 'edit-service':
      return `-E ${serviceWords(command.service)}`;
    case 'delete-service':
      return `-D ${serviceOption(command.service.key)}`;
    case 'add-destination':
      return `-a ${serviceOption(command.service)} ${destinationWords(command.destination)}`;
    case 'edit-destination':
      return `-e ${serviceOption(command.service)} ${destinationWords(command.destination)}`;
    case 'delete-destination':
      return `-d ${serviceOption(command.service)} -r ${endpointWord(command.destination)}`;
  }
}

function serviceWords(service: IpvsService): string {
  const { persistence, schedulerFlags } = service;
  return [
    serviceOption(service.key),
    `-s ${word(service.scheduler)}`,
    ...(persistence ? [`-p ${persistence.timeout}`] : []),
    ...(persistence?.granularity ? [`-M ${word(persistence.granularity)}`] : []),
    ...(persistence?.engine ? [`--pe ${word(persistence.engine)}`] : []),
    ...(service.onePacket ? ['-o'] : []),
    ...(schedulerFlags.length > 0 ? [`-b ${schedulerFlags.map(word).join(',')}`] : []),
  ].join(' ');
}

function destinationWords(destination: IpvsDestination): string {
  const { upperThreshold, lowerThreshold } = destination;
  return [
    `-r ${endpointWord(destination)}`,
    forwardingWords(destination.forwarding),
    `-w ${destination.weight}`,
    ...(upperThreshold > 0 ? [`-x ${upperThreshold}`] : []),
    ...(lowerThreshold > 0 ? [`-y ${lowerThreshold}`] : []),
  ].join(' ');
}

function forwardingWords(forwarding: LbKind): string {
  if (forwarding.kind === 'NAT') return '-m';
  if (forwarding.kind === 'DR') return '-g';
  const { tunnel } = forwarding;
  // ipvsadm refuses a checksum option for ipip, and a port for ipip and gre.
  if (!tunnel || tunnel.type === 'ipip') return '-i';
  return [
    `-i --tun-type ${tunnel.type}`,
    ...(tunnel.type === 'gue' && tunnel.port !== undefined ? [`--tun-port ${tunnel.port}`] : []),
    `--tun-${tunnel.checksum ?? 'nocsum'}`,
  ].join(' ');
}

const protocolOptions: Readonly<Record<Protocol, string>> = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' };

/** `-t 10.0.0.1:80`, `-f 7 -6`. */
function serviceOption(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `-f ${key.fwmark}${key.family === 'inet6' ? ' -6' : ''}`;
  return `${protocolOptions[key.protocol]} ${endpointWord(key)}`;
}

function endpointWord(endpoint: { readonly address: string; readonly port: number }): string {
  return formatEndpoint(word(endpoint.address), endpoint.port);
}

/** A name from a file must stay one word of one line: ipvsadm then refuses it by itself, and nothing else. */
function word(text: string): string {
  return text.replace(/^-|[^\w.:-]/g, '_') || '_';
}

class Words {
  readonly #line: string;
  readonly #words: string[];
  #position = 0;

  constructor(line: string) {
    this.#line = line;
    this.#words = line.trimEnd().split(' ');
  }

  next(): string {
    const found = this.#words[this.#position++];
    if (found === undefined) throw this.fault('it ends too early');
    return found;
  }

  /** Takes the next word if it is this one. */
  skip(expected: string): boolean {
    if (this.#words[this.#position] !== expected) return false;
    this.#position++;
    return true;
  }

  ended(): boolean {
    return this.#position >= this.#words.length;
  }

  fault(why: string): Error {
    return new Error(`ipvsadm printed a line that is not understood (${why}): ${this.#line}`);
  }
}

function parseServiceKey(words: Words): ServiceKey {
  const option = words.next();
  if (option === '-f') {
    const fwmark = parseCount(words);
    return { kind: 'fwmark', fwmark, family: words.skip('-6') ? 'inet6' : 'inet' };
  }
  const protocol = (['TCP', 'UDP', 'SCTP'] as const).find(name => protocolOptions[name] === option);
  if (!protocol) throw words.fault(`unknown service option ${option}`);
  return { kind: 'address', protocol, ...parseEndpoint(words) };
}

function parseService(key: ServiceKey, words: Words): IpvsService {
  let scheduler = '';
  let onePacket = false;
  let schedulerFlags: readonly string[] = [];
  let timeout = 0;
  let details: Omit<Persistence, 'timeout'> = {};
  while (!words.ended()) {
    const option = words.next();
    if (option === '-s') scheduler = words.next();
    else if (option === '-o') onePacket = true;
    // For sh and mh with flag-3 alone it prints `-b` and no flag.
    else if (option === '-b') schedulerFlags = words.ended() ? [] : words.next().split(',');
    else if (option === '-p') timeout = parseCount(words);
    else if (option === '-M') details = { ...details, granularity: words.next() };
    else if (option === '--pe') details = { ...details, engine: words.next() };
    else throw words.fault(`unknown option ${option}`);
  }
  const persistence = timeout > 0 ? { timeout, ...details } : null;
  return { key, scheduler, schedulerFlags, onePacket, persistence };
}

function parseDestination(words: Words): IpvsDestination {
  if (!words.skip('-r')) throw words.fault('no real server');
  const endpoint = parseEndpoint(words);
  let kind: LbKind['kind'] | null = null;
  let weight = 1;
  let tunnel: Tunnel = { type: 'ipip' };
  while (!words.ended()) {
    const option = words.next();
    if (option === '-m') kind = 'NAT';
    else if (option === '-g') kind = 'DR';
    else if (option === '-i') kind = 'TUN';
    else if (option === '-w') weight = parseCount(words);
    else if (option === '--tun-type') tunnel = { ...tunnel, type: parseTunnelType(words) };
    else if (option === '--tun-port') tunnel = { ...tunnel, port: parseCount(words) };
    else if (option === '--tun-nocsum') tunnel = { ...tunnel, checksum: 'nocsum' };
    else if (option === '--tun-csum') tunnel = { ...tunnel, checksum: 'csum' };
    else if (option === '--tun-remcsum') tunnel = { ...tunnel, checksum: 'remcsum' };
    else throw words.fault(`unknown option ${option}`);
  }
  if (!kind) throw words.fault('no forwarding method');
  const forwarding: LbKind = kind === 'TUN' ? { kind, tunnel } : { kind };
  return { ...endpoint, forwarding, weight, upperThreshold: 0, lowerThreshold: 0 };
}

function parseTunnelType(words: Words): Tunnel['type'] {
  const text = words.next();
  const type = (['ipip', 'gue', 'gre'] as const).find(name => name === text);
  if (!type) throw words.fault(`unknown tunnel type ${text}`);
  return type;
}

function parseEndpoint(words: Words): { address: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(words.next());
  const address = match?.[1] ?? match?.[2];
  if (address === undefined) throw words.fault('no address and port');
  return { address, port: Number(match?.[3]) };
}

function parseCount(words: Words): number {
  const text = words.next();
  if (!/^\d+$/.test(text)) throw words.fault(`${text} is no number`);
  return Number(text);
}

interface Limits {
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
}

/** By service option and destination, only where one is set. Its headings are told from its rows by their shape. */
function parseThresholds(listing: string): ReadonlyMap<string, Limits> {
  const limits = new Map<string, Limits>();
  let service = '';
  for (const line of listing.split('\n')) {
    const destination = /^ +-> +(\S+:\d+) +(\d+) +(\d+) /.exec(line);
    if (destination) {
      const [upperThreshold, lowerThreshold] = [Number(destination[2]), Number(destination[3])];
      if (upperThreshold + lowerThreshold > 0) {
        limits.set(`${service} ${destination[1]}`, { upperThreshold, lowerThreshold });
      }
      continue;
    }
    const address = /^(TCP|UDP|SCTP) +(\S+:\d+) /.exec(line);
    const fwmark = /^FWM +(\d+)( IPv6)? /.exec(line);
    if (address) service = `${protocolOptions[address[1] as Protocol]} ${address[2]}`;
    else if (fwmark) {
      const family: Family = fwmark[2] ? 'inet6' : 'inet';
      service = serviceOption({ kind: 'fwmark', fwmark: Number(fwmark[1]), family });
    }
  }
  return limits;
}
