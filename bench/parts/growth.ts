import { openStage } from '../open-stage.ts';
import { costOf, rateOf } from '../report/cost.ts';
import { formatSpread, type Row } from '../report/rows.ts';
import type { WindowsResult } from '../stage/plan.ts';
import type { Work } from '../work.ts';
import type { Bench } from './bench.ts';
import type { Part, PartResult } from './part.ts';

const sizes = [100, 1_000, 10_000, 50_000] as const;

export const growth: Part = {
  name: 'growth',
  purpose: 'CPU for each check and memory for each server at 100, 1,000, 10,000 and 50,000 targets',
  run,
};

async function run(bench: Bench): Promise<PartResult> {
  const { rounds, seconds, warm } = bench.options;
  const found: { readonly work: Work; readonly stage: WindowsResult }[] = [];
  for (const targets of sizes) {
    // 50,000 a second is more than a core can do.
    const work: Work = { checker: 'tcp', targets, copies: 1, delayLoop: targets > 10_000 ? 5 : 1 };
    bench.progress(`growth: ${targets} targets, ${rounds} windows ...`);
    const task = { kind: 'windows', warm, windows: rounds, seconds } as const;
    found.push({ work, stage: await openStage({ contestant: 'checkalived', work, task, inside: null }, bench) });
  }
  return { growth: found.map(({ work, stage }) => describe(work, stage)), measured: { options: bench.options, found } };
}

function describe(work: Work, { windows }: WindowsResult): Row {
  const resident = windows.map(({ residentBytes }) => residentBytes);
  return [
    work.targets.toLocaleString('en'),
    `${work.delayLoop}`,
    formatSpread(
      windows.map(window => rateOf(window, work)),
      '',
      0,
    ),
    formatSpread(
      windows.map(window => costOf(window, work)),
      '',
      0,
    ),
    formatSpread(
      resident.map(bytes => bytes / 2 ** 20),
      '',
      0,
    ),
    formatSpread(
      resident.map(bytes => bytes / 2 ** 10 / work.targets),
      '',
      1,
    ),
  ];
}
