// One stage, in namespaces of its own (bench/open-stage.ts): starts the targets on core 1 and the contestant on core 0,
// waits until it works at full rate, measures, and prints a StageResult. Whatever it has started ends with it.
import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { checksPerSecond } from '../work.ts';
import { prepare } from './contestants.ts';
import { measureWindow } from './measure.ts';
import type { StagePlan, StageResult, Window } from './plan.ts';
import { blackboxRate, driveBlackbox } from './prober.ts';
import { sleep } from './sleep.ts';
import { openNetwork, startTarget, type Target } from './target.ts';

/** A contestant that is not at full rate after so many seconds never will be. */
const longestStart = 15;
/** So much of the rate that was asked for counts as full. */
const fullShare = 0.85;

// Its parent holds the other end of the pipe: when that is gone, so are we, and all that runs here.
process.stdin.on('end', () => process.exit(1)).resume();
const plan = JSON.parse(process.argv[2] ?? '') as StagePlan;
openNetwork();
const target = await startTarget(plan.directory, { ...plan.work, ...plan, countedTrue: plan.tools.countedTrue });
const result = await run(plan, target);
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));

async function run(plan: StagePlan, target: Target): Promise<StageResult> {
  const { words, environment } = prepare(plan, target.places);
  const log = openSync(join(plan.directory, 'log'), 'a');
  const child = spawn('taskset', ['-c', '0', ...words], {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...environment },
  });
  child.once('exit', (code, signal) => {
    const said = readFileSync(join(plan.directory, 'log'), 'utf8').slice(-2000);
    process.stderr.write(`${plan.contestant} ended by itself (${signal ?? code}); its last words:\n${said}\n`);
    process.exit(1);
  });
  const pid = child.pid ?? 0;
  if (plan.contestant === 'blackbox') driveBlackbox(plan.work.targets);
  const settledAfter = await settle(plan, target);
  await sleep(plan.warm * 1000);
  const windows: Window[] = [];
  for (let left = plan.windows; left > 0; left--) windows.push(await measureWindow(pid, plan, target));
  return { windows, settledAfter };
}

/** Seconds until the targets saw the full rate for a second. */
async function settle({ contestant, work }: StagePlan, target: Target): Promise<number | null> {
  const probes = contestant === 'blackbox' ? blackboxRate : checksPerSecond(work);
  // Who asks once for all virtual servers makes fewer.
  const full = (fullShare * probes) / (contestant === 'checkalived' ? work.copies : 1);
  const start = process.hrtime.bigint();
  const span = Math.max(1, work.delayLoop);
  for (let last = await target.count(); ; ) {
    await sleep(span * 1000);
    const elapsed = Number(process.hrtime.bigint() - start) / 1e9;
    const now = await target.count();
    if ((now - last) / span >= full) return elapsed;
    if (elapsed > longestStart + span) return null;
    last = now;
  }
}
