import process from 'node:process';
import { askInside } from './inside-file.ts';
import type { StagePlan, Window } from './plan.ts';
import { readCore, readCpu, readResident } from './procfs.ts';
import { sleep } from './sleep.ts';
import type { Target } from './target.ts';

/** The contestant's core and the targets'. */
const cores = [0, 1] as const;

/** What the contestant whose first process is `pid` does in the next `plan.seconds`. */
export async function measureWindow(pid: number, plan: StagePlan, target: Target): Promise<Window> {
  const isInside = plan.inside || plan.profile !== null;
  if (isInside) await askInside(plan.directory, pid);
  target.arrivals?.reset();
  const before = await look(pid, target);
  await sleep(plan.seconds * 1000);
  const after = await look(pid, target);
  const lateness = target.arrivals?.lateness(plan.work.delayLoop) ?? null;
  const loopLag = isInside ? await askInside(plan.directory, pid) : null;
  const seconds = after.time - before.time;
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  const stolen = cores.map((_, core) => (after.cores[core]?.stolen ?? 0) - (before.cores[core]?.stolen ?? 0));
  const busy = (after.cores[0]?.busy ?? 0) - (before.cores[0]?.busy ?? 0);
  return {
    seconds,
    probes: after.probes - before.probes,
    cpuSeconds,
    residentBytes: readResident(pid),
    stolen: Math.max(...stolen) / seconds,
    foreign: Math.max(0, busy - cpuSeconds) / seconds,
    lateness,
    loopLag,
  };
}

async function look(pid: number, target: Target) {
  const probes = await target.count();
  return {
    probes,
    time: Number(process.hrtime.bigint()) / 1e9,
    cpuSeconds: readCpu(pid),
    cores: cores.map(core => readCore(core)),
  };
}
