import { catalogue } from '../src/metrics/catalogue.ts';
import { configurationsOf, transitionsOf } from './annotations.ts';
import { checkPanels } from './check-panels.ts';
import { day, whose, whoseDirector, whoseVirtualServer } from './columns.ts';
import { frame, uids } from './frame.ts';
import { line, row } from './layout.ts';
import type { PlainDashboard } from './mend.ts';
import { none, stat, timeline } from './panels.ts';
import { byRealServer, byVirtualServer, count, createSelect, foreign, largest, only, ratePer } from './promql.ts';
import { certificateTable, changedTimeline, flappingTable } from './server-panels.ts';
import { askServers } from './servers.ts';
import { serverStates, sorryStates, stateCode, upOrDown } from './states.ts';
import { table } from './table.ts';
import { trafficPanels, virtualServerCounters } from './traffic-panels.ts';
import { datasource, instance, job, virtualServers } from './variables.ts';

const select = createSelect({ virtual_server: 'several' });
const servers = askServers(select);
/** Rows of a table, and bars of a time line, whatever the fleet. */
const mostRows = 200;
const mostBars = 30;

/** The fleet: what is down, since when and why. */
export function buildOverview(): PlainDashboard {
  return frame({
    uid: uids.overview,
    title: 'Overview',
    description: 'Which real servers are down, since when and why; quorum and traffic of the virtual servers.',
    from: 'now-1h',
    variables: [datasource, job, instance, virtualServers],
    annotations: [...transitionsOf(select), configurationsOf(select)],
    rows: [
      row('Now', line(4, ...numbers())),
      row('What is down, since when and why', line(8, downTable())),
      row('Virtual servers', line(9, virtualServerTable()), line(7, virtualServerTimeline(), backupTimeline())),
      row('Changes', line(9, changedTimeline(select, servers, mostBars), flappingTable(select))),
      row('Traffic', line(8, ...trafficPanels(select, 'virtual_server', virtualServerCounters))),
      row('Checks', line(8, ...checkPanels(select))),
      row('Ahead', line(8, certificateTable(servers), driftTable())),
    ],
  });
}

function numbers() {
  const { down, draining, drift, certificateSeconds } = servers;
  const withUnit = { unit: 'none', steps: none };
  return [
    stat({
      title: 'Real servers down',
      description: 'Real servers that at least one director judges down. The table below says which, and why.',
      query: count(`count by (virtual_server, real_server) (${down})`),
      ...withUnit,
    }),
    stat({
      title: 'Draining',
      description:
        'Real servers that are up with weight 0: somebody wants no new connections there. This is no failure.',
      query: count(`count by (virtual_server, real_server) (${draining})`),
      unit: 'none',
      steps: [
        [null, 'green'],
        [1, 'orange'],
      ],
    }),
    stat({
      title: 'Virtual servers down',
      description: 'Virtual servers without their quorum: clients get the sorry server, or nothing.',
      query: count(`count by (virtual_server) (${select(catalogue.virtualServerUp)} == 0)`),
      ...withUnit,
    }),
    stat({
      title: 'Sorry servers',
      description: 'Virtual servers whose sorry server stands in.',
      query: count(`count by (virtual_server) (${select(catalogue.backupActive)} == 1)`),
      ...withUnit,
    }),
    stat({
      title: 'Weight drift',
      description: 'Real servers whose weight in the IPVS table is not the wanted one. The next audit puts it right.',
      query: count(`count by (virtual_server, real_server) (${drift})`),
      ...withUnit,
    }),
    stat({
      title: 'Certificates due',
      description: 'Certificates that end within 20 days, or have ended.',
      query: count(`count by (virtual_server, real_server) (${certificateSeconds} < ${20 * day})`),
      ...withUnit,
    }),
    stat({
      title: 'Agents not scraped',
      description: 'Agents that Prometheus cannot reach: of their servers this page knows nothing.',
      query: count(`${select(foreign.up)} == 0`),
      ...withUnit,
    }),
    stat({
      title: 'Agents in trouble',
      description: 'Parts of agents in trouble: store, IPVS or mail. The dashboard Agent says which.',
      query: count(`${select(catalogue.trouble)} == 1`),
      ...withUnit,
    }),
  ];
}

function downTable() {
  // Those that went down last: the same real servers in each column, and little to be computed when all are down.
  const down = `${select(catalogue.lastTransition)} and ${select(catalogue.realServerUp)} == ${stateCode.down}`;
  const latest = only(byRealServer, `topk(${mostRows}, ${down})`);
  const failures = `sum by (${byRealServer}) (increase(${select(catalogue.checkFailures)}[$__range]))`;
  const ofLatest = (query: string) => ({ query: `${query} and on (${byRealServer}) ${latest}` });
  return table({
    title: 'Real servers that are down',
    description: `One row for each real server and director that judges it down, the latest first, ${mostRows} at most. Reason: what its checks failed with just now.`,
    noValue: 'No real server is down.',
    sortBy: { column: 'Down for', descending: false },
    columns: [
      ...whose,
      { name: 'State', from: { query: `${latest} * ${stateCode.down}` }, mappings: serverStates, width: 110 },
      { name: 'Since', from: { query: `${latest} * 1000` }, unit: 'dateTimeAsLocal', width: 200 },
      { name: 'Down for', from: { query: `time() - ${latest}` }, unit: 'dtdurations' },
      { name: 'Reason', from: { ...ofLatest(servers.reason), as: 'reason' } },
      { name: 'Failed checks', from: ofLatest(failures), unit: 'short', decimals: 0 },
    ],
  });
}

function virtualServerTable() {
  const each = (family: Parameters<typeof select>[0]) => only(byVirtualServer, select(family));
  return table({
    title: 'Virtual servers',
    description:
      'One row for each virtual server and director. Weight is what is in service; below the quorum it is down.',
    noValue: 'No virtual server is configured.',
    sortBy: { column: 'State', descending: false },
    columns: [
      whoseVirtualServer,
      whoseDirector,
      { name: 'State', from: { query: each(catalogue.virtualServerUp) }, mappings: upOrDown, width: 110 },
      { name: 'Available', from: { query: each(catalogue.availableRealServers) } },
      { name: 'Configured', from: { query: each(catalogue.configuredRealServers) } },
      { name: 'Weight', from: { query: servers.weightInService } },
      { name: 'Quorum', from: { query: each(catalogue.quorum) } },
      { name: 'Sorry server', from: { query: each(catalogue.backupActive) }, mappings: sorryStates },
      {
        name: 'Connections/s',
        from: { query: ratePer(byVirtualServer, select(catalogue.ipvsConnections)) },
        unit: 'cps',
        decimals: 1,
      },
      {
        name: 'From clients',
        from: { query: ratePer(byVirtualServer, select(catalogue.ipvsIncomingBytes)) },
        unit: 'binBps',
      },
      {
        name: 'To clients',
        from: { query: ratePer(byVirtualServer, select(catalogue.ipvsOutgoingBytes)) },
        unit: 'binBps',
      },
    ],
  });
}

function virtualServerTimeline() {
  const up = select(catalogue.virtualServerUp);
  return timeline({
    title: 'Virtual servers without quorum',
    description: `Those that were down in the time that is shown, ${mostBars} at most; the others have no bar.`,
    unit: 'none',
    steps: [
      [null, 'red'],
      [1, 'green'],
    ],
    mappings: upOrDown,
    lines: [
      [
        largest(mostBars, byVirtualServer, only(byVirtualServer, up), `1 - min_over_time(${up}[$__range] @ end()) > 0`),
        '{{virtual_server}} at {{instance}}',
      ],
    ],
  });
}

function backupTimeline() {
  const active = select(catalogue.backupActive);
  return timeline({
    title: 'Sorry servers',
    description: `Virtual servers whose sorry server stood in within the time that is shown, ${mostBars} at most.`,
    unit: 'none',
    steps: [
      [null, 'green'],
      [1, 'orange'],
    ],
    mappings: sorryStates,
    lines: [
      [
        largest(
          mostBars,
          byVirtualServer,
          only(byVirtualServer, active),
          `max_over_time(${active}[$__range] @ end()) > 0`,
        ),
        '{{virtual_server}} at {{instance}}',
      ],
    ],
  });
}

function driftTable() {
  const few = `topk(${mostRows}, ${only(byRealServer, servers.drift)})`;
  const wanted = only(byRealServer, select(catalogue.desiredWeight));
  return table({
    title: 'Weights that drift',
    description: 'Real servers whose weight in the IPVS table is not the wanted one: somebody else writes there.',
    noValue: 'Every weight is as wanted.',
    sortBy: { column: 'Real server', descending: false },
    columns: [
      ...whose,
      { name: 'Weight', from: { query: few } },
      { name: 'Wanted', from: { query: `${wanted} and on (${byRealServer}) ${few}` } },
    ],
  });
}
