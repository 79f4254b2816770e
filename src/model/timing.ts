import type { Cancel, Clock, Ms } from './time.ts';

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

/** Waits for the work until `due` at the latest; false: it was not done by then. */
export async function waitUntil(clock: Clock, due: Ms, work: Promise<unknown>): Promise<boolean> {
  let cancel: Cancel = () => {};
  const late = new Promise<false>(resolve => {
    cancel = clock.at(due, () => resolve(false));
  });
  const isDone = await Promise.race([work.then(() => true), late]);
  cancel();
  return isDone;
}
