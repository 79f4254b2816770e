import { openStage } from '../open-stage.ts';
import { boundRow, type Row } from '../report/rows.ts';
import { growthBetween } from '../report/soak.ts';
import type { SoakResult, SoakSample } from '../stage/plan.ts';
import type { Bench } from './bench.ts';
import type { Part, PartResult } from './part.ts';

const work = { checker: 'tcp', targets: 1_000, copies: 1, delayLoop: 0.2 } as const;
const seconds = 600;
/** What a day is: checks of as many servers at delay_loop 6. */
const checksOfDay = (work.targets / 6) * 86_400;

export const soak: Part = {
  name: 'soak',
  purpose: '10 minutes of checks, reloads and flapping servers: does memory, or do descriptors grow?',
  run,
};

async function run(bench: Bench): Promise<PartResult> {
  bench.progress(`soak: ${seconds / 60} minutes ...`);
  const inside = { resolution: 10, collect: true, profile: null };
  const found = await openStage({ contestant: 'checkalived', work, task: { kind: 'soak', seconds }, inside }, bench);
  return { bounds: describe(found), measured: { work, found } };
}

/** Shares in per cent, from the second quarter to the last: before it the agent is not yet warm. */
function describe({ probes, reloads, flaps, samples }: SoakResult): Row[] {
  const hours = (probes / checksOfDay) * 24;
  const what = `${(probes / 1e6).toFixed(1)} million checks (${hours.toFixed(1)} hours of 1,000 servers at delay_loop 6), ${reloads} reloads, ${flaps} turns of 10 servers`;
  const row = (name: string, figure: (sample: SoakSample) => number, bound: number): Row =>
    boundRow(`soak: growth of ${name}`, [growthBetween(samples, figure) * 100], { unit: '%', digits: 1, bound });
  return [
    ['soak', what, '', ''],
    row('the heap after a collection', sample => sample.heapBytes, 2),
    row('resident memory', sample => sample.residentBytes, 5),
    row('open descriptors', sample => sample.descriptors, 5),
  ];
}
