import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../src/metrics/catalogue.ts';
import { configurationsOf, transitionsOf } from './annotations.ts';
import { checkPanels } from './check-panels.ts';
import { whoseDirector, whoseRealServer } from './columns.ts';
import { frame, uids } from './frame.ts';
import { line, row } from './layout.ts';
import type { PlainDashboard } from './mend.ts';
import { neutral, none, series, stat, verdictColors } from './panels.ts';
import { byRealServer, byVirtualServer, count, createSelect, type Family, only, ratePer } from './promql.ts';
import { certificateTable, flappingTable, stateTimeline } from './server-panels.ts';
import { askServers, whereDown } from './servers.ts';
import { serverStates, sorryStates, upOrDown } from './states.ts';
import { table } from './table.ts';
import { serverCounters, trafficPanels } from './traffic-panels.ts';
import { datasource, instance, job, virtualServer } from './variables.ts';

const select = createSelect({ virtual_server: 'one' });
const servers = askServers(select);
const mostBars = 50;

/** One virtual server: its quorum, its real servers, its traffic. */
export function buildVirtualServer(): PlainDashboard {
  return frame({
    uid: uids.virtualServer,
    title: 'Virtual server',
    description: 'One virtual server: quorum, sorry server, and its real servers as ipvsadm -Ln --stats shows them.',
    from: 'now-1h',
    variables: [datasource, job, instance, virtualServer],
    annotations: [...transitionsOf(select), configurationsOf(select)],
    rows: [
      row('Now', line(4, ...numbers())),
      row('Real servers', line(11, serverTable())),
      row('Quorum and states', line(9, quorum(), stateBars()), line(7, quorumChanges(), flappingTable(select))),
      row('Traffic', line(8, ...trafficPanels(select, 'real_server', serverCounters)), line(8, ...load())),
      row('Checks', line(8, ...checkPanels(select))),
      row('What it is', line(7, info(), certificateTable(servers))),
    ],
  });
}

function numbers(): Panel[] {
  const worst = (family: Family) => `min(${select(family)})`;
  return [
    stat({
      title: 'State',
      description: 'DOWN on at least one director: the weight in service is below the quorum.',
      query: worst(catalogue.virtualServerUp),
      mappings: upOrDown,
      unit: 'none',
      steps: [
        [null, 'red'],
        [1, 'green'],
      ],
    }),
    stat({
      title: 'Sorry server',
      description: 'Whether the sorry server stands in, on any director.',
      query: `max(${select(catalogue.backupActive)})`,
      mappings: sorryStates,
      unit: 'none',
      steps: [
        [null, 'green'],
        [1, 'orange'],
      ],
    }),
    stat({
      title: 'Down',
      description: 'Real servers that at least one director judges down.',
      query: count(`count by (real_server) (${servers.down})`),
      unit: 'none',
      steps: none,
    }),
    stat({
      title: 'Draining',
      description: 'Real servers that are up with weight 0: this is wanted, and no failure.',
      query: count(`count by (real_server) (${servers.draining})`),
      unit: 'none',
      steps: [
        [null, 'green'],
        [1, 'orange'],
      ],
    }),
    stat({
      title: 'Available',
      description: 'Real servers in service with a weight above 0, on the director that has fewest.',
      query: worst(catalogue.availableRealServers),
      unit: 'none',
      steps: [
        [null, 'red'],
        [1, 'blue'],
      ],
    }),
    stat({
      title: 'Above quorum',
      description: 'Weight in service that may go before the quorum is lost; 0 is the brink.',
      query: `min(${servers.weightInService} - on (${byVirtualServer}) ${only(byVirtualServer, select(catalogue.quorum))})`,
      unit: 'none',
      steps: [
        [null, 'red'],
        [0, 'orange'],
        [1, 'green'],
      ],
    }),
    stat({
      title: 'Connections/s',
      description: 'Connections that IPVS schedules, on all directors together.',
      query: `sum(rate(${select(catalogue.ipvsConnections)}[$__rate_interval]))`,
      unit: 'cps',
      steps: neutral,
      decimals: 1,
    }),
    stat({
      title: 'Active connections',
      description: 'Of its real servers, on all directors together.',
      query: `sum(${select(catalogue.activeConnections)})`,
      unit: 'short',
      steps: neutral,
    }),
  ];
}

function serverTable(): Panel {
  const each = (family: Family) => ({ query: only(byRealServer, select(family)) });
  const counted = (name: string, family: Family, unit: string) => ({ name, from: each(family), unit });
  return table({
    title: 'Real servers',
    description:
      'As ipvsadm -Ln --stats, with state, reason and weights. The counters are those of the kernel since the entry was made. Weight and Wanted differ while somebody else writes to the table.',
    noValue: 'The virtual server has no real server.',
    sortBy: { column: 'Real server', descending: false },
    columns: [
      whoseRealServer,
      whoseDirector,
      { name: 'State', from: { query: servers.state }, mappings: serverStates, width: 110 },
      { name: 'Since', from: { query: servers.since }, unit: 'dateTimeFromNow', width: 140 },
      { name: 'Reason', from: { query: whereDown(servers, servers.reason), as: 'reason' } },
      { name: 'Weight', from: each(catalogue.weight), width: 80 },
      { name: 'Wanted', from: each(catalogue.desiredWeight), width: 80 },
      counted('ActiveConn', catalogue.activeConnections, 'short'),
      counted('InActConn', catalogue.inactiveConnections, 'short'),
      counted('Conns', catalogue.serverConnections, 'short'),
      counted('InPkts', catalogue.serverIncomingPackets, 'short'),
      counted('OutPkts', catalogue.serverOutgoingPackets, 'short'),
      counted('InBytes', catalogue.serverIncomingBytes, 'bytes'),
      counted('OutBytes', catalogue.serverOutgoingBytes, 'bytes'),
    ],
    hidden: ['virtual_server'],
  });
}

function quorum(): Panel {
  const each = (family: Family) => only('instance', select(family));
  return series({
    title: 'Weight in service and quorum',
    description: 'Where the weight falls below the quorum the virtual server is down.',
    unit: 'none',
    steps: neutral,
    colors: [['^quorum', 'red']],
    lines: [
      [`sum by (instance) (${servers.weightInService})`, 'weight at {{instance}}'],
      [each(catalogue.quorum), 'quorum at {{instance}}'],
    ],
  });
}

function stateBars(): Panel {
  return stateTimeline({
    title: 'States',
    description: `A bar for each real server and director, ${mostBars} at most; those that are down come first.`,
    query: `${servers.state} and on (${byRealServer}) bottomk(${mostBars}, min_over_time(${select(catalogue.realServerUp)}[$__range] @ end()))`,
    legend: '{{real_server}} at {{instance}}',
  });
}

function quorumChanges(): Panel {
  return series({
    title: 'Changes of the quorum',
    description: 'Quorum lost (down) and gained (up), in the time that is shown.',
    unit: 'none',
    steps: none,
    colors: verdictColors,
    lines: [
      [
        `sum by (instance, to) (increase(${select(catalogue.quorumTransitions)}[$__rate_interval]))`,
        '{{to}} at {{instance}}',
      ],
    ],
  });
}

function load(): Panel[] {
  const most = 10;
  const top = (family: Family) => `topk(${most}, sum by (real_server) (${select(family)}))`;
  const about = { steps: neutral, unit: 'short' };
  return [
    series({
      ...about,
      title: 'Active connections',
      description: `The ${most} real servers with most. One that has far more than its weight is slow, or keeps its clients.`,
      lines: [[top(catalogue.activeConnections), '{{real_server}}']],
    }),
    series({
      ...about,
      title: 'Inactive connections',
      description: `The ${most} real servers with most: connections that ended and are still remembered.`,
      lines: [[top(catalogue.inactiveConnections), '{{real_server}}']],
    }),
    series({
      title: 'Last duration of checks',
      description: `The ${most} slowest real servers and checkers.`,
      unit: 's',
      steps: neutral,
      lines: [
        [`topk(${most}, max by (real_server, check) (${select(catalogue.lastDuration)}))`, '{{real_server}} {{check}}'],
      ],
    }),
  ];
}

function info(): Panel {
  const configured = only(
    'instance, address, port, protocol, fwmark, scheduler, forwarding',
    select(catalogue.virtualServerInfo),
  );
  return table({
    title: 'Configuration',
    description: 'What the directors have in their configurations; rows that differ are configurations that do.',
    noValue: 'No director has this virtual server.',
    sortBy: { column: 'Director', descending: false },
    columns: [
      whoseDirector,
      { name: 'Protocol', from: { query: configured, as: 'protocol' } },
      { name: 'Address', from: { label: 'address' } },
      { name: 'Port', from: { label: 'port' } },
      { name: 'Firewall mark', from: { label: 'fwmark' } },
      { name: 'Scheduler', from: { label: 'scheduler' } },
      { name: 'Forwarding', from: { label: 'forwarding' } },
      { name: 'Real servers', from: { query: only('instance', select(catalogue.configuredRealServers)) } },
      { name: 'Checks/s', from: { query: ratePer('instance', select(catalogue.checks)) }, unit: 'ops', decimals: 1 },
    ],
  });
}
