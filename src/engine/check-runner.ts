import type { CheckContext, Checker, CheckPlan, CheckResult } from '../model/check.ts';
import type { Due } from '../model/effect.ts';
import { formatEndpoint } from '../model/endpoint.ts';
import type { Calendar, Log, Random } from '../model/ports.ts';
import type { Cancel, Clock, EpochMs, Ms } from '../model/time.ts';
import type { CheckEntry, CheckTable } from './check-table.ts';
import { isNoVerdict } from './no-verdicts.ts';
import { PeerWatch } from './peer-watch.ts';
import { Probe, type ProbeOwner } from './probe.ts';
import { probeKeyOf } from './probe-key.ts';
import { startChecker } from './run-checker.ts';
import { Scheduler } from './scheduler.ts';
import { Siblings } from './siblings.ts';

/** Starts are moved to multiples of this: idle wake-ups would cost as much as the checks (bench/README.md). */
const tick: Ms = 25;
/** A check that goes on as planned may wait up to four ticks for others: a tenth of this interval. */
const shortestToGather: Ms = 1_000;
/** Checks that share a cron expression start within this span, not all at once. */
const calendarSpread: Ms = 1_000;
/** After a bug in what takes the results in nobody says when the check is due. */
const afterBug: Ms = 10_000;

interface RunnerModules {
  readonly table: CheckTable;
  readonly checkers: readonly Checker[];
  readonly context: Omit<CheckContext, 'signal'>;
  readonly calendar: Calendar;
  readonly random: Random;
  readonly log: Log;
  /**
   * A check has come to a result, at this time; of checks that share a probe each. True: nothing has changed, and it goes on as
   * planned; else `schedule` says when it runs next.
   */
  readonly finished: (entry: CheckEntry, result: CheckResult, time: EpochMs) => boolean;
  /** A probe has begun so long after it was due. */
  readonly started?: (lag: Ms) => void;
  /** A time of a cron schedule has passed while the check before was still under way. */
  readonly overran?: () => void;
}

/** Brings checks to run at their times: each probe at most once at the same time, and its result to all who share it. */
export class CheckRunner implements ProbeOwner {
  readonly #clock: Clock;
  readonly #modules: RunnerModules;
  #checkers: ReadonlyMap<string, Checker> = new Map();
  readonly #scheduler: Scheduler<Probe>;
  /** What decides whether a server is down does not stand in the row of those that go on as planned. */
  readonly #retries: Scheduler<Probe>;
  readonly #probes = new Map<string, Probe>();
  readonly #siblings = new Siblings();
  readonly #watches = new Map<Probe, PeerWatch>();
  /** Who hears of a result right now: nearly all that is scheduled is so because of that. */
  #told: CheckEntry | null = null;
  /** When that result came. A check reads the clock as rarely as it can. */
  #toldAt: Ms = 0;
  /** The two clocks at the start of the slice that runs. */
  #started: { readonly now: Ms; readonly wall: EpochMs } = { now: Number.NaN, wall: 0 };
  readonly #calendars = new Map<string, { cancel: Cancel; probes: Set<Probe> }>();

  constructor(modules: RunnerModules) {
    this.#clock = modules.context.clock;
    this.#modules = modules;
    this.use(modules.checkers);
    const run = (probe: Probe, now: Ms): void => this.#runDue(probe, now);
    this.#scheduler = new Scheduler({ tick }, { clock: this.#clock, run });
    this.#retries = new Scheduler({ tick }, { clock: this.#clock, run });
  }

  /** From now on checks are run by these. */
  use(checkers: readonly Checker[]): void {
    this.#checkers = new Map(checkers.map(checker => [checker.keyword, checker]));
  }

  /** How many probes the checks are. */
  countProbes(): number {
    return this.#probes.size;
  }

  /** How many of them are under way. */
  countRunning(): number {
    let count = 0;
    for (const { running } of this.#probes.values()) if (running !== null) count++;
    return count;
  }

  /** Retries are due that could not be started yet. */
  isBehind(): boolean {
    return this.#retries.isBehind();
  }

  /**
   * First run at random within `span`; a cron check joins its calendar too, and a push check is listened to. Those that come after it
   * are spread over the whole warmup, of which the span may be a small part, and stay so.
   */
  add(entry: CheckEntry, span: Ms): void {
    const now = this.#clock.now();
    const probe = this.#join(entry);
    // Nothing is saved by waiting where nobody is asked over the network.
    const draw = this.#checkers.get(entry.plan.type)?.watch ? 0 : this.#modules.random();
    const due = now + draw * span;
    // Of those who share a probe the earliest draw counts: they crowd a little at the beginning, which saves wake-ups.
    if (probe.lastRunAt === 0 && (probe.tick === null || due < probe.due))
      probe.early = draw * Math.max(0, entry.plan.warmup - span);
    this.#attend(probe, due);
  }

  /** A reload has kept the check, perhaps with another timing: its next run is never later than the new interval from now. */
  keep(entry: CheckEntry): void {
    const before = entry.probe;
    if (before && before.key === this.#keyOf(entry)) {
      this.#watchPeer(before, entry);
      return;
    }
    const now = this.#clock.now();
    const due = before?.tick == null ? Number.POSITIVE_INFINITY : before.due;
    const wasRunning = before?.running != null;
    if (before) this.#leave(entry, before);
    const probe = this.#join(entry);
    const { schedule } = entry.plan;
    const latest = schedule.kind === 'interval' ? now + schedule.every : Number.POSITIVE_INFINITY;
    const next = Math.min(wasRunning ? now : due, latest);
    // A calendar alone says when a check is due, but for a first run and a retry.
    if (Number.isFinite(next)) this.#attend(probe, next);
  }

  remove(entry: CheckEntry): void {
    if (entry.probe) this.#leave(entry, entry.probe);
  }

  /** As the health core says after a result. Of those who share a probe a retry counts, else the first to be due. */
  schedule({ checker, after, from, retry }: Due): void {
    const isTold = this.#told?.plan.id === checker;
    const probe = (isTold ? this.#told : this.#modules.table.get(checker))?.probe;
    if (!probe) return;
    this.#runAgain(probe, isTold ? this.#toldAt : this.#clock.now(), after, from, retry);
  }

  #runAgain(probe: Probe, now: Ms, after: Ms, from: Due['from'], retry = false): void {
    const late = retry ? 0 : latenessOf(probe.lag, after);
    const due = Math.max(now, (from === 'start' ? probe.startedAt : now) + after - late);
    if (!retry) this.#attend(probe, due, after < shortestToGather);
    else if (probe.running === null && !probe.over && (!probe.retrying || due < probe.due)) {
      probe.retrying = true;
      this.#retries.set(probe, due);
    }
  }

  /** No check starts any more; those under way are aborted. */
  close(): void {
    this.#scheduler.close();
    this.#retries.close();
    for (const { cancel } of this.#calendars.values()) cancel();
    this.#calendars.clear();
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
    for (const probe of this.#probes.values()) probe.end();
  }

  /** A probe's result goes to all who share it. */
  ended(probe: Probe, result: CheckResult, now: Ms = this.#clock.now()): void {
    probe.running = null;
    if (probe.over) return;
    const passed = probe.passed;
    if (!isNoVerdict(result)) probe.passed = result.ok;
    this.#toldAt = now;
    const time = Math.round((probe.lastRunAt ?? 0) + this.#toldAt - probe.startedAt);
    let goesOn: CheckPlan | null = null;
    for (const entry of probe.entries) if (this.#deliver(entry, probe, result, time)) goesOn = entry.plan;
    this.#told = null;
    if (goesOn?.schedule.kind === 'interval') {
      this.#runAgain(probe, this.#toldAt, goesOn.schedule.every, goesOn.pace);
    }
    if (this.#watches.size > 0 && !probe.woken) this.#watches.get(probe)?.checked(result);
    if (!result.ok && passed === true) this.#alarm(probe, result, this.#toldAt);
    if (!probe.woken) return;
    // What it was woken for may have come after it looked.
    probe.woken = false;
    this.#run(probe);
  }

  #deliver(entry: CheckEntry, probe: Probe, result: CheckResult, time: EpochMs): boolean {
    entry.lastRunAt = probe.lastRunAt;
    entry.outcome = result.ok ? 'ok' : result.reason;
    entry.took = result.took;
    // The same text again is left to die young: ten thousand a second that live for a second make V8 look at all others.
    if (entry.detail !== result.detail) entry.detail = result.detail;
    entry.runs++;
    if (!result.ok) entry.failures++;
    this.#told = entry;
    try {
      return this.#modules.finished(entry, result, time);
    } catch (fault) {
      const told = fault instanceof Error ? fault.stack : String(fault);
      this.#modules.log.error(`bug while a result was taken in: ${told}`);
      this.schedule({ checker: entry.plan.id, after: afterBug, from: 'end' });
      return false;
    }
  }

  /** Other checks of the same machine are worth a look, but for those whose times a calendar gives. */
  #alarm(probe: Probe, result: CheckResult, now: Ms): void {
    for (const sibling of this.#siblings.alarmedBy(probe, result, now)) {
      if (sibling.tick !== null) this.#attend(sibling, now);
    }
  }

  /** Not later than `due`, but for a retry; what runs is told afterwards when it is due again. */
  #attend(probe: Probe, due: Ms, hurry = true): void {
    if (probe.running !== null || probe.over || probe.retrying) return;
    if (probe.tick === null || due < probe.due) this.#scheduler.set(probe, due, hurry);
    // What is due already may be waiting for others.
    else if (hurry) this.#scheduler.set(probe, probe.due);
  }

  #runDue(probe: Probe, now: Ms): void {
    const lag = now - probe.due;
    this.#modules.started?.(lag);
    this.#run(probe, now, lag);
  }

  #run(probe: Probe, now: Ms = this.#clock.now(), lag: Ms = 0): void {
    if (probe.running !== null || probe.over) return;
    const checker = this.#checkers.get(probe.type);
    if (!checker) throw new Error(`no checker for ${probe.type}`);
    this.#scheduler.remove(probe);
    probe.retrying = false;
    if (this.#started.now !== now) this.#started = { now, wall: this.#clock.wall() };
    probe.startedAt = now;
    probe.lag = lag - probe.early;
    probe.early = 0;
    probe.lastRunAt = this.#started.wall;
    probe.running = startChecker(checker, probe, this.#modules.context, fault =>
      this.#modules.log.error(`bug in ${probe.type}: ${fault}`),
    );
  }

  /** At once, or right after the run that is under way. */
  #wake(probe: Probe): void {
    if (probe.over) return;
    if (probe.running === null) this.#run(probe);
    else probe.woken = true;
  }

  #keyOf({ plan }: CheckEntry): string {
    return probeKeyOf(plan, this.#checkers.get(plan.type));
  }

  #join(entry: CheckEntry): Probe {
    const key = this.#keyOf(entry);
    const known = this.#probes.get(key);
    known?.entries.push(entry);
    const probe = known ?? this.#create(key, entry);
    entry.probe = probe;
    this.#watchPeer(probe, entry);
    return probe;
  }

  #create(key: string, first: CheckEntry): Probe {
    const { plan } = first;
    const checker = this.#checkers.get(plan.type);
    const probe = new Probe(key, first, checker, this);
    this.#probes.set(key, probe);
    this.#siblings.add(probe);
    if (plan.schedule.kind === 'cron') this.#joinCalendar(plan.schedule.expression, probe);
    checker?.watch?.(plan.spec, { ...this.#modules.context, signal: probe.signal }, () => this.#wake(probe));
    return probe;
  }

  #leave(entry: CheckEntry, probe: Probe): void {
    probe.entries.splice(probe.entries.indexOf(entry), 1);
    entry.probe = null;
    this.#watchPeer(probe, entry);
    if (probe.entries.length > 0) return;
    this.#probes.delete(probe.key);
    this.#siblings.remove(probe);
    this.#scheduler.remove(probe);
    this.#leaveCalendar(probe);
    probe.end();
  }

  /** Opens or closes the connection that `watch on` asks for; one for all who share the probe. `changed`: came, left or is another. */
  #watchPeer(probe: Probe, changed: CheckEntry): void {
    const known = this.#watches.get(probe);
    // Five thousand virtual servers over one real server: not all are looked at for each.
    if (probe.peer === null || (known === undefined && !changed.plan.watch)) return;
    const wanted = probe.entries.some(({ plan }) => plan.watch);
    if (wanted === (known !== undefined)) return;
    known?.close();
    this.#watches.delete(probe);
    if (!wanted) return;
    const { address, port } = probe.peer;
    const { context, log } = this.#modules;
    const watch = new PeerWatch(probe.peer, {
      ...context,
      broke: () => this.#wake(probe),
      gaveUp: () =>
        log.info(
          `${probe.type} of ${formatEndpoint(address, port)}: it closes idle connections and is not watched any more; the check runs on as before`,
        ),
    });
    this.#watches.set(probe, watch);
  }

  #joinCalendar(expression: string, probe: Probe): void {
    let calendar = this.#calendars.get(expression);
    if (!calendar) {
      const probes = new Set<Probe>();
      calendar = { probes, cancel: this.#modules.calendar(expression, () => this.#spread(probes)) };
      this.#calendars.set(expression, calendar);
    }
    calendar.probes.add(probe);
  }

  #leaveCalendar(probe: Probe): void {
    for (const [expression, calendar] of this.#calendars) {
      if (!calendar.probes.delete(probe) || calendar.probes.size > 0) continue;
      calendar.cancel();
      this.#calendars.delete(expression);
    }
  }

  #spread(probes: ReadonlySet<Probe>): void {
    const step = probes.size > 1 ? calendarSpread / probes.size : 0;
    let due = this.#clock.now();
    for (const probe of probes) {
      if (probe.running !== null) this.#modules.overran?.();
      probe.retrying = false;
      this.#attend(probe, due);
      due += step;
    }
  }
}

/**
 * What a check that began late (or early) makes up for: it keeps its place among the others, for what one busy moment has pushed together
 * would come together ever after. That is half an interval at most, sooner or (after a longer delay) later.
 */
function latenessOf(lag: Ms, interval: Ms): Ms {
  return interval > 0 ? lag - Math.round(lag / interval) * interval : 0;
}
