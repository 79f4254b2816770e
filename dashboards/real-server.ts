import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../src/metrics/catalogue.ts';
import { transitionsOf } from './annotations.ts';
import { day, whoseDirector, whoseVirtualServer } from './columns.ts';
import { frame, uids } from './frame.ts';
import { line, row } from './layout.ts';
import type { PlainDashboard } from './mend.ts';
import { neutral, none, series, stat, verdictColors } from './panels.ts';
import { byRealServer, createSelect, type Family, only, ratePer, type Select } from './promql.ts';
import { stateTimeline } from './server-panels.ts';
import { askServers, whereDown } from './servers.ts';
import { serverStates } from './states.ts';
import { table } from './table.ts';
import { serverCounters, trafficPanels } from './traffic-panels.ts';
import { datasource, instance, job, realServer, virtualServer } from './variables.ts';

const select = createSelect({ virtual_server: 'one', real_server: 'one' });
const servers = askServers(select);

/** One real server: why it is down, or what it does. */
export function buildRealServer(): PlainDashboard {
  return frame({
    uid: uids.realServer,
    title: 'Real server',
    description: 'One real server of one virtual server: state, reason, weights, checks and traffic.',
    from: 'now-1h',
    variables: [datasource, job, instance, virtualServer, realServer],
    annotations: transitionsOf(select),
    rows: [
      row('Now', line(4, ...numbers())),
      row('State', line(7, states(), elsewhere())),
      row('Why', line(8, failures(), durations()), line(7, changes(), weights())),
      row('Traffic', line(8, ...trafficPanels(select, 'real_server', serverCounters)), line(7, ...connections())),
    ],
  });
}

function numbers(): Panel[] {
  return [
    stat({
      title: 'State',
      description: 'As the director sees it that judges worst.',
      query: `min(${servers.state})`,
      mappings: serverStates,
      unit: 'none',
      steps: [
        [null, 'red'],
        [1, 'green'],
        [2, 'orange'],
      ],
    }),
    stat({
      title: 'In this state for',
      description: 'Time since the verdict changed last, on any director.',
      query: `min(${servers.secondsInState})`,
      unit: 'dtdurations',
      steps: neutral,
    }),
    stat({
      title: 'Reason',
      description: 'What its checks failed with last; "never failed" if none did since the agent began to count.',
      query: only('reason', servers.reason),
      named: '{{reason}}',
      noValue: 'never failed',
      unit: 'none',
      steps: neutral,
    }),
    stat({
      title: 'Weight',
      description: 'Weight in the IPVS table, the smallest of all directors.',
      query: `min(${select(catalogue.weight)})`,
      noValue: 'not in the table',
      unit: 'none',
      steps: [
        [null, 'orange'],
        [1, 'green'],
      ],
    }),
    stat({
      title: 'Wanted weight',
      description: 'Weight that the agent wants in the table; 0 drains.',
      query: `min(${select(catalogue.desiredWeight)})`,
      noValue: 'none',
      unit: 'none',
      steps: [
        [null, 'orange'],
        [1, 'green'],
      ],
    }),
    stat({
      title: 'Active connections',
      description: 'On all directors together.',
      query: `sum(${select(catalogue.activeConnections)})`,
      unit: 'short',
      steps: neutral,
    }),
    stat({
      title: 'Failed checks',
      description: 'In the time that is shown, those included that retry forgave.',
      query: `sum(increase(${select(catalogue.checkFailures)}[$__range])) or vector(0)`,
      unit: 'short',
      decimals: 0,
      steps: none,
    }),
    stat({
      title: 'Certificate',
      description: 'Time until the certificate ends that its checks saw.',
      query: `min(${servers.certificateSeconds})`,
      noValue: 'none seen',
      unit: 'dtdurations',
      steps: [
        [null, 'red'],
        [3 * day, 'orange'],
        [20 * day, 'green'],
      ],
    }),
  ];
}

function states(): Panel {
  return stateTimeline({
    title: 'State',
    description: 'A bar for each director. If only one sees it down, look at the way from there.',
    query: servers.state,
    legend: '{{instance}}',
  });
}

/** The same address in whatever virtual server: is it the server, or one of its services? */
function elsewhere(): Panel {
  const wide: Select = (family, narrowing) => select(family, { ...narrowing, without: ['virtual_server'] });
  const all = askServers(wide);
  return table({
    title: 'In all virtual servers',
    description: 'The same address and port in other virtual servers, and on other directors.',
    noValue: 'It is nowhere.',
    sortBy: { column: 'Virtual server', descending: false },
    columns: [
      whoseVirtualServer,
      whoseDirector,
      { name: 'State', from: { query: all.state }, mappings: serverStates, width: 110 },
      { name: 'Since', from: { query: all.since }, unit: 'dateTimeFromNow' },
      { name: 'Reason', from: { query: whereDown(all, all.reason), as: 'reason' } },
    ],
    hidden: ['real_server'],
  });
}

function failures(): Panel {
  return series({
    title: 'Failed checks by reason',
    description:
      'What its checks failed with. Refused: nothing listens. Timeouts: it, or the way to it, is overloaded.',
    unit: 'ops',
    steps: none,
    colorsOfNames: true,
    lines: [[ratePer('instance, reason', select(catalogue.checkFailures)), '{{reason}} at {{instance}}']],
  });
}

function durations(): Panel {
  return series({
    title: 'Last duration of its checks',
    description: 'As it was when Prometheus asked. A rise before a failure is load; a plateau is a timeout.',
    unit: 's',
    steps: neutral,
    lines: [[only('instance, check', select(catalogue.lastDuration)), '{{check}} at {{instance}}']],
  });
}

function changes(): Panel {
  return series({
    title: 'Changes of the verdict',
    description: 'Up and down, counted since the agent began.',
    unit: 'none',
    steps: neutral,
    colors: verdictColors,
    lines: [[only('instance, to', select(catalogue.serverTransitions)), 'to {{to}} at {{instance}}']],
  });
}

function weights(): Panel {
  const each = (family: Family) => only('instance', select(family));
  return series({
    title: 'Weight, wanted and actual',
    description: 'Lines that part are drift: somebody else writes to the IPVS table, or the agent cannot.',
    unit: 'none',
    steps: neutral,
    lines: [
      [each(catalogue.desiredWeight), 'wanted at {{instance}}'],
      [each(catalogue.weight), 'actual at {{instance}}'],
    ],
  });
}

function connections(): Panel[] {
  const each = (family: Family) => only(byRealServer, select(family));
  return [
    series({
      title: 'Active connections',
      description: 'Connections that are established, by director.',
      unit: 'short',
      steps: neutral,
      lines: [[each(catalogue.activeConnections), '{{instance}}']],
    }),
    series({
      title: 'Inactive connections',
      description: 'Connections that ended and are still remembered, by director.',
      unit: 'short',
      steps: neutral,
      lines: [[each(catalogue.inactiveConnections), '{{instance}}']],
    }),
  ];
}
