import type { VsState } from '../health/state.ts';
import type { CheckPlan, FailureReason } from '../model/check.ts';
import type { CheckerId, VsId } from '../model/ids.ts';
import type { CheckObserver, ObservedCheck } from '../model/observer.ts';
import type { RealServer, VirtualServer } from '../model/server.ts';
import type { EpochMs, Ms } from '../model/time.ts';
import type { Probe } from './probe.ts';

/** One check with what was seen of it since the agent started. Mutable: this is the hot path. */
export interface CheckEntry {
  plan: CheckPlan;
  virtualServer: VsId;
  realServer: RealServer;
  /** What runs it; null before the first time. */
  probe: Probe | null;
  /** 0 before the first run. */
  lastRunAt: EpochMs;
  /** Of the last result; null before the first. A copy: a result that is kept until the next one would be old garbage. */
  outcome: 'ok' | FailureReason | null;
  took: Ms;
  detail: string;
  /** Of the last check that passed. */
  warning: string | null;
  runs: number;
  failures: number;
  /** In this state of its virtual server a result that just passes has changed nothing. */
  unmoved: VsState | null;
  /** The store and the metrics. */
  readonly observers: readonly CheckObserver[];
}

/** All checks by id, over all virtual servers. */
export class CheckTable {
  readonly #entries = new Map<CheckerId, CheckEntry>();
  readonly #observe: (check: ObservedCheck) => readonly CheckObserver[];

  constructor(observe: (check: ObservedCheck) => readonly CheckObserver[] = () => []) {
    this.#observe = observe;
  }

  get(id: CheckerId): CheckEntry | undefined {
    return this.#entries.get(id);
  }

  values(): IterableIterator<CheckEntry> {
    return this.#entries.values();
  }

  /**
   * Makes the table hold exactly the checks of these virtual servers. What stays keeps its counters.
   * @returns the new checks, those that stay, those of them that have another schedule, and those that are gone
   */
  replace(virtualServers: readonly VirtualServer[]): {
    readonly added: readonly CheckEntry[];
    readonly kept: readonly CheckEntry[];
    readonly retimed: readonly CheckEntry[];
    readonly removed: readonly CheckEntry[];
  } {
    const added: CheckEntry[] = [];
    const kept: CheckEntry[] = [];
    const retimed: CheckEntry[] = [];
    const left = new Map(this.#entries);
    for (const vs of virtualServers) {
      for (const realServer of vs.realServers) {
        for (const plan of realServer.checks) {
          const known = left.get(plan.id);
          left.delete(plan.id);
          if (known) {
            if (JSON.stringify(known.plan.schedule) !== JSON.stringify(plan.schedule)) retimed.push(known);
            known.plan = plan;
            known.realServer = realServer;
            kept.push(known);
          } else {
            const observed = { virtualServer: vs.id, realServer: realServer.id, checkType: plan.type };
            const entry = newEntry(plan, vs.id, realServer, this.#observe(observed));
            this.#entries.set(plan.id, entry);
            added.push(entry);
          }
        }
      }
    }
    for (const [id, { observers }] of left) {
      this.#entries.delete(id);
      for (const observer of observers) observer.close();
    }
    return { added, kept, retimed, removed: [...left.values()] };
  }
}

function newEntry(
  plan: CheckPlan,
  virtualServer: VsId,
  realServer: RealServer,
  observers: readonly CheckObserver[],
): CheckEntry {
  return {
    plan,
    virtualServer,
    realServer,
    probe: null,
    lastRunAt: 0,
    outcome: null,
    took: 0,
    detail: '',
    warning: null,
    runs: 0,
    failures: 0,
    unmoved: null,
    observers,
  };
}
