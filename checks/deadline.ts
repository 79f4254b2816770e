import type { Cancel, Clock, Ms } from '../src/model/time.ts';

/** A deadline that fires later than this says that our own loop was late, and nothing of the server. */
const ownLateness: Ms = 250;
/** Turns of the loop between a deadline and its verdict: what came in time while our own loop was held is read first. */
const lastTurns = 3;

/** Calls `expired` after `timeout`; `late` says in words that our own loop was, and null that the time is really up. */
export function setDeadline(clock: Clock, timeout: Ms, expired: (late: string | null) => void): Cancel {
  const due = clock.now() + timeout;
  let cancel: Cancel = () => {};
  const readOn = (late: Ms, turns: number): void => {
    if (turns === 0) expired(late > ownLateness ? `our own loop was ${Math.round(late)} ms late` : null);
    else cancel = clock.at(clock.now(), () => readOn(late, turns - 1));
  };
  cancel = clock.at(due, () => readOn(clock.now() - due, lastTurns));
  return () => cancel();
}
