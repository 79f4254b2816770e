import type { Cancel, Clock, Ms } from '../model/time.ts';

/** Runs `run` again and again, `span` apart, until cancelled. */
export function repeat(clock: Clock, span: Ms, run: () => void): Cancel {
  let cancel: Cancel = () => {};
  const arm = (): void => {
    cancel = clock.at(clock.now() + span, () => {
      arm();
      run();
    });
  };
  arm();
  return () => cancel();
}

/** Resolves with the work, or at `due` without it. */
export async function waitUntil(clock: Clock, due: Ms, work: Promise<unknown>): Promise<void> {
  let cancel: Cancel = () => {};
  const late = new Promise<void>(resolve => {
    cancel = clock.at(due, resolve);
  });
  await Promise.race([work, late]);
  cancel();
}
