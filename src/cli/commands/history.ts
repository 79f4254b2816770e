import { formatTimestamp, type Ms } from '../../model/time.ts';
import { type History, readHistory, type TransitionEntry } from '../../store/history.ts';
import type { Uptime } from '../../store/uptime.ts';
import type { Io, Output } from '../io.ts';
import type { Style } from '../output/style.ts';
import { type Cell, type Column, formatTable } from '../output/table.ts';
import { formatSpan, formatTime } from '../output/time.ts';

export interface HistoryOptions {
  readonly json: boolean;
  /** How far to look back. */
  readonly since: Ms;
  readonly server: string | null;
  readonly stateDir: string;
}

/** Prints what changed and the uptimes, from what the agent has kept. 0: printed, 1: there is nothing to read. */
export async function showHistory({ json, since, server, stateDir }: HistoryOptions, io: Io): Promise<number> {
  const until = io.clock.wall();
  const answer = readHistory(stateDir, { since: until - since, until, server });
  if (!answer.ok) {
    io.stderr.write(`checkalived: ${answer.message}\n`);
    return 1;
  }
  if (json) io.stdout.write(`${JSON.stringify(describe(answer.history, until - since, until), null, 2)}\n`);
  else print(answer.history, since, io.stdout);
  return 0;
}

function describe({ transitions, notifications, uptimes }: History, since: number, until: number): object {
  return {
    since: formatTimestamp(since),
    until: formatTimestamp(until),
    transitions: transitions.map(({ time, ...rest }) => ({ time: formatTimestamp(time), ...rest })),
    notifications: notifications.map(({ time, ...rest }) => ({ time: formatTimestamp(time), ...rest })),
    uptimes: uptimes.map(({ virtualServer, realServer, up, down, unknown, changes }) => ({
      virtualServer,
      realServer,
      upMs: up,
      downMs: down,
      unknownMs: unknown,
      /** Of the time in which the state was known. */
      uptime: up + down > 0 ? up / (up + down) : null,
      changes,
    })),
  };
}

function print({ transitions, uptimes }: History, since: Ms, stdout: Output): void {
  const options = stdout.isTerminal ? { colours: stdout.colours, width: stdout.columns } : { colours: stdout.colours };
  if (transitions.length === 0) stdout.write(`Nothing changed within ${formatSpan(since)}.\n`);
  else stdout.write(`${formatTable(transitionColumns, transitions.map(describeTransition), options).join('\n')}\n`);
  if (uptimes.length > 0) {
    stdout.write(`\n${formatTable(uptimeColumns, uptimes.map(describeUptime), options).join('\n')}\n`);
  }
}

const transitionColumns: readonly Column[] = [
  { title: 'TIME' },
  { title: 'VIRTUAL SERVER' },
  { title: 'WHAT' },
  { title: 'CHANGE' },
  { title: 'WEIGHT', align: 'right' },
  { title: 'REASON' },
  { title: 'DETAIL' },
];

function describeTransition({
  time,
  object,
  virtualServer,
  realServer,
  from,
  to,
  weight,
  reason,
  detail,
}: TransitionEntry): Cell[] {
  const name = object.replaceAll('_', ' ');
  return [
    formatTime(time),
    virtualServer,
    realServer === null ? name : `${name} ${realServer}`,
    colour(`${from} -> ${to}`, styleOf(to)),
    weight === null ? '-' : String(weight),
    reason,
    detail,
  ];
}

const uptimeColumns: readonly Column[] = [
  { title: 'VIRTUAL SERVER' },
  { title: 'REAL SERVER' },
  { title: 'UPTIME', align: 'right' },
  { title: 'UP', align: 'right' },
  { title: 'DOWN', align: 'right' },
  { title: 'UNKNOWN', align: 'right' },
  { title: 'CHANGES', align: 'right' },
];

function describeUptime({ virtualServer, realServer, up, down, unknown, changes }: Uptime): Cell[] {
  return [virtualServer, realServer, formatUptime(up, down), span(up), span(down), span(unknown), String(changes)];
}

/** Rounded down: a server that was ever down does not show 100 %. */
function formatUptime(up: Ms, down: Ms): string {
  if (up + down === 0) return '-';
  return `${(Math.floor((up / (up + down)) * 100_000) / 1_000).toFixed(3)} %`;
}

function span(ms: Ms): string {
  return ms === 0 ? '-' : formatSpan(ms);
}

function styleOf(to: string): Style | null {
  if (to === 'up') return 'green';
  return to === 'down' ? 'red' : null;
}

function colour(text: string, style: Style | null): Cell {
  return style ? { text, style } : text;
}
