import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Places } from '../configs/places.ts';
import { prepare } from './contestants.ts';
import type { StagePlan } from './plan.ts';
import { driveBlackbox } from './prober.ts';

export interface Contestant {
  /** Of its first process. */
  readonly pid: number;
  /** Milliseconds since it was started. */
  age(): number;
  /** Ends it with SIGTERM, and waits for it. */
  stop(): Promise<void>;
}

/** Starts the contestant on core 0. When it ends by itself the stage fails with its last words. */
export function startContestant(plan: StagePlan, places: Places): Contestant {
  const { words, environment } = prepare(plan, places);
  const file = join(plan.directory, 'log');
  const log = openSync(file, 'a');
  const start = process.hrtime.bigint();
  const child = spawn('taskset', ['-c', '0', ...words], {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...environment },
  });
  const fail = (code: number | null, signal: string | null): void => {
    const said = readFileSync(file, 'utf8').slice(-2000);
    process.stderr.write(`${plan.contestant} ended by itself (${signal ?? code}); its last words:\n${said}\n`);
    process.exit(1);
  };
  child.once('exit', fail);
  if (plan.contestant === 'blackbox') driveBlackbox(plan.work.targets);
  return {
    pid: child.pid ?? 0,
    age: () => Number(process.hrtime.bigint() - start) / 1e6,
    async stop() {
      child.off('exit', fail);
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
