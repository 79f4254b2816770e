import type { Checker, CheckResult, ResultReceiver, RunningCheck } from '../model/check.ts';
import type { ConnectOptions } from '../model/ports.ts';
import type { EpochMs, Ms } from '../model/time.ts';
import type { CheckEntry } from './check-table.ts';
import type { Scheduled } from './scheduler.ts';

/** Whom a probe tells. */
export interface ProbeOwner {
  ended(probe: Probe, result: CheckResult, now?: Ms): void;
}

/**
 * What is really run: one probe for all checks that would ask the same of the same at the same times. Its result goes
 * to every real server that asked for it. Reused for all its runs: this is the hot path.
 */
export class Probe implements Scheduled, ResultReceiver {
  readonly key: string;
  readonly type: string;
  readonly spec: unknown;
  /** Where it connects to; null: nowhere, or nobody knows. */
  readonly peer: ConnectOptions | null;
  due: Ms = 0;
  tick: number | null = null;
  /** Never empty while it is scheduled. Nearly always one, for which a literal has just the room. */
  readonly entries: CheckEntry[];
  running: RunningCheck | null = null;
  /** Whether the last run passed; null before the first. */
  passed: boolean | null = null;
  /** Its next run is a retry, which is not to come earlier. */
  retrying = false;
  /** Asked for a run while one was under way. */
  woken = false;
  /** Monotonic start of the last run. */
  startedAt: Ms = 0;
  /** How long after its place among the others that was; 0 where it had none. */
  lag: Ms = 0;
  /** How long before that place the next run is due. */
  early: Ms = 0;
  /** 0 before the first. */
  lastRunAt: EpochMs = 0;
  /** For checkers that take a signal. One for all runs: they cost, and never overlap. */
  #controller: AbortController | null = null;
  #ended = false;
  readonly #owner: ProbeOwner;

  constructor(key: string, first: CheckEntry, checker: Checker | undefined, owner: ProbeOwner) {
    const { type, spec } = first.plan;
    this.key = key;
    this.type = type;
    this.spec = spec;
    this.entries = [first];
    this.peer = checker?.peer?.(spec) ?? null;
    this.#owner = owner;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** True once nobody asks for it any more. */
  get over(): boolean {
    return this.#ended;
  }

  finished(result: CheckResult, now?: Ms): void {
    this.#owner.ended(this, result, now);
  }

  /** Aborts what runs, for good. */
  end(): void {
    this.#ended = true;
    this.#controller?.abort();
    this.running?.abort();
  }
}
