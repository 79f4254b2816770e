import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { writeKeepalivedConfig } from '../configs/keepalived.ts';
import type { Contestant } from './contestant.ts';
import { FlappingServers } from './flapping-servers.ts';
import { askInside } from './inside-file.ts';
import type { SoakResult, SoakSample, StagePlan, Task } from './plan.ts';
import { readResident } from './procfs.ts';
import { settle } from './settle.ts';
import { sleep } from './sleep.ts';
import type { Target } from './target.ts';

/** Seconds between two changes of each kind. */
const every = { flap: 4, reload: 5, sample: 10 } as const;
/** Every second reload takes so many real servers away; the one after it brings them back. */
const coming = 50;

/** Checks, flapping servers and reloads for `task.seconds`; what could grow is looked at again and again. */
export async function soak(
  task: Extract<Task, { kind: 'soak' }>,
  plan: StagePlan,
  contestant: Contestant,
  target: Target,
): Promise<SoakResult> {
  await settle(plan, contestant, target);
  const servers = await FlappingServers.listen();
  const file = join(plan.directory, 'keepalived.conf');
  const before = await target.count();
  const start = contestant.age();
  const samples: SoakSample[] = [];
  let [reloads, flaps] = [0, 0];
  for (let second = 0; second <= task.seconds; second++) {
    if (second % every.flap === 0) {
      await servers.toggle();
      flaps++;
    }
    if (second % every.reload === 0) {
      const targets = plan.work.targets - (reloads % 2 === 0 ? coming : 0);
      writeFileSync(file, writeKeepalivedConfig({ ...plan.work, targets }, target.places));
      process.kill(contestant.pid, 'SIGHUP');
      reloads++;
    }
    if (second % every.sample === 0) samples.push(await sample(plan, contestant, start));
    await sleep(Math.max(0, start + (second + 1) * 1000 - contestant.age()));
  }
  const seconds = (contestant.age() - start) / 1000;
  return { probes: (await target.count()) - before, reloads, flaps, seconds, samples };
}

async function sample(plan: StagePlan, { pid, age }: Contestant, start: number): Promise<SoakSample> {
  const { heapBytes } = await askInside(plan.directory, pid);
  return {
    seconds: (age() - start) / 1000,
    residentBytes: readResident(pid),
    heapBytes,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}
