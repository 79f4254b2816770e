import { memory, type RatioPart } from '../parts/ratio-parts.ts';
import type { WindowsResult } from '../stage/plan.ts';
import { type ContestantName, contestantNames } from '../work.ts';
import { compare, costOf, findNoise, judge, rateOf, type Stages } from './cost.ts';
import { median, type Spread, spreadOf } from './statistics.ts';

/** A line of one of the tables; the first cell says what it is of. */
export type Row = readonly string[];

/** The tables of bench/README.md by name, with their titles. */
export const tables = {
  ratios: [
    ...['part', 'ratio', 'of each round', 'must', 'aim', 'verdict'],
    ...['checkalived', 'keepalived', 'HAProxy', 'blackbox_exporter'],
  ],
  bounds: ['what', 'figure', 'bound', 'verdict'],
  growth: ['targets', 'delay_loop', 'checks/s', 'µs per check', 'resident MiB', 'KiB for each server'],
} as const satisfies Readonly<Record<string, Row>>;

/** Of a shared machine nobody wants more digits. */
const ratioDigits = 2;
const tooSlow = 0.85;
const order: readonly ContestantName[] = ['checkalived', 'keepalived', 'haproxy', 'blackbox'];

/** The part's own row: CPU per check. */
export function ratioRow(part: RatioPart, stages: Stages): Row {
  const costs = (name: ContestantName): number[] => windowsOf(stages[name]).map(window => costOf(window, part.work));
  return [part.name, ...compareCells(part, stages, costs), ...order.map(name => formatSpread(costs(name), 'µs', 0))];
}

/** Resident memory, from the same windows. */
export function memoryRow(stages: Stages): Row {
  const sizes = (name: ContestantName): number[] =>
    windowsOf(stages[name]).map(({ residentBytes }) => residentBytes / 2 ** 20);
  return [
    memory.name,
    ...compareCells(memory, stages, sizes),
    ...order.map(name => formatSpread(sizes(name), 'MiB', 0)),
  ];
}

/** How late checks start and how late the event loop is. `stages` are from outside, `inside` is our agent watched from inside. */
export function lagRows(stages: Stages, inside: WindowsResult): Row[] {
  const late = (name: ContestantName): number[] =>
    windowsOf(stages[name]).map(({ lateness }) => lateness?.p99 ?? Number.NaN);
  const loop = inside.windows.map(({ loopLag }) => loopLag?.p99 ?? Number.NaN);
  return [
    boundRow('start lag p99, seen from the target', late('checkalived'), { unit: 'ms', digits: 0, bound: 60 }),
    ['the same of keepalived', formatSpread(late('keepalived'), 'ms', 0), '', ''],
    boundRow('event loop p99', loop, { unit: 'ms', digits: 1, bound: 15 }),
  ];
}

interface Bound {
  readonly unit: string;
  /** Behind the point. */
  readonly digits: number;
  readonly bound: number;
}

/** A figure that must not be above its bound. */
export function boundRow(what: string, values: readonly number[], { unit, digits, bound }: Bound): Row {
  const met = median(values) <= bound;
  return [what, formatSpread(values, unit, digits), `${bound} ${unit}`, met ? 'met' : 'missed'];
}

/** Checks a second of each contestant that was slower than it was asked to be. */
export function findSlow(part: RatioPart, stages: Stages): string[] {
  const asked = (part.work.targets * part.work.copies) / part.work.delayLoop;
  return contestantNames.flatMap(name => {
    if (name === 'blackbox') return [];
    const rate = median(windowsOf(stages[name]).map(window => rateOf(window, part.work)));
    return rate < asked * tooSlow ? [`${name} made ${rate.toFixed(0)} checks/s of the ${asked} it was asked for`] : [];
  });
}

function compareCells(
  bounds: { readonly must: number; readonly aim: number },
  stages: Stages,
  figures: (name: ContestantName) => number[],
): string[] {
  const limits = [`${bounds.must}`, `${bounds.aim}`];
  if (!stages.checkalived || !stages.keepalived) return ['', '', ...limits, 'keepalived is missing'];
  const { ratio, rounds, ours, theirs } = compare(figures('checkalived'), figures('keepalived'));
  const noise = findNoise([...stages.checkalived, ...stages.keepalived], [ours, theirs]);
  const verdict = judge(ratio, bounds);
  return [
    ratio.toFixed(ratioDigits),
    `${rounds.min.toFixed(ratioDigits)}-${rounds.max.toFixed(ratioDigits)}`,
    ...limits,
    noise ? `${verdict}, but too noisy to judge: ${noise}` : verdict,
  ];
}

function windowsOf(stages: readonly WindowsResult[] | undefined) {
  return (stages ?? []).flatMap(stage => stage.windows);
}

/** Median and extremes, or nothing of nothing. */
export function formatSpread(values: readonly number[], unit: string, digits: number): string {
  if (values.length === 0) return '';
  const { median, min, max }: Spread = spreadOf(values);
  const extremes = values.length > 1 ? ` (${min.toFixed(digits)}-${max.toFixed(digits)})` : '';
  return `${median.toFixed(digits)}${extremes} ${unit}`.trimEnd();
}
