import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Bench } from './parts/bench.ts';
import type {
  ScrapesResult,
  SoakResult,
  StagePlan,
  StartResult,
  StoreResult,
  Task,
  WindowsResult,
} from './stage/plan.ts';

/** What each task finds. */
interface Results {
  readonly windows: WindowsResult;
  readonly start: StartResult;
  readonly scrapes: ScrapesResult;
  readonly store: StoreResult;
  readonly soak: SoakResult;
}

/** What isolates a stage: its ports and counters are its own, and all its processes end with the first of them. */
const isolate = ['unshare', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;

/** Runs one stage in a directory of its own. Rejects when it fails, or when a signal ends the bench. */
export function openStage<T extends Task>(
  plan: Pick<StagePlan, 'contestant' | 'work' | 'inside'> & { readonly task: T },
  { directory, tools, signal }: Bench,
): Promise<Results[T['kind']]> {
  return new Promise((resolve, reject) => {
    const own = mkdtempSync(join(directory, `${plan.contestant}-`));
    mkdirSync(join(own, 'state'));
    const [program, ...words] = isolate;
    const stage = ['taskset', '-c', '1', process.execPath, join(import.meta.dirname, 'stage/main.js')];
    // Its standard input ends with us.
    const child = spawn(program, [...words, ...stage, JSON.stringify({ ...plan, tools, directory: own })], {
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
      if (code === 0) resolve(JSON.parse(text) as Results[T['kind']]);
      else reject(new Error(`the stage of ${plan.contestant} failed (exit code ${code})`));
    });
  });
}
