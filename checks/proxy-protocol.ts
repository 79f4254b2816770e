import { Buffer } from 'node:buffer';

/** Versions of the PROXY protocol of HAProxy. */
export const proxyVersions = ['v1', 'v2'] as const;
export type ProxyVersion = (typeof proxyVersions)[number];

/**
 * The header that says that nobody is behind this connection but who makes it: UNKNOWN in version 1, LOCAL in version 2,
 * which is meant for health checks (HAProxy's proxy-protocol.txt, sections 2.1 and 2.2). Receivers go by the connection's own addresses.
 */
export function proxyHeader(version: ProxyVersion): Buffer {
  switch (version) {
    case 'v1':
      return Buffer.from('PROXY UNKNOWN\r\n');
    case 'v2':
      return Buffer.from([...signature, versionAndLocal, unspecified, 0, 0]);
  }
}

const signature = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const versionAndLocal = 0x20;
const unspecified = 0x00;
