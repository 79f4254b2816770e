import { setMaxListeners } from 'node:events';
import type { Io } from './io.ts';
import { openProgress } from './output/progress.ts';

/** Jobs under way at the same time. */
const atOnce = 64;

/** Runs checks to their end, a bounded number at a time, with a bar on a terminal; null: interrupted. */
export async function runJobs<Job, Result>(
  jobs: readonly Job[],
  run: (job: Job, signal: AbortSignal) => Promise<Result>,
  io: Pick<Io, 'stderr' | 'onSignal'>,
): Promise<Result[] | null> {
  const abort = new AbortController();
  // All the jobs under way listen to it.
  setMaxListeners(0, abort.signal);
  const cancels = (['SIGINT', 'SIGTERM'] as const).map(signal => io.onSignal(signal, () => abort.abort()));
  const progress = openProgress(io.stderr, jobs.length, 'check');
  const results: Result[] = [];
  const waiting = jobs.entries();
  const work = async (): Promise<void> => {
    for (const [index, job] of waiting) {
      if (abort.signal.aborted) return;
      results[index] = await run(job, abort.signal);
      progress.step();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, work));
  } finally {
    for (const cancel of cancels) cancel();
    progress.close();
  }
  return abort.signal.aborted ? null : results;
}
