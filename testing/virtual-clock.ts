import type { Cancel, Clock, EpochMs, Ms } from '../src/model/time.ts';

/** A clock that moves only when told. Wall time starts at 2026-01-01 and moves along. */
export class VirtualClock implements Clock {
  #now: Ms = 0;
  #sequence = 0;
  #due: { at: Ms; order: number; run: () => void }[] = [];

  now(): Ms {
    return this.#now;
  }

  wall(): EpochMs {
    return 1_767_225_600_000 + this.#now;
  }

  at(due: Ms, run: () => void): Cancel {
    const entry = { at: Math.max(due, this.#now), order: this.#sequence++, run };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter(other => other !== entry);
    };
  }

  /** Runs all that is due until `now() + span`, in order, and lets promises settle in between. */
  async advance(span: Ms): Promise<void> {
    const end = this.#now + span;
    await settle();
    for (;;) {
      const next = this.#due.filter(entry => entry.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next) break;
      this.#due = this.#due.filter(entry => entry !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settle();
    }
    this.#now = end;
  }

  /** Time passes and nothing runs, as in a loop that is busy; what has come due runs with the next `advance`. */
  stall(span: Ms): void {
    this.#now += span;
  }

  pending(): number {
    return this.#due.length;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve));
}
