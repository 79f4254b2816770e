// Preloaded into the agent: at every SIGUSR2 it appends to the file BENCH_INSIDE how late the event loop was since the
// last one; with BENCH_PROFILE, a directory, every second SIGUSR2 leaves a CPU profile of the time since the first.
import { appendFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import type { Quantiles } from './plan.ts';

/** The monitor looks this often, in milliseconds; what it shows contains one such wait. */
const resolution = 10;
const { BENCH_INSIDE: file, BENCH_PROFILE: profiles } = process.env;

if (isMainThread && file) watch(file);

function watch(file: string): void {
  // Neither the helper process nor a command is to be watched, or to find this in its environment.
  for (const name of ['NODE_OPTIONS', 'BENCH_INSIDE', 'BENCH_PROFILE']) delete process.env[name];
  const lag = monitorEventLoopDelay({ resolution });
  lag.enable();
  const profile = profiles ? openProfiler(profiles) : () => {};
  process.on('SIGUSR2', () => {
    const quantiles: Quantiles = {
      p50: toLag(lag.percentile(50)),
      p99: toLag(lag.percentile(99)),
      max: toLag(lag.max),
      count: lag.count,
    };
    profile();
    appendFileSync(file, `${JSON.stringify(quantiles)}\n`);
    lag.reset();
  });
}

function toLag(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolution);
}

/** Starts and stops the profiler in turn. */
function openProfiler(directory: string): () => void {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: 500 });
  let running = false;
  let number = 0;
  return () => {
    if (!running) session.post('Profiler.start');
    else {
      session.post('Profiler.stop', (fault, found) => {
        if (!fault) writeFileSync(join(directory, `${++number}.cpuprofile`), JSON.stringify(found.profile));
      });
    }
    running = !running;
  };
}
