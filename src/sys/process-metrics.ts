import { readdir } from 'node:fs/promises';
import process from 'node:process';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** The monitor of the loop's delay wakes the process so often (ms); at its usual 10 that costs more than it tells. */
const rarely = 60_000;

/**
 * Begins to collect prom-client's metrics of this process; returns what makes their text. Left out are those of the
 * loop's delay, which would show `rarely`, and those of the active handles: with thousands of sockets they are slow to
 * count, and some are gauges with the name of a counter.
 */
export function collectProcessMetrics(): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: rarely });
  for (const { name } of registry.getMetricsAsArray()) {
    if (/^nodejs_(?:eventloop_lag|active)_/.test(name)) registry.removeSingleMetric(name);
  }
  if (process.platform === 'linux') countDescriptorsAside(registry);
  return () => registry.metrics();
}

/** prom-client asks the kernel for them in the main thread, which with ten thousand takes 9 ms. */
function countDescriptorsAside(registry: Registry): void {
  const name = 'process_open_fds';
  registry.removeSingleMetric(name);
  new Gauge({
    name,
    help: 'Number of open file descriptors.',
    registers: [registry],
    async collect() {
      // One is that of the listing.
      this.set((await readdir('/proc/self/fd')).length - 1);
    },
  });
}
