import type { Ms } from '../model/time.ts';

const first: Ms = 5_000;
/** A server that is back is found after this at the latest, give or take a fifth. */
const longest: Ms = 5 * 60_000;
/** A server may ask for as much, and no more: who waits for an alert does not want it tomorrow. */
const longestAsked: Ms = 15 * 60_000;

/** Pause after the `attempts`th failure in a row: doubles, with a fifth of jitter. `random` is in 0..1. */
export function backoff(attempts: number, random: number): Ms {
  return Math.round(Math.min(longest, first * 2 ** (attempts - 1)) * (0.8 + 0.4 * random));
}

/** The same, and no shorter than what the server asks for. */
export function pauseAfter(attempts: number, asked: Ms | undefined, random: number): Ms {
  return Math.max(backoff(attempts, random), Math.min(asked ?? 0, longestAsked));
}
