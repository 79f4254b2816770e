import type { CheckContext, Checker, CheckResult } from '../model/check.ts';
import type { Due } from '../model/effect.ts';
import type { CheckerId } from '../model/ids.ts';
import type { Calendar, Log, Random } from '../model/ports.ts';
import type { Cancel, Clock, Ms } from '../model/time.ts';
import type { CheckEntry, CheckTable } from './check-table.ts';
import { runChecker } from './run-checker.ts';
import { Scheduler } from './scheduler.ts';

/** Starts are moved to multiples of this: idle wake-ups would cost as much as the checks (bench/README.md). */
const tick: Ms = 50;
/** Checks that share a cron expression start within this span, not all at once. */
const calendarSpread: Ms = 1_000;
/** After a bug in what takes the results in nobody says when the check is due. */
const afterBug: Ms = 10_000;

/** Brings checks to run at their times, each at most once at the same time. */
export class CheckRunner {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Log;
  readonly #table: CheckTable;
  #checkers: ReadonlyMap<string, Checker> = new Map();
  readonly #context: Omit<CheckContext, 'signal'>;
  readonly #calendar: Calendar;
  readonly #finished: (entry: CheckEntry, result: CheckResult) => void;
  readonly #scheduler: Scheduler<CheckerId>;
  readonly #calendars = new Map<string, { cancel: Cancel; checks: Set<CheckerId> }>();

  constructor(modules: {
    readonly table: CheckTable;
    readonly checkers: readonly Checker[];
    readonly context: Omit<CheckContext, 'signal'>;
    readonly calendar: Calendar;
    readonly random: Random;
    readonly log: Log;
    readonly finished: (entry: CheckEntry, result: CheckResult) => void;
  }) {
    this.#clock = modules.context.clock;
    this.#random = modules.random;
    this.#log = modules.log;
    this.#table = modules.table;
    this.use(modules.checkers);
    this.#context = modules.context;
    this.#calendar = modules.calendar;
    this.#finished = modules.finished;
    this.#scheduler = new Scheduler({ tick }, { clock: this.#clock, run: id => this.#start(id) });
  }

  /** From now on checks are run by these. */
  use(checkers: readonly Checker[]): void {
    this.#checkers = new Map(checkers.map(checker => [checker.keyword, checker]));
  }

  /** First run at random within `span`; a cron check joins its calendar too, and a push check is listened to. */
  add(entry: CheckEntry, span: Ms): void {
    const checker = this.#checkers.get(entry.plan.type);
    // Nothing is saved by waiting where nobody is asked over the network.
    this.#scheduler.set(entry.plan.id, this.#clock.now() + (checker?.watch ? 0 : this.#random() * span));
    this.#joinCalendar(entry);
    const { signal } = entry.abort;
    const wake = (): void => {
      if (signal.aborted) return;
      entry.woken = entry.running;
      if (!entry.running) this.#start(entry.plan.id);
    };
    checker?.watch?.(entry.plan.spec, { ...this.#context, signal }, wake);
  }

  /** The check's schedule was changed by a reload: never later than the new interval from now. */
  retime(entry: CheckEntry): void {
    this.#leaveCalendar(entry);
    this.#joinCalendar(entry);
    const { schedule, id } = entry.plan;
    if (schedule.kind === 'cron') {
      this.#scheduler.remove(id);
      return;
    }
    const due = this.#scheduler.dueOf(id) ?? Number.POSITIVE_INFINITY;
    if (!entry.running) this.#scheduler.set(id, Math.min(due, this.#clock.now() + schedule.every));
  }

  remove(entry: CheckEntry): void {
    this.#scheduler.remove(entry.plan.id);
    this.#leaveCalendar(entry);
    entry.abort.abort();
  }

  /** As the health core says after a result. */
  schedule(due: Due): void {
    const entry = this.#table.get(due.checker);
    if (!entry) return;
    const from = due.from === 'start' ? entry.startedAt : this.#clock.now();
    this.#scheduler.set(due.checker, Math.max(this.#clock.now(), from + due.after));
  }

  /** No check starts any more; those under way are aborted. */
  close(): void {
    this.#scheduler.close();
    for (const { cancel } of this.#calendars.values()) cancel();
    this.#calendars.clear();
    for (const entry of this.#table.values()) entry.abort.abort();
  }

  #joinCalendar(entry: CheckEntry): void {
    const { schedule, id } = entry.plan;
    if (schedule.kind !== 'cron') return;
    const { expression } = schedule;
    let calendar = this.#calendars.get(expression);
    if (!calendar) {
      const checks = new Set<CheckerId>();
      calendar = { checks, cancel: this.#calendar(expression, () => this.#spread(checks)) };
      this.#calendars.set(expression, calendar);
    }
    calendar.checks.add(id);
  }

  #leaveCalendar(entry: CheckEntry): void {
    for (const [expression, calendar] of this.#calendars) {
      if (!calendar.checks.delete(entry.plan.id) || calendar.checks.size > 0) continue;
      calendar.cancel();
      this.#calendars.delete(expression);
    }
  }

  #spread(checks: ReadonlySet<CheckerId>): void {
    const step = checks.size > 1 ? calendarSpread / checks.size : 0;
    let due = this.#clock.now();
    for (const id of checks) {
      this.#scheduler.set(id, due);
      due += step;
    }
  }

  #start(id: CheckerId): void {
    const entry = this.#table.get(id);
    if (!entry || entry.running) return;
    const checker = this.#checkers.get(entry.plan.type);
    if (!checker) throw new Error(`no checker for ${entry.plan.type}`);
    const { signal } = entry.abort;
    entry.running = true;
    entry.startedAt = this.#clock.now();
    entry.lastRunAt = this.#clock.wall();
    runChecker(checker, entry.plan.spec, { ...this.#context, signal }, fault =>
      this.#log.error(`bug in ${entry.plan.type}: ${fault}`),
    )
      .then(result => {
        entry.running = false;
        if (signal.aborted) return;
        entry.last = result;
        entry.runs++;
        if (!result.ok) entry.failures++;
        this.#finished(entry, result);
        if (!entry.woken) return;
        // What it was woken for may have come after it looked.
        entry.woken = false;
        this.#start(id);
      })
      .catch((fault: unknown) => {
        this.#log.error(`bug while a result was taken in: ${fault instanceof Error ? fault.stack : String(fault)}`);
        if (this.#table.get(entry.plan.id) === entry) this.schedule({ checker: id, after: afterBug, from: 'end' });
      });
  }
}
