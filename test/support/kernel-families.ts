import { catalogue } from '../../src/metrics/catalogue.ts';

/** Families that come from the kernel and the host, and are not written yet. */
export const kernelFamilies: ReadonlySet<string> = new Set(
  (
    [
      'keepalivedUp',
      'vrrpState',
      'vrrpTransitions',
      'ipvsConnections',
      'ipvsIncomingPackets',
      'ipvsOutgoingPackets',
      'ipvsIncomingBytes',
      'ipvsOutgoingBytes',
      'activeConnections',
      'inactiveConnections',
      'serverConnections',
      'serverIncomingPackets',
      'serverOutgoingPackets',
      'serverIncomingBytes',
      'serverOutgoingBytes',
      'certificateExpiry',
    ] as const
  ).map(key => catalogue[key].name),
);
