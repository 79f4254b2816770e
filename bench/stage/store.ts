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
  const file = join(plan.directory, 'state', databaseName);
  await settle(plan, contestant, target);
  await sleep(minute);
  const before = sizeOf(file);
  await sleep(task.seconds * 1000);
  const grownBytes = sizeOf(file) - before;
  await contestant.stop();
  const probes = await target.count();
  const kept = query(file, 'SELECT sum(runs) FROM results_hourly');
  return { probes, kept, grownBytes, seconds: task.seconds };
}

/** Pages that are in the log only, and not yet in the file, are among them. */
function sizeOf(file: string): number {
  return query(file, 'SELECT page_count * page_size FROM pragma_page_count, pragma_page_size');
}

/** The one number that is the answer. */
function query(file: string, statement: string): number {
  const database = new Sqlite(file, { readonly: true });
  const answer = database.prepare<[], number>(statement).pluck().get() ?? 0;
  database.close();
  return answer;
}
