import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { databaseName } from '../../src/store/database.ts';
import type { Contestant } from './contestant.ts';
import type { StagePlan, StoreResult, Task } from './plan.ts';
import { settle } from './settle.ts';
import { sleep } from './sleep.ts';
import type { Target } from './target.ts';

/** Results are thinned and counted by the minute: growth is measured over whole ones, and not in the first. */
const minute = 60_000;

/** How much the database grows, and how many of the checks it has when the agent has stopped. */
export async function measureStore(
  task: Extract<Task, { kind: 'store' }>,
  plan: StagePlan,
  contestant: Contestant,
  target: Target,
): Promise<StoreResult> {
  const directory = join(plan.directory, 'state');
  await settle(plan, contestant, target);
  await sleep(minute);
  const before = sizeOf(directory);
  await sleep(task.seconds * 1000);
  const grownBytes = sizeOf(directory) - before;
  await contestant.stop();
  const probes = await target.count();
  const database = new Sqlite(join(directory, databaseName), { readonly: true });
  const kept = database.prepare<[], number>('SELECT sum(runs) FROM results_hourly').pluck().get() ?? 0;
  database.close();
  return { probes, kept, grownBytes, seconds: task.seconds };
}

function sizeOf(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}
