import type { SoakSample } from '../stage/plan.ts';
import { median } from './statistics.ts';

/** By what share a figure of the samples is greater in the last quarter than in the second; negative: it is less. */
export function growthBetween(samples: readonly SoakSample[], figure: (sample: SoakSample) => number): number {
  const quarter = samples.length / 4;
  const of = (from: number, to: number): number => median(samples.slice(from, to).map(figure));
  return of(Math.floor(3 * quarter), samples.length) / of(Math.floor(quarter), Math.floor(2 * quarter)) - 1;
}
