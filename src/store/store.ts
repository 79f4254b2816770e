import type { CheckObserver, ObservedCheck } from '../model/observer.ts';
import type { Log, Random } from '../model/ports.ts';
import type { Commit, NotificationUpdate, Recollection, Store } from '../model/store.ts';
import type { Cancel, Clock, EpochMs, Ms } from '../model/time.ts';
import type { Batch, StoreReply, StoreRequest } from './messages.ts';
import { createObservers, type Observers } from './observers.ts';
import { createQueue, type StoreQueue } from './queue.ts';
import { type StartThread, type StoreThread, startThread } from './thread.ts';

export interface StoreOptions {
  /** STATE_DIR; made when it is missing. */
  readonly directory: string;
  readonly retentionResults: Ms;
  readonly retentionTransitions: Ms;
  /** Between two passing results of a check that are kept; 0 = keep all. */
  readonly resultsInterval: Ms;
  /** Results that may wait; more are dropped and counted. */
  readonly maxQueue: number;
  /** Minutes of single checks that may wait; more are dropped and counted. */
  readonly maxMinutes: number;
  /** Bound of the database file, in pages of 4 KiB; none when left out. */
  readonly maxPages?: number;
}
export interface StoreModules {
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: Random;
  readonly startThread?: StartThread;
}

/** Results and minutes are written this often, or as soon as there are `flushRows`. */
const flushEvery: Ms = 250;
const flushRows = 1_000;
/** A commit that is not kept by then resolves to false, and stays queued. */
const commitPatience: Ms = 2_000;
/** The start waits so long for a locked database or a slow check of its integrity. */
const openPatience: Ms = 5_000;
const closePatience: Ms = 1_000;
const firstRetry: Ms = 500;
const lastRetry: Ms = 30_000;

/** The store of STATE_DIR/checkalived.db; the database lives in a thread of its own. */
export function createStore(options: StoreOptions, modules: StoreModules): Store {
  return new ThreadedStore(options, modules);
}

class ThreadedStore implements Store {
  readonly #options: StoreOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #startThread: StartThread;
  readonly #queue: StoreQueue;
  readonly #observers: Observers;
  /** Names this life of the agent in the database. */
  readonly #run: string;

  #thread: StoreThread | null = null;
  #opened = false;
  /** Sent and not answered: one request at a time is all the back pressure there is. */
  #asked: StoreRequest['kind'] | null = null;
  /** Taken from the queue and not kept yet. */
  #batch: Batch | null = null;
  #flushTimer: Cancel | null = null;
  #flushDue = false;
  #retryTimer: Cancel | null = null;
  #failures = 0;
  /** Nothing was kept of late: nobody waits for the store until it works again. */
  #broken = false;
  #trouble: { readonly since: EpochMs; readonly message: string } | null = null;
  #droppedResults = 0;
  #droppedMinutes = 0;
  #writeErrors = 0;
  #size = 0;
  /** Those who wait for `open`, a commit, the maintenance and `close`. */
  #recollected: ((recollection: Recollection) => void) | null = null;
  #beganWithout = false;
  readonly #waiting = new Set<(kept: boolean) => void>();
  #maintaining: (() => void)[] = [];
  #closed: (() => void) | null = null;
  #ended = false;

  constructor(options: StoreOptions, modules: StoreModules) {
    this.#options = options;
    this.#clock = modules.clock;
    this.#log = modules.log;
    this.#startThread = modules.startThread ?? startThread;
    this.#queue = createQueue({ maxResults: options.maxQueue, maxMinutes: options.maxMinutes }, modules.clock.wall());
    this.#observers = createObservers(options, {
      clock: modules.clock,
      sink: {
        addResult: row => {
          if (!this.#added(this.#queue.addResult(row))) this.#droppedResults++;
        },
        addMinute: row => {
          if (!this.#added(this.#queue.addMinute(row))) this.#droppedMinutes++;
        },
      },
    });
    this.#run = `${modules.clock.wall()}-${Math.floor((modules.random?.() ?? 0) * 1e9)}`;
  }

  open(): Promise<Recollection> {
    return new Promise(resolve => {
      const cancel = this.#clock.at(this.#clock.now() + openPatience, () => {
        this.#break(`it has not opened for ${openPatience / 1000} s`);
        this.#beginWithout();
      });
      this.#recollected = recollection => {
        cancel();
        this.#recollected = null;
        resolve(recollection);
      };
      this.#begin();
    });
  }

  observe(check: ObservedCheck): CheckObserver {
    return this.#observers.observe(check);
  }

  commit(commit: Commit): Promise<boolean> {
    return this.#whenKept(done => this.#queue.addCommit(commit, done));
  }

  updateNotifications(update: NotificationUpdate): Promise<boolean> {
    return this.#whenKept(done => this.#queue.addUpdate(update, done));
  }

  touch(time: EpochMs): void {
    this.#queue.touch(time);
    this.#flushSoon();
  }

  maintain(): Promise<void> {
    return new Promise(resolve => {
      if (this.#broken || this.#ended) return resolve();
      this.#maintaining.push(resolve);
      this.#pump();
    });
  }

  trouble(): { readonly since: EpochMs; readonly message: string } | null {
    return this.#trouble;
  }

  droppedResults(): number {
    return this.#droppedResults;
  }

  droppedMinutes(): number {
    return this.#droppedMinutes;
  }

  writeErrors(): number {
    return this.#writeErrors;
  }

  size(): number {
    return this.#size;
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#clock.at(this.#clock.now() + closePatience, () => this.#finish());
      this.#closed = () => {
        cancel();
        resolve();
      };
      this.#observers.close();
      this.#flushDue = true;
      this.#cancelTimers();
      if (!this.#thread) this.#finish();
      else if (this.#opened || this.#asked) this.#pump();
      else this.#begin();
    });
  }

  /** While the store is broken nobody waits for it: what scripts and mail tell must not be late. */
  #whenKept(add: (done: () => void) => void): Promise<boolean> {
    return new Promise(resolve => {
      const settle = (kept: boolean): void => {
        cancel();
        this.#waiting.delete(settle);
        resolve(kept);
      };
      const cancel = this.#clock.at(this.#clock.now() + commitPatience, () =>
        this.#break(`it has not answered for ${commitPatience / 1000} s`),
      );
      this.#waiting.add(settle);
      add(() => settle(true));
      if (this.#broken || this.#ended) settle(false);
      // What is committed in the same turn of the loop goes in one transaction.
      queueMicrotask(() => this.#pump());
    });
  }

  /** A row was added to the queue, or found no room there. */
  #added(hadRoom: boolean): boolean {
    if (!hadRoom) this.#beginTrouble('results come faster than they can be written; the surplus is dropped');
    else if (this.#isFull()) this.#pump();
    else this.#flushSoon();
    return hadRoom;
  }

  /** Enough waits for a whole batch. */
  #isFull(): boolean {
    return this.#queue.results() + this.#queue.minutes() >= flushRows;
  }

  #flushSoon(): void {
    this.#flushTimer ??= this.#clock.at(this.#clock.now() + flushEvery, () => {
      this.#flushTimer = null;
      this.#flushDue = true;
      this.#pump();
    });
  }

  #begin(): void {
    this.#thread ??= this.#startThread({
      reply: reply => this.#hear(reply),
      ended: detail => this.#restart(detail),
    });
    const { directory, maxPages } = this.#options;
    const now = this.#clock.wall();
    this.#ask({ kind: 'open', directory, now, run: this.#run, forget: this.#beganWithout, maxPages: maxPages ?? null });
  }

  /** Sends what is due, if nothing is under way. */
  #pump(): void {
    if (!this.#opened || this.#asked || this.#retryTimer) return;
    const writeDue = this.#flushDue || this.#queue.jobs() > 0 || this.#isFull();
    if (!this.#batch && writeDue) {
      this.#batch = this.#queue.takeBatch(flushRows);
      this.#flushDue = this.#queue.results() + this.#queue.minutes() > 0 && this.#flushDue;
    }
    const now = this.#clock.wall();
    if (this.#batch) this.#ask({ kind: 'write', batch: this.#batch });
    else if (this.#closed) this.#ask({ kind: 'close', now });
    else if (this.#maintaining.length > 0) {
      const { retentionResults, retentionTransitions } = this.#options;
      this.#ask({ kind: 'maintain', now, retentionResults, retentionTransitions });
    }
  }

  #ask(request: StoreRequest): void {
    this.#asked = request.kind;
    this.#thread?.post(request);
  }

  #hear(reply: StoreReply): void {
    const asked = this.#asked;
    this.#asked = null;
    switch (reply.kind) {
      case 'opened':
        this.#size = reply.size;
        this.#opened = true;
        if (reply.notice) this.#log.error(reply.notice);
        this.#recollected?.(reply.recollection);
        // Opening proves little when it was writing that failed: then the next batch ends the trouble.
        if (!this.#batch) this.#endTrouble();
        break;
      case 'written':
        this.#size = reply.size;
        this.#batch = null;
        if (reply.notice) this.#log.error(reply.notice);
        this.#endTrouble();
        this.#queue.settle();
        break;
      case 'maintained':
        if (!reply.more) this.#endMaintenance();
        break;
      case 'closed':
        this.#finish();
        return;
      case 'failed':
        if (asked === 'write') this.#writeErrors++;
        this.#fail(reply.message, asked === 'open' && reply.busy);
        return;
    }
    this.#pump();
  }

  /** `wait`: the start may wait a little for a lock. */
  #fail(message: string, wait: boolean): void {
    if (this.#closed) {
      this.#finish(message);
      return;
    }
    this.#break(message);
    if (!wait) this.#beginWithout();
    this.#endMaintenance();
    const pause = Math.min(lastRetry, firstRetry * 2 ** this.#failures++);
    this.#retryTimer = this.#clock.at(this.#clock.now() + pause, () => {
      this.#retryTimer = null;
      if (this.#opened) this.#pump();
      else this.#begin();
    });
  }

  #restart(detail: string): void {
    this.#thread = null;
    this.#opened = false;
    this.#asked = null;
    this.#retryTimer?.();
    this.#fail(`the database's thread has died (${detail})`, false);
  }

  /** The agent starts as on its first day; what the database may still hold of earlier verdicts is no longer true. */
  #beginWithout(): void {
    if (!this.#recollected) return;
    this.#beganWithout = true;
    this.#recollected({ virtualServers: new Map(), notifications: [] });
  }

  #beginTrouble(message: string): void {
    if (this.#trouble) return;
    this.#trouble = { since: this.#clock.wall(), message: `The store does not keep what happens: ${message}.` };
    this.#log.error(this.#trouble.message, { directory: this.#options.directory });
  }

  #break(message: string): void {
    this.#broken = true;
    this.#beginTrouble(message);
    for (const settle of [...this.#waiting]) settle(false);
  }

  #endTrouble(): void {
    this.#failures = 0;
    this.#broken = false;
    if (!this.#trouble) return;
    const { maxQueue, maxMinutes } = this.#options;
    if (this.#queue.results() >= maxQueue / 2 || this.#queue.minutes() >= maxMinutes / 2) return;
    this.#trouble = null;
    const dropped = `${this.#droppedResults} results and ${this.#droppedMinutes} minutes of checks`;
    this.#log.info(`The store works again; ${dropped} were dropped since the start.`);
  }

  #endMaintenance(): void {
    for (const resolve of this.#maintaining.splice(0)) resolve();
  }

  #cancelTimers(): void {
    this.#flushTimer?.();
    this.#flushTimer = null;
    this.#retryTimer?.();
    this.#retryTimer = null;
  }

  #finish(fault?: string): void {
    const closed = this.#closed;
    const thread = this.#thread;
    if (!closed) return;
    const lost = this.#queue.jobs() + (this.#batch?.jobs.length ?? 0);
    if (lost > 0) this.#log.error(`The store was closed with ${lost} changes not kept${fault ? `: ${fault}` : ''}.`);
    this.#closed = null;
    this.#ended = true;
    this.#cancelTimers();
    this.#thread = null;
    this.#opened = false;
    for (const settle of [...this.#waiting]) settle(false);
    this.#endMaintenance();
    void (thread?.stop() ?? Promise.resolve()).then(closed);
  }
}
