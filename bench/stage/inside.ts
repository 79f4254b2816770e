// Preloaded into the agent: at every SIGUSR2 it appends an InsideReport to BENCH_INSIDE_FILE. With a directory for
// profiles every second SIGUSR2 leaves there a CPU profile of the time since the one before.
import { appendFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import type { Inside, InsideReport } from './plan.ts';

const { BENCH_INSIDE_FILE: file, BENCH_INSIDE: options } = process.env;

if (isMainThread && file && options) watch(file, JSON.parse(options) as Inside);

function watch(file: string, { resolution, collect, profile }: Inside): void {
  // Neither the helper process nor a command is to be watched, or to find this in its environment.
  for (const name of ['NODE_OPTIONS', 'BENCH_INSIDE_FILE', 'BENCH_INSIDE']) delete process.env[name];
  const lag = monitorEventLoopDelay({ resolution });
  // What the monitor shows contains one of its waits.
  const toLag = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
  lag.enable();
  const toggleProfiler = profile === null ? () => {} : openProfiler(profile);
  const collectGarbage = collect ? exposeCollector() : () => {};
  process.on('SIGUSR2', () => {
    const [p50, p99, max] = [toLag(lag.percentile(50)), toLag(lag.percentile(99)), toLag(lag.max)];
    const { count } = lag;
    collectGarbage();
    const report: InsideReport = { loopLag: { p50, p99, max, count }, heapBytes: process.memoryUsage().heapUsed };
    toggleProfiler();
    appendFileSync(file, `${JSON.stringify(report)}\n`);
    lag.reset();
  });
}

function exposeCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
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
