import type { Cancel, Clock, Ms } from '../model/time.ts';

/**
 * When it is looked which commands have ended. Commands are started several at a time and most are short, so those that
 * end together are told together, a few milliseconds late, for one wake-up in place of one each.
 */
export interface Lookout {
  /** A command has been started, or will end soon. */
  expect(): void;
  /** Looks now. */
  look(): void;
}

/** Between a start and the looks after it. Who still runs then is a longer one, and signals tell of its end at once. */
const pauses: readonly Ms[] = [8, 8, 16, 16];

/**
 * @param modules.onDeath calls from now on whenever a child has died
 * @param modules.reap tells of all that have ended, and returns how many still run
 */
export function createLookout(modules: {
  readonly clock: Clock;
  readonly onDeath: (run: () => void) => Cancel;
  readonly reap: () => number;
}): Lookout {
  const { clock, onDeath, reap } = modules;
  let looks = 0;
  let cancelTimer: Cancel | null = null;
  let stopListening: Cancel | null = null;

  const arm = (pause: Ms): void => {
    cancelTimer = clock.at(clock.now() + pause, () => {
      cancelTimer = null;
      look();
    });
  };
  const look = (): void => {
    if (reap() === 0) {
      cancelTimer?.();
      cancelTimer = null;
      stopListening?.();
      stopListening = null;
      return;
    }
    if (cancelTimer !== null || stopListening !== null) return;
    const pause = pauses[looks++];
    if (pause !== undefined) {
      arm(pause);
      return;
    }
    stopListening = onDeath(look);
    // It may have come just before.
    look();
  };
  return {
    expect() {
      if (stopListening !== null) return;
      looks = 1;
      if (cancelTimer === null) arm(pauses[0] ?? 0);
    },
    look,
  };
}
