import type { EpochMs, Ms } from '../model/time.ts';

/** One change of a real server's state. */
export interface StateChange {
  readonly time: EpochMs;
  readonly virtualServer: string;
  readonly realServer: string;
  readonly from: string;
  readonly to: string;
}
/** A span in which an agent lived and could have seen a change. */
export interface Run {
  readonly started: EpochMs;
  readonly alive: EpochMs;
}
/** How long a real server was in which state; the three make up the window. */
export interface Uptime {
  readonly virtualServer: string;
  readonly realServer: string;
  readonly up: Ms;
  readonly down: Ms;
  /** No verdict, withdrawn, or no agent was there to see. */
  readonly unknown: Ms;
  readonly changes: number;
}

/**
 * Uptime of every real server in the window. `changes` are in the order of time and hold, besides those of the window,
 * the last one of each real server before it; runs are in the order of time.
 */
export function computeUptimes(
  changes: readonly StateChange[],
  runs: readonly Run[],
  since: EpochMs,
  until: EpochMs,
): readonly Uptime[] {
  const servers = new Map<string, StateChange[]>();
  for (const change of changes) {
    const key = `${change.virtualServer}\n${change.realServer}`;
    const known = servers.get(key);
    if (known) known.push(change);
    else servers.set(key, [change]);
  }
  return [...servers.values()].map(own => computeUptime(own, runs, since, until)).filter(uptime => uptime !== null);
}

function computeUptime(
  changes: readonly StateChange[],
  runs: readonly Run[],
  since: EpochMs,
  until: EpochMs,
): Uptime | null {
  const [first] = changes;
  if (!first) return null;
  const sums = { up: 0, down: 0 };
  let state = first.from;
  let from = -Infinity;
  const count = (to: EpochMs): void => {
    if (state === 'up' || state === 'down') sums[state] += seen(runs, Math.max(from, since), Math.min(to, until));
  };
  for (const change of changes) {
    count(change.time);
    state = change.to;
    from = change.time;
  }
  count(until);
  return {
    virtualServer: first.virtualServer,
    realServer: first.realServer,
    ...sums,
    unknown: until - since - sums.up - sums.down,
    changes: changes.filter(({ time }) => time >= since && time < until).length,
  };
}

/** How much of the span an agent saw. */
function seen(runs: readonly Run[], from: EpochMs, to: EpochMs): Ms {
  let sum = 0;
  let counted = from;
  for (const { started, alive } of runs) {
    const begin = Math.max(started, counted);
    const end = Math.min(alive, to);
    if (end <= begin) continue;
    sum += end - begin;
    counted = end;
  }
  return sum;
}
