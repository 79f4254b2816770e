import { formatAddress, parseAddress } from '../values/addresses.ts';
import { type Host, readHost, readPort } from './address.ts';
import type { Notes } from './notes.ts';
import type { Setting, VirtualSection } from './parse.ts';

export type Forwarding = 'DR' | 'NAT' | 'TUN';

/** Behind `virtual`. A fault of the host leaves the whole service out. */
export type Target =
  | { readonly kind: 'fwmark'; readonly mark: number }
  | { readonly kind: 'address'; readonly host: Host; readonly port: number };

/** One real server, a range already taken apart. */
export interface Real {
  readonly host: Host;
  /** 0 = none was written. */
  readonly port: number;
  readonly forwarding: Forwarding;
  readonly weight: number;
  /** Of this real server alone; ldirectord takes both or none. */
  readonly check: { readonly request: string; readonly receive: string } | null;
  readonly lower: number;
  readonly upper: number;
  readonly line: number;
}

export interface Fallback {
  readonly host: Host;
  /** null = that of the virtual service. */
  readonly port: number | null;
  readonly forwarding: Forwarding;
  readonly line: number;
}

const forwardings: Readonly<Record<string, Forwarding>> = { gate: 'DR', masq: 'NAT', ipip: 'TUN' };
/** Addresses of one range; more is a slip of the pen. */
const maxRange = 1024;
const maxMark = 4_294_967_295;
const maxWeight = 65_535;

const noHost: Host = {
  address: 'ADDRESS',
  fault: {
    message: 'This is neither an address with a port nor a firewall mark.',
    hint: 'Write IP:PORT, or [IP]:PORT for IPv6.',
  },
};

/** ldirectord.in:read_config. */
export function readTarget({ head, family }: VirtualSection, notes: Notes): Target {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._+-]+):([0-9A-Za-z_-]+)/.exec(head.value);
  const mark = /^\d+/.exec(head.value)?.[0];
  if (match === null && mark !== undefined && Number(mark) >= 1 && Number(mark) <= maxMark) {
    return { kind: 'fwmark', mark: Number(mark) };
  }
  const host = match === null ? noHost : readHost(match[1] ?? '', family);
  const port = readPort(match?.[2] ?? '0');
  const badPort = { message: `The port ${match?.[2]} is not known here.`, hint: 'Write the number of the port.' };
  const fault = host.fault ?? (port === null ? badPort : null);
  if (fault !== null) {
    notes.add('error', head.line, `${fault.message} The virtual service is commented out.`, fault.hint);
  }
  return { kind: 'address', host: { ...host, fault }, port: port ?? 0 };
}

/** ldirectord.in:_ld_read_config_real_resolve and add_real_server. None = the line cannot be used, which is noted. */
export function readReals({ value, line }: Setting, family: 'inet' | 'inet6', notes: Notes): readonly Real[] {
  const fail = (message: string, hint: string): readonly Real[] => {
    notes.add('error', line, `${message} The real server is left out.`, hint);
    return [];
  };
  const form = 'Write IP:PORT gate|masq|ipip [WEIGHT] ["REQUEST", "RECEIVE"] [l:N] [u:N].';
  const match =
    /^([A-Za-z0-9.-]+?|\[[0-9A-Fa-f:.]+\])(?:->([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]))?(?::([A-Za-z0-9_-]+))?\s+(\w+)(.*)$/.exec(
      value,
    );
  if (match === null) return fail('This is no real server.', form);
  const forwarding = forwardings[match[4] ?? ''];
  if (forwarding === undefined) return fail('The forwarding must be gate, masq or ipip.', form);
  const port = readPort(match[3] ?? '0');
  if (port === null) return fail(`The port ${match[3]} is not known here.`, 'Write the number of the port.');
  const options = readOptions(match[5] ?? '');
  if (options === null) return fail('What stands behind the forwarding cannot be read.', form);
  if (options.weight > maxWeight) {
    notes.add('warning', line, `The weight is ${maxWeight}, the most that the kernel takes.`, 'Write smaller weights.');
  }
  const shared = { port, forwarding, line, ...options, weight: Math.min(options.weight, maxWeight) };
  const first = readHost(match[1] ?? '', family);
  if (match[2] === undefined) return [{ host: first, ...shared }];
  const last = readHost(match[2], family);
  const from = first.fault === null && family === 'inet' ? parseAddress(first.address) : null;
  const to = last.fault === null && family === 'inet' ? parseAddress(last.address) : null;
  if (from === null || to === null) {
    return fail('A range goes from one numeric IPv4 address to another.', 'Write a line for each real server.');
  }
  const size = to.value - from.value + 1n;
  if (size < 1n || size > maxRange) {
    return fail(`A range has from 1 to ${maxRange} addresses.`, 'Write the lower address first, or several ranges.');
  }
  return Array.from({ length: Number(size) }, (_, index) => {
    const address = formatAddress({ family: 'inet', value: from.value + BigInt(index) });
    return { host: { address, fault: null }, ...shared };
  });
}

/** ldirectord.in:parse_fallback. */
export function readFallback({ value, line }: Setting, family: 'inet' | 'inet6', notes: Notes): Fallback | null {
  const fail = (message: string, hint: string) => {
    notes.add('error', line, `${message} There is no sorry_server.`, hint);
    return null;
  };
  const form = 'Write IP[:PORT] [gate|masq|ipip].';
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^\s:[\]]+)(?::([A-Za-z0-9_-]+))?(?:\s+(\w+))?\s*$/.exec(value);
  if (match === null) return fail('This is no server to fall back to.', form);
  const forwarding = forwardings[match[3] ?? 'gate'];
  if (forwarding === undefined) return fail('The forwarding must be gate, masq or ipip.', form);
  const host = readHost(match[1] ?? '', family);
  if (host.fault !== null) return fail(host.fault.message, host.fault.hint);
  const port = match[2] === undefined ? null : readPort(match[2]);
  if (match[2] !== undefined && port === null)
    return fail(`The port ${match[2]} is not known here.`, 'Write the number of the port.');
  return { host, port, forwarding, line };
}

type Options = Pick<Real, 'weight' | 'check' | 'lower' | 'upper'>;

function readOptions(text: string): Options | null {
  const match = /^(?:\s+(\d+))?(?:\s+"(.*)"\s*[, ]\s*"(.*)")?\s*((?:\s*"?[lu]:\d+"?)*)\s*$/.exec(text);
  if (match === null) return null;
  const limit = (name: string) =>
    Math.min(Number(new RegExp(`${name}:(\\d+)`).exec(match[4] ?? '')?.[1] ?? 0), maxMark);
  const check = match[2] === undefined ? null : { request: match[2], receive: match[3] ?? '' };
  return { weight: Number(match[1] ?? 1), check, lower: limit('l'), upper: limit('u') };
}
