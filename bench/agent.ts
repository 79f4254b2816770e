// One measured agent: bench/run.ts starts it with a configuration file and a list of windows, and reads the lines.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { checkers } from '../checks/index.ts';
import { composeAgent } from '../src/cli/compose.ts';
import { loadConfig } from '../src/config/load.ts';
import type { Log } from '../src/model/ports.ts';
import { patterns } from '../src/sys/patterns.ts';
import type { Window } from './window.ts';

const [file = '', windows = '3', seconds = '8'] = process.argv.slice(2);
const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: message => console.error(message) };
const { config } = loadConfig(file, { configId: 'checkalived', checkers, hostName: 'bench', patterns });
const agent = composeAgent({ config, checkers, dryRun: false, log: silent, version: 'bench' });
/** The monitor looks this often, in milliseconds; what it shows contains one such wait. */
const resolution = 10;
const lag = monitorEventLoopDelay({ resolution });

await agent.start();
await sleep(3);
for (let window = 0; window < Number(windows); window++) console.log(JSON.stringify(await measure(Number(seconds))));
await agent.stop({ release: true });
process.exit(0);

async function measure(span: number): Promise<Window> {
  const runsBefore = countRuns();
  const cpuBefore = process.cpuUsage();
  const start = process.hrtime.bigint();
  lag.reset();
  lag.enable();
  await sleep(span);
  lag.disable();
  const { user, system } = process.cpuUsage(cpuBefore);
  const elapsed = Number(process.hrtime.bigint() - start) / 1e9;
  const checks = countRuns() - runsBefore;
  return {
    checksPerSecond: checks / elapsed,
    microsecondsPerCheck: (user + system) / checks,
    lagP99: lag.percentile(99) / 1e6 - resolution,
    lagMax: lag.max / 1e6 - resolution,
    residentMiB: process.memoryUsage().rss / 2 ** 20,
  };
}

function countRuns(): number {
  let runs = 0;
  for (const { realServers } of agent.snapshot().virtualServers) {
    for (const { checks } of realServers) for (const check of checks) runs += check.runs;
  }
  return runs;
}

function sleep(span: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, span * 1000));
}
