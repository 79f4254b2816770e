import type { Word } from '../../model/params.ts';
import type { LbKind, Tunnel } from '../../model/server.ts';
import type { ConfigNode } from '../text/node.ts';
import { canonicalAddress } from './addresses.ts';
import { type ReadContext, reportValue } from './read-context.ts';

/** An address with a port; null = none was written. */
export interface Endpoint {
  readonly address: string;
  readonly port: number | null;
}

/** A numeric address in its one form; as keepalived does, what follows a - or / is cut off. */
export function readAddress(word: Word, name: string, context: ReadContext): string | undefined {
  const plain = word.text.replace(/[-/].*$/, '');
  const address = canonicalAddress(plain);
  if (address === null) {
    const message = `${name} takes a numeric address, not ${word.text}.`;
    reportValue(context, 'bad-address', word.span, message, adviseAddress(word.text));
    return undefined;
  }
  if (plain !== word.text) {
    const message = `${word.text.slice(plain.length)} is ignored behind an address.`;
    context.report('surplus-words', word.span, message, `Write ${plain}.`);
  }
  return address;
}

/** The kernel's limit is 15 characters (IFNAMSIZ). */
export function readInterface(word: Word, name: string, context: ReadContext): string | undefined {
  if (word.text.length >= 1 && word.text.length <= 15) return word.text;
  const message = `${name} takes the name of an interface, which has 1 to 15 characters.`;
  reportValue(context, 'bad-value', word.span, message, 'Write a name that ip link shows.');
  return undefined;
}

/** 1..65535 in decimal. */
export function readPort(word: Word, name: string, context: ReadContext): number | undefined {
  if (isPort(word.text) && Number(word.text) > 0) return Number(word.text);
  const message = `${name} takes a port from 1 to 65535, not ${word.text}.`;
  reportValue(context, 'out-of-range', word.span, message, 'Write the number of the port.');
  return undefined;
}

/** `IP [PORT]`; as keepalived does, what follows a - or / in the address is cut off, and port 0 is none. */
export function readEndpoint(words: readonly Word[], name: string, context: ReadContext): Endpoint | null {
  const [address, port] = words;
  if (address === undefined) return null;
  const canonical = readAddress(address, name, context);
  if (canonical === undefined) return null;
  if (port !== undefined && !isPort(port.text)) {
    const message = `${name} takes a port from 1 to 65535, not ${port.text}.`;
    reportValue(context, 'bad-address', port.span, message, 'Write the number of the port.');
    return null;
  }
  return { address: canonical, port: Number(port?.text ?? 0) || null };
}

/** `HOST_OR_IP [PORT]`. */
export function readHostPort(
  words: readonly Word[],
  name: string,
  context: ReadContext,
): { readonly host: string; readonly port: number | null } | undefined {
  const [host, port] = words;
  if (host === undefined) return undefined;
  const joined = /^([^:]+):(\d+)$/.exec(host.text);
  if (joined !== null || !/^[A-Za-z0-9_.:-]+$/.test(host.text) || isOutsideInet(host.text)) {
    const advice = joined
      ? `Write ${name} ${joined[1]} ${joined[2]}.`
      : 'Write a host name or a numeric address, and a port if it is not 25.';
    reportValue(context, 'bad-address', host.span, `${name} cannot be ${host.text}.`, advice);
    return undefined;
  }
  const number = port === undefined ? null : readPort(port, name, context);
  return number === undefined ? undefined : { host: host.text, port: number };
}

/** Four numbers, one of them above 255: no name in DNS looks so, and no resolver takes it. */
function isOutsideInet(text: string): boolean {
  return /^\d+(?:\.\d+){3}$/.test(text) && text.split('.').some(part => Number(part) > 255);
}

/** Netmask for IPv4, prefix length for IPv6. */
export function readGranularity(word: Word, name: string, context: ReadContext): string | undefined {
  const prefix = /^\d{1,3}$/.test(word.text) && Number(word.text) >= 1 && Number(word.text) <= 128;
  const mask = canonicalAddress(word.text);
  if (prefix || (mask !== null && !mask.includes(':'))) return mask ?? word.text;
  const advice = 'Write an IPv4 netmask such as 255.255.255.0, or an IPv6 prefix length from 1 to 128.';
  reportValue(context, 'bad-value', word.span, `${name} cannot be ${word.text}.`, advice);
  return undefined;
}

/** `NAT`, `DR`, `TUN [type ipip|gue|gre] [port N] [nocsum|csum|remcsum]`. */
export function readLbKind(node: ConfigNode, context: ReadContext): LbKind | undefined {
  const [kind, ...options] = node.words;
  if (kind === undefined) return undefined;
  const { name } = node.param;
  if (kind.text !== 'NAT' && kind.text !== 'DR' && kind.text !== 'TUN') {
    const upper = kind.text.toUpperCase();
    const advice = ['NAT', 'DR', 'TUN'].includes(upper) ? `Write ${upper}.` : 'Write NAT, DR or TUN.';
    reportValue(context, 'bad-value', kind.span, `${name} cannot be ${kind.text}.`, advice);
    return undefined;
  }
  if (options.length === 0) return { kind: kind.text };
  const tunnel = readTunnel(options);
  if (kind.text !== 'TUN') {
    const [surplus = kind] = options;
    const message = `${kind.text} takes no options.`;
    if (typeof tunnel === 'string') reportValue(context, 'bad-value', surplus.span, message, 'Remove what follows it.');
    else context.report('surplus-words', surplus.span, message, 'Remove what follows it.');
    return { kind: kind.text };
  }
  if (typeof tunnel !== 'string') return { kind: 'TUN', tunnel };
  const advice =
    'Write TUN [type ipip|gue|gre] [port N] [nocsum|csum|remcsum]; gue needs a port, the others have none.';
  reportValue(context, 'bad-value', kind.span, `The tunnel cannot be set up: ${tunnel}.`, advice);
  return { kind: 'TUN' };
}

/** keepalived check/check_parser.c: gue needs a port and others must not have one; ipip no checksum, gre no remcsum. */
function readTunnel(options: readonly Word[]): Tunnel | string {
  let type: Tunnel['type'] = 'ipip';
  let port: number | undefined;
  let checksum: Tunnel['checksum'];
  for (let index = 0; index < options.length; index++) {
    const word = options[index]?.text ?? '';
    const argument = options[index + 1]?.text ?? '';
    if (word === 'type' && (argument === 'ipip' || argument === 'gue' || argument === 'gre')) {
      type = argument;
      index++;
    } else if (word === 'port' && isPort(argument) && Number(argument) > 0) {
      port = Number(argument);
      index++;
    } else if (word === 'nocsum' || word === 'csum' || word === 'remcsum') checksum = word;
    else return `${word} ${argument}`.trim().concat(' is no option');
  }
  if ((type === 'gue') !== (port !== undefined)) return type === 'gue' ? 'gue needs a port' : `${type} has no port`;
  if (type === 'ipip' && checksum !== undefined && checksum !== 'nocsum') return 'ipip has no checksum';
  if (type === 'gre' && checksum === 'remcsum') return 'gre has no remcsum';
  return { type, ...(port !== undefined && { port }), ...(checksum && { checksum }) };
}

export function isPort(text: string): boolean {
  return /^[ \t]*\+?\d+$/.test(text) && Number(text) <= 65_535;
}

/** What to write in place of something that is no address. */
function adviseAddress(text: string): string {
  const joined = /^(\d+\.\d+\.\d+\.\d+):(\d+)$/.exec(text) ?? /^\[(.*)\]:?(\d*)$/.exec(text);
  if (joined)
    return `Write ${`${joined[1]} ${joined[2] ?? ''}`.trim()}, with a blank before the port and without brackets.`;
  if (text.includes('%')) return 'Write the address without %, and name the interface with bind_if.';
  if (/^\$/.test(text)) return 'Define the variable before this line.';
  if (/^[\d.]+$/.test(text)) return 'Write four numbers from 0 to 255 without leading zeros.';
  return 'Write a numeric IPv4 or IPv6 address; names are not looked up.';
}
