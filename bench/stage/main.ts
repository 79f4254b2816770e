// One stage, in namespaces of its own (bench/open-stage.ts): starts the targets on core 1 and the contestant on core 0,
// does its task, and prints what it found as JSON. Whatever it has started ends with it.
import process from 'node:process';
import { startContestant } from './contestant.ts';
import type { StagePlan } from './plan.ts';
import { measureScrapes } from './scrapes.ts';
import { soak } from './soak.ts';
import { measureStart } from './start.ts';
import { measureStore } from './store.ts';
import { openNetwork, startTarget } from './target.ts';
import { measureWindows } from './windows.ts';

// Its parent holds the other end of the pipe: when that is gone, so are we, and all that runs here.
process.stdin.on('end', () => process.exit(1)).resume();
const result = await perform(JSON.parse(process.argv[2] ?? '') as StagePlan);
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));

async function perform(plan: StagePlan): Promise<object> {
  openNetwork();
  const target = await startTarget(plan);
  const contestant = startContestant(plan, target.places);
  const { task } = plan;
  switch (task.kind) {
    case 'windows':
      return measureWindows(task, plan, contestant, target);
    case 'start':
      return measureStart(plan, contestant, target);
    case 'scrapes':
      return measureScrapes(task, plan, contestant, target);
    case 'store':
      return measureStore(task, plan, contestant, target);
    case 'soak':
      return soak(task, plan, contestant, target);
  }
}
