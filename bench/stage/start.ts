import { askApi } from './api.ts';
import type { Contestant } from './contestant.ts';
import type { StagePlan, StartResult } from './plan.ts';
import { sleep } from './sleep.ts';
import type { Target } from './target.ts';

/** Longer than this nobody waits, in milliseconds. */
const longest = 60_000;
const interval = 50;

/** How long a start takes until there is a first verdict on everything. */
export async function measureStart(plan: StagePlan, contestant: Contestant, target: Target): Promise<StartResult> {
  const { targets, copies } = plan.work;
  const isOurs = plan.contestant === 'checkalived';
  let allProbed: number | null = null;
  let ready: number | null = null;
  while (allProbed === null || (isOurs && ready === null)) {
    if (contestant.age() > longest) throw new Error(`not all was checked within ${longest / 1000} s of the start`);
    await sleep(interval);
    if (allProbed === null && (await target.count()) >= targets * copies) allProbed = contestant.age() / 1000;
    if (isOurs && ready === null && (await askApi('/readyz')).status === 200) ready = contestant.age() / 1000;
  }
  return { allProbed, ready };
}
