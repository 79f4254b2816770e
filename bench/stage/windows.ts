import process from 'node:process';
import type { Contestant } from './contestant.ts';
import { askInside } from './inside-file.ts';
import type { StagePlan, Task, Window, WindowsResult } from './plan.ts';
import { readCore, readCpu, readResident, readTcpCounter } from './procfs.ts';
import { settle } from './settle.ts';
import { sleep } from './sleep.ts';
import type { Target } from './target.ts';

/** The contestant's core and the targets'. */
const cores = [0, 1] as const;

/** What the contestant does in each of the windows, which follow one another. */
export async function measureWindows(
  task: Extract<Task, { kind: 'windows' }>,
  plan: StagePlan,
  contestant: Contestant,
  target: Target,
): Promise<WindowsResult> {
  const settledAfter = await settle(plan, contestant, target);
  await sleep(task.warm * 1000);
  const windows: Window[] = [];
  for (let left = task.windows; left > 0; left--) {
    windows.push(await measureWindow(task.seconds, plan, contestant.pid, target));
  }
  return { windows, settledAfter };
}

async function measureWindow(length: number, plan: StagePlan, pid: number, target: Target): Promise<Window> {
  if (plan.inside) await askInside(plan.directory, pid);
  target.arrivals?.reset();
  const before = await look(pid, target);
  await sleep(length * 1000);
  const after = await look(pid, target);
  const lateness = target.arrivals?.lateness(plan.work.delayLoop) ?? null;
  const report = plan.inside ? await askInside(plan.directory, pid) : null;
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
    retransmitted: after.retransmitted - before.retransmitted,
    lateness,
    loopLag: report?.loopLag ?? null,
  };
}

async function look(pid: number, target: Target) {
  const probes = await target.count();
  return {
    probes,
    time: Number(process.hrtime.bigint()) / 1e9,
    cpuSeconds: readCpu(pid),
    retransmitted: readTcpCounter('RetransSegs'),
    cores: cores.map(core => readCore(core)),
  };
}
