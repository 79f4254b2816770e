import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../src/metrics/catalogue.ts';
import { agentNumbers, agentTable } from './agent-now.ts';
import { configurationsOf } from './annotations.ts';
import { percentiles } from './check-panels.ts';
import { frame, uids } from './frame.ts';
import { line, row } from './layout.ts';
import type { PlainDashboard } from './mend.ts';
import { neutral, none, type Steps, series } from './panels.ts';
import { createSelect, type Family, foreign, only, ratePer } from './promql.ts';
import { datasource, instance, job } from './variables.ts';

const select = createSelect({});

/** What the agents do: their checks, IPVS, notifications, store and process. */
export function buildAgent(): PlainDashboard {
  return frame({
    uid: uids.agent,
    title: 'Agent',
    description:
      'The agents themselves: can what they say be relied on, and do they get rid of what they have to tell?',
    from: 'now-3h',
    variables: [datasource, job, instance],
    annotations: [configurationsOf(select)],
    rows: [
      row('Now', line(4, ...agentNumbers(select)), line(7, agentTable(select))),
      row('Checks', line(8, lag(), underway(), checksDone())),
      row('IPVS', line(8, syncDuration(), syncOperations(), drift())),
      row('Notifications', line(8, notifications(), notificationDuration(), waiting())),
      row('Store and changes', line(8, storeSize(), storeFaults(), transitions())),
      row('Process', line(8, cpu(), memory(), files(), reloads())),
    ],
  });
}

function lag(): Panel {
  return series({
    title: 'Scheduler lag',
    description: 'How much later than due checks began. Above 0.25 s the agent, or its host, has too much to do.',
    unit: 's',
    steps: [
      [null, 'green'],
      [0.25, 'orange'],
      [1, 'red'],
    ],
    lines: percentiles('instance', select(catalogue.schedulerLag, { part: 'bucket' }), '{{instance}} '),
  });
}

function underway(): Panel {
  return series({
    title: 'Under way and waiting',
    description: 'Probes that are under way, and commands that wait for a free place. Growing: targets hang.',
    unit: 'short',
    steps: neutral,
    lines: [
      [each(catalogue.checksInFlight), 'in flight at {{instance}}'],
      [each(catalogue.checksQueued), 'queued at {{instance}}'],
    ],
  });
}

function checksDone(): Panel {
  return series({
    title: 'Checks',
    description: 'Checks that ended, and times of a schedule that passed while the check before was still under way.',
    unit: 'ops',
    steps: neutral,
    lines: [
      [ratePer('instance', select(catalogue.checks)), 'ended at {{instance}}'],
      [ratePer('instance', select(catalogue.checksOverrun)), 'overrun at {{instance}}'],
    ],
  });
}

function syncDuration(): Panel {
  return series({
    title: 'Duration of a change',
    description: 'From reading the IPVS table to having read it back.',
    unit: 's',
    steps: [
      [null, 'green'],
      [0.5, 'orange'],
      [2.5, 'red'],
    ],
    lines: percentiles('instance', select(catalogue.ipvsSyncDuration, { part: 'bucket' }), '{{instance}} '),
  });
}

function syncOperations(): Panel {
  return series({
    title: 'Changes of the IPVS table',
    description: 'Commands by what they do and whether they worked. Failed ones are tried again; the log says why.',
    unit: 'ops',
    steps: none,
    colors: [['failed', 'red']],
    lines: [[ratePer('op, result', select(catalogue.ipvsSyncOperations)), '{{op}} {{result}}']],
  });
}

function drift(): Panel {
  return series({
    title: 'Drift at the last audit',
    description:
      'Entries that were missing, too many, of another weight or otherwise not as wanted. Not 0 for long: somebody else writes there.',
    unit: 'none',
    steps: none,
    lines: [[`sum by (instance, kind) (${select(catalogue.ipvsDrift)})`, '{{kind}} at {{instance}}']],
  });
}

function notifications(): Panel {
  return series({
    title: 'Notifications',
    description: 'Attempts by channel: delivered, failed (tried again) or given up.',
    unit: 'ops',
    steps: none,
    colors: [
      ['failed', 'orange'],
      ['given_up', 'red'],
    ],
    lines: [[ratePer('channel, result', select(catalogue.notifications)), '{{channel}} {{result}}']],
  });
}

function notificationDuration(): Panel {
  return series({
    title: 'Duration of an attempt',
    description: 'How long channels take, by channel.',
    unit: 's',
    steps: [
      [null, 'green'],
      [5, 'orange'],
    ],
    lines: percentiles('channel', select(catalogue.notificationDuration, { part: 'bucket' }), '{{channel}} '),
  });
}

function waiting(): Panel {
  return series({
    title: 'Waiting',
    description:
      'Notifications that are not delivered yet, by channel. A line that does not fall is a channel that fails.',
    unit: 'none',
    steps: none,
    lines: [[`sum by (instance, channel) (${select(catalogue.notificationsWaiting)})`, '{{channel}} at {{instance}}']],
  });
}

function storeSize(): Panel {
  return simple('Size of the database', 'With its journal.', 'bytes', neutral, catalogue.storeSize);
}

function storeFaults(): Panel {
  return series({
    title: 'Faults of the store',
    description:
      'Transactions that were refused, results and minutes that were dropped. Checks and IPVS go on all the same.',
    unit: 'ops',
    steps: none,
    lines: [
      [ratePer('instance', select(catalogue.storeWriteErrors)), 'refused at {{instance}}'],
      [ratePer('instance', select(catalogue.droppedResults)), 'dropped results at {{instance}}'],
      [ratePer('instance', select(catalogue.droppedMinutes)), 'dropped minutes at {{instance}}'],
    ],
  });
}

function transitions(): Panel {
  return series({
    title: 'Changes of state',
    description: 'Of real servers, virtual servers, sorry servers and weights.',
    unit: 'ops',
    steps: neutral,
    lines: [[ratePer('object', select(catalogue.transitions)), '{{object}}']],
  });
}

function cpu(): Panel {
  return series({
    title: 'CPU',
    description: '100 % is a whole core; the agent has one main thread.',
    unit: 'percentunit',
    steps: [
      [null, 'green'],
      [0.8, 'orange'],
    ],
    lines: [
      [ratePer('instance', select(foreign.cpu)), '{{instance}}'],
      [ratePer('instance', select(foreign.garbage, { part: 'sum' })), 'garbage collection at {{instance}}'],
    ],
  });
}

function memory(): Panel {
  return series({
    title: 'Memory',
    description: 'Resident memory, and what of it is heap in use.',
    unit: 'bytes',
    steps: neutral,
    lines: [
      [each(foreign.residentMemory), 'resident at {{instance}}'],
      [each(foreign.heapUsed), 'heap at {{instance}}'],
    ],
  });
}

function files(): Panel {
  return series({
    title: 'Open files',
    description: 'A part of what the process may open; each check under way is one.',
    unit: 'percentunit',
    steps: [
      [null, 'green'],
      [0.8, 'red'],
    ],
    lines: [[only('instance', `${select(foreign.openFiles)} / ${select(foreign.maxFiles)}`), '{{instance}}']],
  });
}

function reloads(): Panel {
  return series({
    title: 'Reloads',
    description: 'Asked for since the agent began. Invalid: the file has errors, and the old configuration is kept.',
    unit: 'none',
    steps: none,
    colors: [
      ['^ok', 'green'],
      ['^(invalid|failed)', 'red'],
    ],
    lines: [[`sum by (instance, result) (${select(catalogue.configReloads)})`, '{{result}} at {{instance}}']],
  });
}

function simple(title: string, description: string, unit: string, steps: Steps, family: Family): Panel {
  return series({ title, description, unit, steps, lines: [[each(family), '{{instance}}']] });
}

function each(family: Family): string {
  return only('instance', select(family));
}
