import type { RealServer, ServiceKey } from './server.ts';

/** `10.0.0.1:80`, `[2001:db8::1]:80`. */
export function formatEndpoint(address: string, port: number): string {
  return address.includes(':') ? joinText('[', address, ']:', port) : joinText(address, ':', port);
}

/** `tcp/10.0.0.1:80`, `fwmark/7`, `fwmark/7/inet6`: equal for services that are one, as long as addresses have one form. */
export function formatService(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `fwmark/${key.fwmark}${key.family === 'inet6' ? '/inet6' : ''}`;
  return joinText(key.protocol.toLowerCase(), '/', formatEndpoint(key.address, key.port));
}

/** The port of a server's destination in one service: ipvsadm gives direct and tunnelled ones that of the service. */
export function destinationPort(
  { port, forwarding }: Pick<RealServer, 'port' | 'forwarding'>,
  key: ServiceKey,
): number {
  if (forwarding.kind === 'NAT' && port !== 0) return port;
  return key.kind === 'address' ? key.port : 0;
}

/**
 * For texts that are kept for each real server. What a template makes stays a tree of its parts, of four times the size;
 * this is one piece.
 */
export function joinText(...parts: readonly (string | number)[]): string {
  return parts.join('');
}
