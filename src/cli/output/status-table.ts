import { formatEndpoint } from '../../model/endpoint.ts';
import type { RealServerStatus, Snapshot, VirtualServerStatus } from '../../model/snapshot.ts';
import { type EpochMs, parseTimestamp } from '../../model/time.ts';
import { paint, printable, type Style } from './style.ts';
import { type Cell, type Column, cut, formatTable } from './table.ts';
import { formatSpan, formatTime } from './time.ts';

export interface StatusOptions {
  readonly now: EpochMs;
  readonly colours: boolean;
  /** Longest line; left out: none is cut. */
  readonly width?: number;
}

const columns: readonly Column[] = [
  { title: '  REAL SERVER' },
  { title: 'STATE' },
  { title: 'WEIGHT', align: 'right' },
  { title: 'IPVS', align: 'right' },
  { title: 'SINCE', align: 'right' },
  { title: 'LAST RESULT' },
];

const stateStyles: Readonly<Record<RealServerStatus['state'], Style>> = {
  up: 'green',
  down: 'red',
  unknown: 'yellow',
  disabled: 'dim',
  draining: 'yellow',
};

/** The state of everything as lines: each virtual server, below it its real servers. */
export function formatStatus(snapshot: Snapshot, options: StatusOptions): string[] {
  const { now, colours, width } = options;
  const realServers = snapshot.virtualServers.flatMap(vs => vs.realServers);
  const rows = realServers.map(rs => describeRealServer(rs, now));
  const [titles = '', ...lines] = formatTable(columns, rows, width === undefined ? { colours } : { colours, width });
  const printed = [
    shorten(
      `checkalived ${snapshot.version}, IPVS mode ${snapshot.ipvsMode}, running since ${describeStart(snapshot, now)}`,
      width,
    ),
    ...(snapshot.troubles ?? []).map(({ component, since, message }) =>
      paint(shorten(`trouble: ${component}: ${message} (since ${describeTime(since)})`, width), 'red', colours),
    ),
    '',
  ];
  if (snapshot.virtualServers.length === 0) return [...printed, 'The configuration has no virtual server.'];
  printed.push(titles);
  let next = 0;
  for (const vs of snapshot.virtualServers) {
    printed.push(formatVirtualServer(vs, options));
    printed.push(...lines.slice(next, next + vs.realServers.length));
    next += vs.realServers.length;
  }
  return printed;
}

/** Is every virtual server up, and every real server that should be? */
export function isAllUp({ virtualServers }: Snapshot): boolean {
  return virtualServers.every(vs => vs.up && vs.realServers.every(rs => rs.state !== 'down' && rs.state !== 'unknown'));
}

function formatVirtualServer(vs: VirtualServerStatus, { colours, width }: StatusOptions): string {
  const quorum = vs.hysteresis > 0 ? `quorum ${vs.quorum} ± ${vs.hysteresis}` : `quorum ${vs.quorum}`;
  const parts = [` ${vs.scheduler} ${vs.forwarding}`, quorum];
  if (vs.sorryServer) {
    const { address, port, active } = vs.sorryServer;
    parts.push(`sorry server ${formatEndpoint(address, port)} ${active ? 'ACTIVE' : 'idle'}`);
  }
  const state = vs.up ? 'up' : 'DOWN';
  const rest = shorten(parts.join(', '), width === undefined ? width : width - vs.id.length - state.length - 1);
  const style: Style = vs.sorryServer?.active ? 'yellow' : 'dim';
  return `${paint(printable(vs.id), 'bold', colours)} ${paint(state, vs.up ? 'green' : 'red', colours)}${paint(rest, style, colours)}`;
}

function describeRealServer(rs: RealServerStatus, now: EpochMs): Cell[] {
  const since = rs.since === null ? null : parseTimestamp(rs.since);
  return [
    `  ${rs.id}`,
    { text: rs.state, style: stateStyles[rs.state] },
    rs.effectiveWeight === rs.weight ? String(rs.weight) : `${rs.effectiveWeight}/${rs.weight}`,
    rs.ipvsWeight === null ? '-' : String(rs.ipvsWeight),
    since === null ? '-' : formatSpan(now - since),
    describeChecks(rs),
  ];
}

/** What fails, in its words; else what passed and how long it took. */
function describeChecks({ state, checks }: RealServerStatus): string {
  if (checks.length === 0) {
    return state === 'unknown' ? 'not checked: the configuration has an error here' : 'no checker: always up';
  }
  const failing = checks.filter(check => check.reason !== null && check.reason !== 'ok');
  if (failing.length > 0) {
    return failing.map(({ type, reason, detail }) => `${type} ${reason}${detail ? `: ${detail}` : ''}`).join('; ');
  }
  return checks
    .map(({ type, lastDurationMs, warning }) => {
      if (lastDurationMs === null) return `${type} not run yet`;
      return `${type} ok in ${formatMs(lastDurationMs)}${warning === null ? '' : `, but ${warning}`}`;
    })
    .join('; ');
}

/** Milliseconds with one decimal below 10. */
export function formatMs(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

function describeStart({ startedAt }: Snapshot, now: EpochMs): string {
  const started = parseTimestamp(startedAt);
  return started === null ? printable(startedAt) : `${formatTime(started)} (${formatSpan(now - started)})`;
}

function describeTime(text: string): string {
  const time = parseTimestamp(text);
  return time === null ? text : formatTime(time);
}

function shorten(text: string, width: number | undefined): string {
  return width === undefined ? printable(text) : cut(printable(text), width);
}
