import type { CheckContext, Checker, CheckResult } from '../model/check.ts';

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
