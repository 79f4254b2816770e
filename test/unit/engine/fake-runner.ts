import { CheckRunner } from '../../../src/engine/check-runner.ts';
import { type CheckEntry, CheckTable } from '../../../src/engine/check-table.ts';
import { isNoVerdict } from '../../../src/engine/no-verdicts.ts';
import type { Checker, CheckPlan, CheckResult, FailureReason, ResultReceiver } from '../../../src/model/check.ts';
import type { ConnectOptions, Sockets } from '../../../src/model/ports.ts';
import { makeContext } from '../../../testing/check-context.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { planCheck, planRealServer, planVirtualServer } from '../../support/plans.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { fakeChecker } from '../config/read-text.ts';

export const pass: CheckResult = { ok: true, took: 1, detail: '' };
export const failure = (reason: FailureReason, detail = ''): CheckResult => ({ ok: false, took: 1, reason, detail });

/** What a check of these tests asks. */
export interface FakeSpec {
  readonly asks: string;
  readonly peer?: ConnectOptions;
}
/** One run of a probe that is under way or over. */
interface FakeRun {
  readonly asks: string;
  readonly at: number;
  aborted: boolean;
  end(result: CheckResult): void;
}

/**
 * A runner whose runs end when a test says so, or at once by `answer`. After a result each check is scheduled as the
 * health core would: `delayBeforeRetry` after a failure, the interval otherwise.
 */
export function createFakeRunner(
  options: {
    readonly over?: Partial<Checker<FakeSpec>>;
    readonly sockets?: Sockets;
    /** undefined: the run waits for the test. */
    readonly answer?: (asks: string) => CheckResult | undefined;
    /** In place of what the health core says. */
    readonly finished?: (entry: CheckEntry, result: CheckResult) => void;
  } = {},
) {
  const clock = new VirtualClock();
  const log = new RecordingLog();
  const table = new CheckTable();
  const runs: FakeRun[] = [];
  const results: [id: string, ok: boolean, at: number][] = [];
  const calendars = new Map<string, () => void>();
  const begin = (spec: FakeSpec, receiver: ResultReceiver) => {
    const run: FakeRun = {
      asks: spec.asks,
      at: clock.now(),
      aborted: false,
      end: result => receiver.finished(result),
    };
    runs.push(run);
    const answer = options.answer?.(spec.asks);
    if (answer) queueMicrotask(() => run.end(answer));
    const abort = (): void => {
      if (run.aborted) return;
      run.aborted = true;
      receiver.finished(failure('internal', 'aborted'));
    };
    return { abort };
  };
  const checker: Checker<FakeSpec> = {
    ...fakeChecker('FAKE_CHECK'),
    plan: () => [],
    begin: (spec, _, receiver) => begin(spec, receiver),
    peer: ({ peer }) => peer ?? null,
    ...options.over,
  };
  const runner = new CheckRunner({
    table,
    checkers: [checker as Checker],
    context: makeContext({ clock, ...(options.sockets && { sockets: options.sockets }) }),
    calendar: (expression, run) => {
      calendars.set(expression, run);
      return () => void calendars.delete(expression);
    },
    random: () => 0,
    log,
    finished(entry, result) {
      results.push([entry.plan.id, result.ok, clock.now()]);
      if (options.finished) options.finished(entry, result);
      else scheduleNext(entry, result);
      return false;
    },
  });
  const scheduleNext = ({ plan }: CheckEntry, result: CheckResult): void => {
    const { id: checker, schedule, pace: from, delayBeforeRetry } = plan;
    if (!result.ok && !isNoVerdict(result)) runner.schedule({ checker, after: delayBeforeRetry, from, retry: true });
    else if (schedule.kind === 'interval') runner.schedule({ checker, after: schedule.every, from });
  };
  /** As a reload: from now on these are the checks. */
  const use = (plans: readonly CheckPlan[]): void => {
    const { added, kept, removed } = table.replace([planVirtualServer([planRealServer(2, { checks: plans })])]);
    for (const entry of removed) runner.remove(entry);
    for (const entry of kept) runner.keep(entry);
    for (const entry of added) runner.add(entry, entry.plan.warmup);
  };
  return {
    clock,
    log,
    table,
    runner,
    runs,
    results,
    calendars,
    use,
    /** The checks that ran since this was asked last. */
    asked(): readonly string[] {
      return runs.splice(0).map(({ asks }) => asks);
    },
    /** Ends the last run of this that is under way. */
    end(asks: string, result: CheckResult = pass): void {
      const run = runs.findLast(each => each.asks === asks);
      if (run === undefined) throw new Error(`${asks} does not run`);
      run.end(result);
    },
  };
}

/** A check of one real server that asks what others may ask too. */
export function planAsking(
  id: string,
  asks: string,
  over: Partial<CheckPlan> & { peer?: ConnectOptions } = {},
): CheckPlan {
  const { peer, ...plan } = over;
  return planCheck(id, { spec: { asks, ...(peer && { peer }) } satisfies FakeSpec, ...plan });
}

/** A peer of this machine. */
export const peerAt = (address: string, port = 80): ConnectOptions => ({ address, port });
