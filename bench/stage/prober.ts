import { Agent, get } from 'node:http';
import { addressOf, ports } from '../configs/places.ts';

/** Probes a second that the exporter is asked for; it never probes by itself. */
export const blackboxRate = 500;
const tick = 20;

/** Asks the exporter for probes of all targets in turn, at `blackboxRate`, until the process ends. */
export function driveBlackbox(targets: number): void {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let next = 0;
  setInterval(() => {
    for (let left = (blackboxRate * tick) / 1000; left > 0; left--) {
      const target = encodeURIComponent(`http://${addressOf(next++ % targets)}:${ports.plain}/`);
      const path = `/probe?module=http&target=${target}`;
      get({ host: '127.0.0.1', port: ports.blackbox, path, agent }, response => response.resume()).on(
        'error',
        () => {},
      );
    }
  }, tick);
}
