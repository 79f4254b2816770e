import type { CheckContext, CheckResult, ResultReceiver, RunningCheck } from '../src/model/check.ts';

/** How a checker that goes without promises begins a check (`Checker.begin`). */
export type Begin<Spec, Context extends object = Omit<CheckContext, 'signal'>> = (
  spec: Spec,
  context: Context,
  receiver: ResultReceiver,
) => RunningCheck;

/** The promise of a check that is begun like this; the signal aborts it. */
export function checkByBeginning<Spec, Context extends object>(
  begin: Begin<Spec, Context>,
): (spec: Spec, context: Context & Pick<CheckContext, 'signal'>) => Promise<CheckResult> {
  return (spec, context) =>
    new Promise(resolve => {
      const { signal } = context;
      if (signal.aborted) {
        resolve({ ok: false, took: 0, reason: 'internal', detail: 'aborted' });
        return;
      }
      const running = begin(spec, context, {
        finished(result) {
          signal.removeEventListener('abort', abort);
          resolve(result);
        },
      });
      const abort = (): void => running.abort();
      signal.addEventListener('abort', abort, { once: true });
    });
}
