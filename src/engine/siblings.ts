import type { CheckResult, FailureReason } from '../model/check.ts';
import type { Ms } from '../model/time.ts';
import type { Probe } from './probe.ts';

/** What says that the machine may be gone, and not one service of it. */
const atConnect: ReadonlySet<FailureReason> = new Set(['timeout_connect', 'refused', 'unreachable']);
/** Who passed so recently is not asked again: a service that flaps must not drag all others along. */
const rest: Ms = 1_000;

/** The probes of each machine: when one fails at connect, those that pass until now are worth a look at once. */
export class Siblings {
  readonly #byAddress = new Map<string, Set<Probe>>();

  add(probe: Probe): void {
    if (probe.peer === null) return;
    const { address } = probe.peer;
    const known = this.#byAddress.get(address);
    if (known) known.add(probe);
    else this.#byAddress.set(address, new Set([probe]));
  }

  remove(probe: Probe): void {
    if (probe.peer === null) return;
    const { address } = probe.peer;
    const known = this.#byAddress.get(address);
    known?.delete(probe);
    if (known?.size === 0) this.#byAddress.delete(address);
  }

  /** Those to be run at once, now that `probe` has come to this result after it had passed. */
  alarmedBy(probe: Probe, result: CheckResult, now: Ms): readonly Probe[] {
    if (result.ok || probe.peer === null || !atConnect.has(result.reason)) return [];
    const siblings = this.#byAddress.get(probe.peer.address);
    if (siblings === undefined || siblings.size === 1) return [];
    return [...siblings].filter(
      other => other !== probe && other.passed === true && !other.running && now - other.startedAt >= rest,
    );
  }
}
