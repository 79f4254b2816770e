import type { Clock } from '../model/time.ts';

/**
 * Resolves on a turn of the loop that nobody else who asked here has: however many scrapes there are, one piece of one
 * of them holds up the checks at a time.
 */
export function createTurns(clock: Clock): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const arm = (): void => {
    clock.at(clock.now(), () => {
      waiting.shift()?.();
      if (waiting.length > 0) arm();
    });
  };
  return () =>
    new Promise(resolve => {
      waiting.push(resolve);
      if (waiting.length === 1) arm();
    });
}
