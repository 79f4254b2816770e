import { openStage } from '../open-stage.ts';
import { boundRow } from '../report/rows.ts';
import type { Bench } from './bench.ts';
import type { Part, PartResult } from './part.ts';

const work = { checker: 'tcp', targets: 10_000, copies: 1, delayLoop: 1 } as const;
/** Whole minutes. */
const seconds = 180;
const day = 86_400;
/** Checks under way at the stop reach the target, and are never results. */
const lostBound = 0.1;

export const store: Part = {
  name: 'store',
  purpose: 'results that the store keeps and loses at 10,000 checks/s, and its bytes a day',
  run,
};

async function run(bench: Bench): Promise<PartResult> {
  bench.progress(`store: ${seconds} s, after a minute ...`);
  const task = { kind: 'store', seconds } as const;
  const found = await openStage({ contestant: 'checkalived', work, task, inside: null }, bench);
  const lost = ((found.probes - found.kept) / found.probes) * 100;
  const gigabytes = ((found.grownBytes / found.seconds) * day) / 1e9;
  return {
    bounds: [
      boundRow('results lost at 10,000 checks/s', [lost], { unit: '%', digits: 2, bound: lostBound }),
      boundRow('database, growth in a day', [gigabytes], { unit: 'GB', digits: 2, bound: 2 }),
    ],
    measured: { work, found },
  };
}
