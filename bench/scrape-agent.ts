// The agent that bench/scrape.ts asks: prints the address of its API, then a window for each `begin` and `end`.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { checkers } from '../checks/index.ts';
import { composeAgent } from '../src/cli/compose.ts';
import { loadConfig } from '../src/config/load.ts';
import type { Log } from '../src/model/ports.ts';
import { systemClock } from '../src/sys/clock.ts';
import { patterns } from '../src/sys/patterns.ts';
import { createApp } from '../src/web/app.ts';
import { formatAddress, listen } from '../src/web/server.ts';

export interface ScrapeWindow {
  /** Of the process, in milliseconds a second. */
  readonly cpu: number;
  /** A second. */
  readonly checks: number;
  /** Of the event loop, in milliseconds. */
  readonly lagP99: number;
  readonly lagMax: number;
  /** The most CPU of one turn of the loop with a piece of metrics, in milliseconds, and of half of them at most. */
  readonly turnMax: number;
  readonly turnMedian: number;
  /** MiB. */
  readonly resident: number;
}

/** Of each turn of the loop that begins with an immediate: on a shared machine time on the clock says little. */
let turns: number[] = [];
const { setImmediate: later } = globalThis;
globalThis.setImmediate = Object.assign(
  (run: (...args: unknown[]) => void, ...args: unknown[]) =>
    later(() => {
      const begun = process.cpuUsage();
      run(...args);
      later(() => {
        const { user, system } = process.cpuUsage(begun);
        turns.push((user + system) / 1e3);
      });
    }),
  later,
) as typeof setImmediate;

const [file = ''] = process.argv.slice(2);
const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: message => console.error(message) };
const { config } = loadConfig(file, { configId: 'checkalived', checkers, hostName: 'bench', patterns });
const agent = composeAgent({
  config,
  checkers,
  dryRun: false,
  log: silent,
  version: 'bench',
  startedAt: systemClock.now(),
});
const { metrics } = agent;
const app = createApp({
  snapshot: () => agent.snapshot(),
  metrics,
  unjudged: () => agent.unjudged(),
  alive: () => true,
});
const listening = await listen(app, { address: '127.0.0.1', port: 0 });
if (!listening.ok) throw new Error(listening.detail);
await agent.start();
await new Promise(resolve => setTimeout(resolve, 5_000));
console.log(`http://${formatAddress(listening.server)}`);

/** The monitor looks this often, in milliseconds; what it shows contains one such wait. */
const resolution = 1;
const lag = monitorEventLoopDelay({ resolution });
let begun = { cpu: process.cpuUsage(), time: process.hrtime.bigint(), runs: 0 };
for await (const line of createInterface(process.stdin)) {
  if (line === 'begin') {
    begun = { cpu: process.cpuUsage(), time: process.hrtime.bigint(), runs: countRuns() };
    turns = [];
    lag.reset();
    lag.enable();
    console.log('begun');
  } else {
    lag.disable();
    const { user, system } = process.cpuUsage(begun.cpu);
    const elapsed = Number(process.hrtime.bigint() - begun.time) / 1e9;
    turns.sort((a, b) => a - b);
    const window: ScrapeWindow = {
      turnMax: turns.at(-1) ?? 0,
      turnMedian: turns[turns.length >> 1] ?? 0,
      cpu: (user + system) / 1e3 / elapsed,
      checks: (countRuns() - begun.runs) / elapsed,
      lagP99: lag.percentile(99) / 1e6 - resolution,
      lagMax: lag.max / 1e6 - resolution,
      resident: process.memoryUsage().rss / 2 ** 20,
    };
    console.log(JSON.stringify(window));
  }
}
await agent.stop({ release: true });
process.exit(0);

function countRuns(): number {
  let runs = 0;
  for (const { realServers } of agent.snapshot().virtualServers) {
    for (const { checks } of realServers) for (const check of checks) runs += check.runs;
  }
  return runs;
}
