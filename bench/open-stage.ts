import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { StagePlan, StageResult } from './stage/plan.ts';

/** What isolates a stage: its ports and counters are its own, and all its processes end with the first of them. */
const isolate = ['unshare', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;

/** Runs one stage in a directory of its own below `directory`. Rejects when it fails, or when `signal` ends it. */
export function openStage(
  plan: Omit<StagePlan, 'directory'>,
  directory: string,
  signal: AbortSignal,
): Promise<StageResult> {
  return new Promise((resolve, reject) => {
    const own = mkdtempSync(join(directory, `${plan.contestant}-`));
    mkdirSync(join(own, 'state'));
    const [program, ...words] = isolate;
    const stage = ['taskset', '-c', '1', process.execPath, join(import.meta.dirname, 'stage/main.js')];
    // Its standard input ends with us.
    const child = spawn(program, [...words, ...stage, JSON.stringify({ ...plan, directory: own })], {
      stdio: ['pipe', 'pipe', 'inherit'],
      signal,
      killSignal: 'SIGKILL',
    });
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (piece: string) => {
      text += piece;
    });
    child.once('error', reject);
    child.once('close', code => {
      if (code === 0) resolve(JSON.parse(text) as StageResult);
      else reject(new Error(`the stage of ${plan.contestant} failed (exit code ${code})`));
    });
  });
}
