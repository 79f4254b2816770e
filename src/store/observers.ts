import type { CheckResult } from '../model/check.ts';
import type { CheckObserver, ObservedCheck } from '../model/observer.ts';
import type { Cancel, Clock, EpochMs, Ms } from '../model/time.ts';
import type { MinuteRow, ResultRow } from './messages.ts';

/** Where the observers put what is to be written. */
export interface Sink {
  addResult(row: ResultRow): void;
  addMinute(row: MinuteRow): void;
}
export interface Observers {
  observe(check: ObservedCheck): CheckObserver;
  /** Hands over the minute under way too, and ends. */
  close(): void;
}

const minuteLength: Ms = 60_000;
/** Checks that began at the end of a minute get this long to finish before the minute is collected. */
const grace: Ms = 2_000;
/** Checks that are looked at in one turn of the loop. */
const checksPerTurn = 1_000;

/**
 * Thins the results and counts all of them by the minute. A check that runs often hands its minute over with the first
 * result of the next one; the others are collected soon after the minute, some in each turn of the loop.
 * @param options.resultsInterval between two passing results of a check that are kept; 0 = keep all
 */
export function createObservers(
  options: { readonly resultsInterval: Ms },
  { clock, sink }: { readonly clock: Clock; readonly sink: Sink },
): Observers {
  const observers = new Set<Observer>();
  const home: Home = { interval: options.resultsInterval, sink, observers };
  let cancel: Cancel | null = null;

  const collectLater = (): void => {
    const wait = minuteLength - (clock.wall() % minuteLength) + grace;
    cancel = clock.at(clock.now() + wait, () => collect(observers.values()));
  };
  const collect = (rest: IterableIterator<Observer>): void => {
    const minute = minuteOf(clock.wall());
    for (let looked = 0; looked < checksPerTurn; looked++) {
      const { value, done } = rest.next();
      if (done) {
        collectLater();
        return;
      }
      // Not `<`: where the clock was set back, the minute lies ahead.
      if (value.minute !== minute) value.handOver();
    }
    cancel = clock.at(clock.now(), () => collect(rest));
  };

  return {
    observe: check => {
      const observer = new Observer(check, home);
      observers.add(observer);
      if (!cancel) collectLater();
      return observer;
    },
    close: () => {
      cancel?.();
      for (const observer of observers) observer.handOver();
    },
  };
}

/** What all observers have in common. */
interface Home {
  readonly interval: Ms;
  readonly sink: Sink;
  readonly observers: Set<Observer>;
}

/** On the hot path: a result that is thinned away allocates nothing. */
class Observer implements CheckObserver {
  readonly #check: ObservedCheck;
  readonly #home: Home;
  #passed = false;
  #keptAt: EpochMs = 0;
  // Counted in `minute`; durations in microseconds.
  #minute = 0;
  #runs = 0;
  #failures = 0;
  #durationSum = 0;
  #durationMin = 0;
  #durationMax = 0;

  constructor(check: ObservedCheck, home: Home) {
    this.#check = check;
    this.#home = home;
  }

  /** Since 1970; that of the last result. */
  get minute(): number {
    return this.#minute;
  }

  finished(startedAt: EpochMs, result: CheckResult): boolean {
    const durationUs = Math.round(result.took * 1000);
    this.#count(minuteOf(startedAt), result.ok, durationUs);
    const age = startedAt - this.#keptAt;
    // Where the clock was set back, the last one that was kept lies ahead.
    const isKept = !result.ok || !this.#passed || age >= this.#home.interval || age < 0;
    this.#passed = result.ok;
    if (!isKept) return false;
    this.#keptAt = startedAt;
    this.#home.sink.addResult({
      check: this.#check,
      time: startedAt,
      durationUs,
      reason: result.ok ? null : result.reason,
      detail: result.detail,
    });
    return true;
  }

  /** Hands over what was counted, if anything was. */
  handOver(): void {
    if (this.#runs === 0) return;
    this.#home.sink.addMinute({
      check: this.#check,
      minute: this.#minute,
      runs: this.#runs,
      failures: this.#failures,
      durationSum: this.#durationSum,
      durationMin: this.#durationMin,
      durationMax: this.#durationMax,
    });
    this.#runs = 0;
    this.#failures = 0;
    this.#durationSum = 0;
  }

  close(): void {
    this.handOver();
    this.#home.observers.delete(this);
  }

  #count(minute: number, ok: boolean, durationUs: number): void {
    if (minute !== this.#minute) {
      this.handOver();
      this.#minute = minute;
    }
    if (this.#runs === 0 || durationUs < this.#durationMin) this.#durationMin = durationUs;
    if (this.#runs === 0 || durationUs > this.#durationMax) this.#durationMax = durationUs;
    this.#runs++;
    if (!ok) this.#failures++;
    this.#durationSum += durationUs;
  }
}

function minuteOf(time: EpochMs): number {
  return Math.floor(time / minuteLength);
}
