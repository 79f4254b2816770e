import { checksPerSecond } from '../work.ts';
import type { Contestant } from './contestant.ts';
import type { StagePlan } from './plan.ts';
import { blackboxRate } from './prober.ts';
import { sleep } from './sleep.ts';
import type { Target } from './target.ts';

/** A contestant that is not at full rate after so many seconds never will be. */
const longest = 15;
/** So much of the rate that was asked for counts as full. */
const fullShare = 0.85;

/** Seconds from the start until the targets saw the full rate for a delay_loop, a second at least; null: they did not. */
export async function settle(plan: StagePlan, contestant: Contestant, target: Target): Promise<number | null> {
  const { copies, delayLoop } = plan.work;
  const asked = plan.contestant === 'blackbox' ? blackboxRate : checksPerSecond(plan.work);
  // Who asks once for all virtual servers makes fewer.
  const full = (fullShare * asked) / (plan.contestant === 'checkalived' ? copies : 1);
  const span = Math.max(1, delayLoop);
  for (let last = await target.count(); ; ) {
    await sleep(span * 1000);
    const elapsed = contestant.age() / 1000;
    const now = await target.count();
    if ((now - last) / span >= full) return elapsed;
    if (elapsed > longest + span) return null;
    last = now;
  }
}
