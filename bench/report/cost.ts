import type { Window, WindowsResult } from '../stage/plan.ts';
import type { ContestantName, Work } from '../work.ts';
import { median, relativeSpread, type Spread, spreadOf } from './statistics.ts';

/** Everything that was measured of each contestant, a stage each round. */
export type Stages = Partial<Readonly<Record<ContestantName, readonly WindowsResult[]>>>;

/** Above this a window was disturbed by other machines, or by other work on the contestant's core. */
const most = { stolen: 0.05, foreign: 0.1, retransmitted: 0.001, spread: 0.25 } as const;

/** Who probes once for all comes a tick early as often as late; who probes for each comes before a half of `delay_loop` is over. */
const earlyAtMost = -25;

/**
 * Checks that a window's probes have answered. Where virtual servers share real servers, a probe on behalf of all of them
 * answers a check of each; that it was one is seen at the target, where the next then comes a delay_loop later, not sooner.
 */
function checksOf({ probes, lateness }: Window, { copies }: Work): number {
  const isShared = copies > 1 && lateness !== null && lateness.p50 >= earlyAtMost;
  return probes * (isShared ? copies : 1);
}

/** Microseconds of CPU for each check. */
export function costOf(window: Window, work: Work): number {
  return (window.cpuSeconds / checksOf(window, work)) * 1e6;
}

export function rateOf(window: Window, work: Work): number {
  return checksOf(window, work) / window.seconds;
}

export interface Comparison {
  /** Of the medians. */
  readonly ratio: number;
  /** Of each round. */
  readonly rounds: Spread;
  readonly ours: Spread;
  readonly theirs: Spread;
}

/** One figure of ours beside theirs, both taken round by round. */
export function compare(ours: readonly number[], theirs: readonly number[]): Comparison {
  return {
    ratio: median(ours) / median(theirs),
    rounds: spreadOf(ours.map((value, round) => value / (theirs[round] ?? Number.NaN))),
    ours: spreadOf(ours),
    theirs: spreadOf(theirs),
  };
}

/** Why the figures cannot be judged, or null. */
export function findNoise(stages: readonly WindowsResult[], spreads: readonly Spread[]): string | null {
  const windows = stages.flatMap(stage => stage.windows);
  const disturbed = windows.filter(isDisturbed);
  const widest = Math.max(...spreads.map(relativeSpread));
  if (disturbed.length * 2 >= windows.length) return `${disturbed.length} of ${windows.length} windows disturbed`;
  if (widest > most.spread) return `spread ${(widest * 100).toFixed(0)} %`;
  return null;
}

function isDisturbed({ stolen, foreign, retransmitted, probes }: Window): boolean {
  return stolen > most.stolen || foreign > most.foreign || retransmitted > probes * most.retransmitted;
}

export type Verdict = 'aim met' | 'must met' | 'missed';

export function judge(value: number, { must, aim }: { readonly must: number; readonly aim: number }): Verdict {
  if (value <= aim) return 'aim met';
  return value <= must ? 'must met' : 'missed';
}
