import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { performance } from 'node:perf_hooks';
import { ports } from '../configs/places.ts';
import { quantile } from '../report/statistics.ts';
import type { Quantiles } from './plan.ts';

/** The sampled targets: takes the time of every connection to each of them, on port `ports.arrivals`. */
export class Arrivals {
  readonly #server: Server;
  readonly #last = new Map<string, number>();
  #intervals: number[] = [];
  #count = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<Arrivals> {
    const server = createServer();
    const arrivals = new Arrivals(server);
    server.on('connection', socket => {
      arrivals.#take(socket.localAddress ?? '');
      // The client is to close first, as at nginx.
      socket.on('error', () => {});
      socket.resume();
    });
    server.listen({ port: ports.arrivals, host: '0.0.0.0', backlog: 4096 });
    await once(server, 'listening');
    return arrivals;
  }

  /** Connections since the start. */
  get count(): number {
    return this.#count;
  }

  /** Forgets what was measured; the next interval of each target still counts from its last arrival. */
  reset(): void {
    this.#intervals = [];
  }

  /** How much longer than `delayLoop` seconds the intervals were; null when there was none. */
  lateness(delayLoop: number): Quantiles | null {
    if (this.#intervals.length === 0) return null;
    const late = this.#intervals.map(interval => interval - delayLoop * 1000);
    return { p50: quantile(late, 0.5), p99: quantile(late, 0.99), max: quantile(late, 1), count: late.length };
  }

  close(): void {
    this.#server.close();
  }

  #take(address: string): void {
    const now = performance.now();
    const last = this.#last.get(address);
    if (last !== undefined) this.#intervals.push(now - last);
    this.#last.set(address, now);
    this.#count++;
  }
}
