import type { CheckContext, Checker, CheckResult, RunningCheck } from '../model/check.ts';
import type { Probe } from './probe.ts';

/**
 * Runs one check, and never rejects. A checker never throws for a sick target: what it throws, at once or later, is a bug, and a
 * bug is no verdict. `tell` gets all that is known of it.
 */
export async function runChecker(
  checker: Checker,
  spec: unknown,
  context: CheckContext,
  tell: (fault: string) => void,
): Promise<CheckResult> {
  const { clock } = context;
  const start = clock.now();
  try {
    return await checker.check(spec, context);
  } catch (fault) {
    tell(fault instanceof Error ? (fault.stack ?? fault.message) : String(fault));
    const detail = fault instanceof Error ? fault.message : String(fault);
    return { ok: false, took: clock.now() - start, reason: 'internal', detail };
  }
}

/**
 * Starts one check whose result goes to the probe, never before this has returned; a bug is told and is no verdict, as in
 * `runChecker`.
 */
export function startChecker(
  checker: Checker,
  probe: Probe,
  context: Omit<CheckContext, 'signal'>,
  tell: (fault: string) => void,
): RunningCheck {
  if (checker.begin !== undefined) {
    const running = checker.begin(probe.spec, context, probe);
    if (running !== null) return running;
  }
  const { signal } = probe;
  void runChecker(checker, probe.spec, { ...context, signal }, tell).then(result => probe.finished(result));
  return viaSignal;
}

/** A check that the probe's signal aborts. */
const viaSignal: RunningCheck = { abort: () => {} };
