import { performance } from 'node:perf_hooks';
import type { Clock } from '../model/time.ts';

// Longer waits overflow Node's timers.
const longest = 2 ** 31 - 1;

/** Real time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  at(due, run) {
    // A timer of Node may fire again within the turn that sets it, before the sockets have been looked at.
    if (due <= performance.now()) {
      const turn = setImmediate(run);
      return () => clearImmediate(turn);
    }
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = Math.max(0, due - performance.now());
      timer = setTimeout(left > longest ? wait : run, Math.min(left, longest));
    };
    wait();
    return () => clearTimeout(timer);
  },
};
