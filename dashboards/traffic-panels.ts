import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../src/metrics/catalogue.ts';
import { neutral, series } from './panels.ts';
import { type Family, largest, ratePer, type Select } from './promql.ts';

/** Lines of one graph. */
const mostLines = 10;

/** The counters of IPVS: those of virtual servers, or those of real servers. */
interface Counters {
  readonly connections: Family;
  readonly incomingPackets: Family;
  readonly outgoingPackets: Family;
  readonly incomingBytes: Family;
  readonly outgoingBytes: Family;
}

export const virtualServerCounters: Counters = {
  connections: catalogue.ipvsConnections,
  incomingPackets: catalogue.ipvsIncomingPackets,
  outgoingPackets: catalogue.ipvsOutgoingPackets,
  incomingBytes: catalogue.ipvsIncomingBytes,
  outgoingBytes: catalogue.ipvsOutgoingBytes,
};

export const serverCounters: Counters = {
  connections: catalogue.serverConnections,
  incomingPackets: catalogue.serverIncomingPackets,
  outgoingPackets: catalogue.serverOutgoingPackets,
  incomingBytes: catalogue.serverIncomingBytes,
  outgoingBytes: catalogue.serverOutgoingBytes,
};

/** Connections, packets and bytes, a line for each value of the label. */
export function trafficPanels(select: Select, label: 'virtual_server' | 'real_server', of: Counters): readonly Panel[] {
  const name = `{{${label}}}`;
  const top = (family: Family): string => {
    const counter = select(family);
    const inAll = `sum by (${label}) (rate(${counter}[$__range] @ end()))`;
    return largest(mostLines, label, ratePer(label, counter), inAll);
  };
  const about = { steps: neutral };
  const most = `A line for each ${label.replace('_', ' ')}, the ${mostLines} with most.`;
  const notSeen = 'Those to clients are none with DR and TUN: they do not come through the director.';
  return [
    series({
      ...about,
      title: 'Connections',
      description: `Connections that IPVS scheduled. ${most}`,
      unit: 'cps',
      lines: [[top(of.connections), name]],
    }),
    series({
      ...about,
      title: 'Packets from and to clients',
      description: `${most} ${notSeen}`,
      unit: 'pps',
      lines: [
        [top(of.incomingPackets), `${name} from`],
        [top(of.outgoingPackets), `${name} to`],
      ],
    }),
    series({
      ...about,
      title: 'Bytes from and to clients',
      description: `${most} ${notSeen}`,
      unit: 'binBps',
      lines: [
        [top(of.incomingBytes), `${name} from`],
        [top(of.outgoingBytes), `${name} to`],
      ],
    }),
  ];
}
