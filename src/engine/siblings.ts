import type { CheckResult, FailureReason } from '../model/check.ts';
import type { Ms } from '../model/time.ts';
import type { Probe } from './probe.ts';

/** What says that the machine may be gone, and not one service of it. */
const atConnect: ReadonlySet<FailureReason> = new Set(['timeout_connect', 'refused', 'unreachable']);
/** Who passed so recently is not asked again: a service that flaps must not drag all others along. */
const rest: Ms = 1_000;

/** The probes of each machine: when one fails at connect, those that pass until now are worth a look at once. */
export class Siblings {
  /** Nearly always there is one: a set for each of ten thousand would take 2 MB. */
  readonly #byAddress = new Map<string, Probe | Set<Probe>>();

  add(probe: Probe): void {
    if (probe.peer === null) return;
    const { address } = probe.peer;
    const known = this.#byAddress.get(address);
    if (known instanceof Set) known.add(probe);
    else this.#byAddress.set(address, known === undefined ? probe : new Set([known, probe]));
  }

  remove(probe: Probe): void {
    if (probe.peer === null) return;
    const { address } = probe.peer;
    const known = this.#byAddress.get(address);
    if (known instanceof Set) known.delete(probe);
    if (known === probe || (known instanceof Set && known.size === 0)) this.#byAddress.delete(address);
  }

  /** Those to be run at once, now that `probe` has come to this result after it had passed. */
  alarmedBy(probe: Probe, result: CheckResult, now: Ms): readonly Probe[] {
    if (result.ok || probe.peer === null || !atConnect.has(result.reason)) return [];
    const siblings = this.#byAddress.get(probe.peer.address);
    if (!(siblings instanceof Set)) return [];
    return [...siblings].filter(
      other => other !== probe && other.passed === true && !other.running && now - other.startedAt >= rest,
    );
  }
}
