// The agent that bench/scrape.ts asks: prints the address of its API, then a window for each `begin` and `end`.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { checkers } from '../checks/index.ts';
import { composeAgent } from '../src/cli/compose.ts';
import { loadConfig } from '../src/config/load.ts';
import type { Log } from '../src/model/ports.ts';
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
  /** MiB. */
  readonly resident: number;
}

const [file = ''] = process.argv.slice(2);
const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: message => console.error(message) };
const { config } = loadConfig(file, { configId: 'checkalived', checkers, hostName: 'bench', patterns });
const agent = composeAgent({ config, checkers, dryRun: false, log: silent, version: 'bench' });
const { metrics } = agent;
const app = createApp({ snapshot: () => agent.snapshot(), metrics, ready: () => agent.ready(), alive: () => true });
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
    lag.reset();
    lag.enable();
    console.log('begun');
  } else {
    lag.disable();
    const { user, system } = process.cpuUsage(begun.cpu);
    const elapsed = Number(process.hrtime.bigint() - begun.time) / 1e9;
    const window: ScrapeWindow = {
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
