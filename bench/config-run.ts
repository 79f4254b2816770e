// One reading of the configuration that is named, in a process of its own; prints what it took as JSON.
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { checkers } from '../checks/index.ts';
import { loadConfig } from '../src/config/load.ts';
import { patterns } from '../src/sys/patterns.ts';

const before = process.cpuUsage();
const start = performance.now();
const { config, diagnostics } = loadConfig(process.argv[2] ?? '', {
  configId: 'checkalived',
  checkers,
  hostName: 'bench',
  patterns,
});
const wall = performance.now() - start;
const { user, system } = process.cpuUsage(before);
const checks = config.virtualServers
  .flatMap(server => server.realServers)
  .reduce((sum, real) => sum + real.checks.length, 0);
console.log(
  JSON.stringify({
    wall,
    cpu: (user + system) / 1000,
    peak: process.resourceUsage().maxRSS / 1024,
    checks,
    faults: diagnostics.length,
  }),
);
