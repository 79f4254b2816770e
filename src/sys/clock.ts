import { performance } from 'node:perf_hooks';
import type { Clock, Ms } from '../model/time.ts';

// Longer waits overflow Node's timers.
const longest = 2 ** 31 - 1;
/** A reading takes some 0.00005 ms where the kernel shows processes its clock, and this or more where it is a system call. */
const dear: Ms = 0.002;
const tried = 100;
/** So many readings within one turn of the loop share one. */
const shared = 8;

/** Real time. */
export const systemClock: Clock = clockOf(() => performance.now());

/**
 * The clock for what reads it thousands of times a second. Where a reading is a system call (the clock sources hpet, acpi_pm and xen,
 * some virtual machines) eight in one turn of the loop have the same time, which is a tenth of a millisecond old at most as a rule.
 */
export function chooseClock(read: () => Ms = () => performance.now()): Clock {
  const begin = read();
  for (let count = 1; count < tried; count++) read();
  return (read() - begin) / tried < dear ? systemClock : createSparingClock(read);
}

/** @param onNextTurn calls once the sockets have been looked at */
export function createSparingClock(
  read: () => Ms,
  onNextTurn: (run: () => void) => void = run => void setImmediate(run),
): Clock {
  let last: Ms = 0;
  let left = 0;
  let isAwaited = false;
  const forget = (): void => {
    left = 0;
    isAwaited = false;
  };
  return clockOf(() => {
    if (left === 0) {
      last = read();
      left = shared;
      if (!isAwaited) onNextTurn(forget);
      isAwaited = true;
    }
    left--;
    return last;
  });
}

function clockOf(now: () => Ms): Clock {
  return {
    now,
    wall: () => Date.now(),
    at(due, run) {
      // A timer of Node may fire again within the turn that sets it, before the sockets have been looked at.
      if (due <= now()) {
        const turn = setImmediate(run);
        return () => clearImmediate(turn);
      }
      let timer: NodeJS.Timeout;
      const wait = (): void => {
        const left = Math.max(0, due - now());
        timer = setTimeout(left > longest ? wait : run, Math.min(left, longest));
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
}
