import { askApi } from './api.ts';
import type { Contestant } from './contestant.ts';
import { askInside } from './inside-file.ts';
import type { ScrapesResult, StagePlan, Task } from './plan.ts';
import { settle } from './settle.ts';
import { sleep } from './sleep.ts';
import type { Target } from './target.ts';

/** As long as a scrape may take, in milliseconds: the comparison without one waits as long. */
const pause = 500;

/** How long the event loop is held by scrapes of /metrics, and meanwhile without one. */
export async function measureScrapes(
  task: Extract<Task, { kind: 'scrapes' }>,
  plan: StagePlan,
  contestant: Contestant,
  target: Target,
): Promise<ScrapesResult> {
  await settle(plan, contestant, target);
  await sleep(task.warm * 1000);
  const ask = async (): Promise<number> => (await askInside(plan.directory, contestant.pid)).loopLag.max;
  const quiet: number[] = [];
  const scraping: number[] = [];
  let answer = { status: 0, bytes: 0 };
  for (let left = task.scrapes; left > 0; left--) {
    await ask();
    await sleep(pause);
    quiet.push(await ask());
    answer = await askApi('/metrics');
    await sleep(pause);
    scraping.push(await ask());
  }
  return { quiet, scraping, ...answer };
}
