import type { CheckResult } from '../model/check.ts';
import type { Log } from '../model/ports.ts';
import type { Clock, Ms } from '../model/time.ts';

const pause: Ms = 60_000;

/** Whether it says nothing of the server: the health core keeps what it knew. */
export function isNoVerdict(result: CheckResult): boolean {
  return !result.ok && (result.reason === 'local' || result.reason === 'internal' || result.inconclusive === true);
}

/**
 * Checks that ended without a verdict: our own loop was late, or we could not even try. They change nothing, so they
 * are told, once a minute at most: silence must not be taken for health.
 */
export class NoVerdicts {
  readonly #clock: Clock;
  readonly #log: Log;
  #count = 0;
  #example = '';
  #quietUntil: Ms = 0;

  constructor(modules: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = modules.clock;
    this.#log = modules.log;
  }

  add(what: string, result: CheckResult & { readonly ok: false }): void {
    if (!isNoVerdict(result)) return;
    this.#count++;
    this.#example = `${what}: ${result.reason} (${result.detail})`;
  }

  tell(): void {
    if (this.#count === 0 || this.#clock.now() < this.#quietUntil) return;
    this.#log.warn(
      `${this.#count} checks ended without a verdict and left all as it was, the last one ${this.#example}`,
    );
    this.#count = 0;
    this.#quietUntil = this.#clock.now() + pause;
  }
}
