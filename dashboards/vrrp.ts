import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../src/metrics/catalogue.ts';
import { mastersOf } from './annotations.ts';
import { whoseDirector } from './columns.ts';
import { frame, uids } from './frame.ts';
import { line, row } from './layout.ts';
import type { PlainDashboard } from './mend.ts';
import { none, series, stat, timeline } from './panels.ts';
import { count, createSelect, only } from './promql.ts';
import { upOrDown, vrrpCode, vrrpStates } from './states.ts';
import { table } from './table.ts';
import { datasource, instance, job, vrrpInstances } from './variables.ts';

const select = createSelect({ vrrp_instance: 'several' });
const byVrrp = 'instance, vrrp_instance';
const inState = (state: keyof typeof vrrpCode, allInstances?: true): string =>
  select(catalogue.vrrpState, { where: { state: `="${state}"` }, ...(allInstances && { allInstances }) });
/** The only state that is 1, as a number. */
const state = only(
  byVrrp,
  Object.entries(vrrpCode)
    .map(([name, number]) => `${inState(name as keyof typeof vrrpCode)} * ${number}`)
    .join(' or '),
);
/**
 * Over all directors, whatever is chosen: one alone never has two masters. Pairs of directors, whose VRRP instances may
 * have the same names, are told apart by the target label `cluster`, as in the alert rules.
 */
const masters = `sum by (job, cluster, vrrp_instance) (${inState('master', true)})`;
const transitions = `sum by (instance, vrrp_instance, to) (increase(${select(catalogue.vrrpTransitions)}[$__range])) > 0`;

/** keepalived's other half, as the hosts show it: who is master, and is it one. */
export function buildVrrp(): PlainDashboard {
  return frame({
    uid: uids.vrrp,
    title: 'VRRP',
    description: 'keepalived and its VRRP instances as the hosts show them: one master each, no more and no less.',
    from: 'now-6h',
    variables: [datasource, job, instance, vrrpInstances],
    annotations: [mastersOf(select)],
    rows: [
      row('Now', line(4, ...numbers())),
      row('Who is master', line(9, states(), mastersOverTime())),
      row('Directors', line(8, instanceTable(), transitionsTable())),
      row('keepalived', line(7, keepalived(), changes())),
    ],
  });
}

function numbers(): Panel[] {
  const counted = { unit: 'none', steps: none };
  return [
    stat({
      title: 'Split brain',
      description:
        'VRRP instances with more than one master, of all directors of a job and cluster. Give pairs of directors a target label cluster each.',
      query: count(`${masters} > 1`),
      ...counted,
    }),
    stat({
      title: 'Without master',
      description: 'VRRP instances that nobody is master of: the virtual addresses are nowhere.',
      query: count(`${masters} == 0`),
      ...counted,
    }),
    stat({
      title: 'In fault',
      description: 'VRRP instances in state fault: an interface is down, or a tracked thing failed.',
      query: count(`${inState('fault')} == 1`),
      ...counted,
    }),
    stat({
      title: 'keepalived missing',
      description: 'Directors on which no keepalived runs.',
      query: count(`${select(catalogue.keepalivedUp)} == 0`),
      ...counted,
    }),
    stat({
      title: 'Changes',
      description:
        'Changes of VRRP states in the time that is shown. More than a failover or two: look for lost packets.',
      query: `sum(increase(${select(catalogue.vrrpTransitions)}[$__range])) or vector(0)`,
      unit: 'none',
      decimals: 0,
      steps: [
        [null, 'green'],
        [3, 'orange'],
        [10, 'red'],
      ],
    }),
  ];
}

function states(): Panel {
  return timeline({
    title: 'State of VRRP instances',
    description: 'A bar for each VRRP instance and director. Two green ones below one another are a split brain.',
    unit: 'none',
    steps: [
      [null, 'text'],
      [vrrpCode.master, 'green'],
      [vrrpCode.backup, 'blue'],
      [vrrpCode.fault, 'red'],
      [vrrpCode.stop, 'orange'],
    ],
    mappings: vrrpStates,
    lines: [[state, '{{vrrp_instance}} at {{instance}}']],
  });
}

function mastersOverTime(): Panel {
  return series({
    title: 'Masters',
    description: 'How many directors of the job are master: 1 is right, 0 is nobody, 2 is a split brain.',
    unit: 'none',
    steps: [
      [null, 'red'],
      [1, 'green'],
      [2, 'red'],
    ],
    lines: [[masters, '{{vrrp_instance}} {{cluster}}']],
  });
}

function instanceTable(): Panel {
  return table({
    title: 'VRRP instances',
    description: 'One row for each VRRP instance and director.',
    noValue: 'No VRRP instance is configured.',
    sortBy: { column: 'VRRP instance', descending: false },
    columns: [
      { name: 'VRRP instance', from: { label: 'vrrp_instance' } },
      whoseDirector,
      { name: 'State', from: { query: state }, mappings: vrrpStates, width: 110 },
    ],
  });
}

function transitionsTable(): Panel {
  return table({
    title: 'Changes by state',
    description: 'To which states VRRP instances went in the time that is shown.',
    noValue: 'No state changed.',
    sortBy: { column: 'Changes', descending: true },
    columns: [
      { name: 'VRRP instance', from: { label: 'vrrp_instance' } },
      whoseDirector,
      { name: 'To', from: { label: 'to' } },
      { name: 'Changes', from: { query: transitions }, unit: 'none', decimals: 0 },
    ],
  });
}

function keepalived(): Panel {
  return timeline({
    title: 'keepalived runs',
    description: 'A bar for each director.',
    unit: 'none',
    steps: [
      [null, 'red'],
      [1, 'green'],
    ],
    mappings: upOrDown,
    lines: [[only('instance', select(catalogue.keepalivedUp)), '{{instance}}']],
  });
}

function changes(): Panel {
  return series({
    title: 'Changes over time',
    description: 'Changes of VRRP states, by the state that was reached.',
    unit: 'none',
    steps: none,
    // As in the bars of the states.
    colors: [
      ['to master$', 'green'],
      ['to backup$', 'blue'],
      ['to fault$', 'red'],
      ['to stop$', 'orange'],
    ],
    lines: [
      [
        `sum by (vrrp_instance, to) (increase(${select(catalogue.vrrpTransitions)}[$__rate_interval]))`,
        '{{vrrp_instance}} to {{to}}',
      ],
    ],
  });
}
