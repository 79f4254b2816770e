import type { Cancel, Clock, Ms } from '../src/model/time.ts';

/** A deadline that fires later than this says that our own loop was late, and nothing of the server. */
const ownLateness: Ms = 250;
/** Turns of the loop between a deadline and its verdict: what came in time while our own loop was held is read first. */
const lastTurns = 3;

/** What waits, and not for ever. */
export interface Waiting {
  /** `late` says in words that our own loop was, and null that the time is really up. */
  expired(late: string | null): void;
}

/** A deadline that runs. Thousands run at a time: those of equal length are a list in the order of their ends, with one timer. */
export interface Deadline {
  /** Calling it again, or after the end, does nothing. */
  cancel(): void;
}

/**
 * `waiting.expired` is called after `timeout`, unless the deadline is cancelled.
 * @param now the clock's reading, of whom has just read it: on the hot path it is not read twice
 */
export function startDeadline(clock: Clock, timeout: Ms, waiting: Waiting, now: Ms = clock.now()): Deadline {
  const lists = listsOf(clock);
  let list = lists.get(timeout);
  if (list === undefined) {
    list = new DeadlineList(clock);
    lists.set(timeout, list);
  }
  const link = new Link(list, now + timeout, waiting);
  list.append(link);
  return link;
}

/** By the clock, so that what stops with it is forgotten with it. */
const allLists = new WeakMap<Clock, Map<Ms, DeadlineList>>();
let lastClock: Clock | null = null;
let lastLists = new Map<Ms, DeadlineList>();

function listsOf(clock: Clock): Map<Ms, DeadlineList> {
  if (clock === lastClock) return lastLists;
  const lists = allLists.get(clock) ?? new Map<Ms, DeadlineList>();
  allLists.set(clock, lists);
  lastClock = clock;
  lastLists = lists;
  return lists;
}

class Link implements Deadline {
  readonly due: Ms;
  readonly waiting: Waiting;
  previous: Link | null = null;
  next: Link | null = null;
  /** null: it has ended. */
  #list: DeadlineList | null;
  #cancelTurn: Cancel | null = null;

  constructor(list: DeadlineList, due: Ms, waiting: Waiting) {
    this.#list = list;
    this.due = due;
    this.waiting = waiting;
  }

  cancel(): void {
    this.#cancelTurn?.();
    this.#cancelTurn = null;
    const list = this.#list;
    this.#list = null;
    list?.remove(this);
  }

  /** The time is up: what came before it is still read. */
  end(clock: Clock): void {
    this.#list = null;
    this.#readOn(clock, clock.now() - this.due, lastTurns);
  }

  #readOn(clock: Clock, late: Ms, turns: number): void {
    if (turns > 0) {
      this.#cancelTurn = clock.at(clock.now(), () => this.#readOn(clock, late, turns - 1));
      return;
    }
    this.#cancelTurn = null;
    this.waiting.expired(late > ownLateness ? `our own loop was ${Math.round(late)} ms late` : null);
  }
}

class DeadlineList {
  readonly #clock: Clock;
  #first: Link | null = null;
  #last: Link | null = null;
  #cancelTimer: Cancel | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  append(link: Link): void {
    link.previous = this.#last;
    if (this.#last === null) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
    // One that has a timer has it for an earlier end, which may be cancelled by now: it looks again then.
    if (this.#cancelTimer === null) this.#arm(link.due);
  }

  remove(link: Link): void {
    const { previous, next } = link;
    if (previous === null) this.#first = next;
    else previous.next = next;
    if (next === null) this.#last = previous;
    else next.previous = previous;
    if (this.#first !== null) return;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #arm(due: Ms): void {
    this.#cancelTimer = this.#clock.at(due, () => {
      this.#cancelTimer = null;
      const now = this.#clock.now();
      for (let first = this.#first; first !== null && first.due <= now; first = this.#first) {
        this.#first = first.next;
        if (first.next === null) this.#last = null;
        else first.next.previous = null;
        first.end(this.#clock);
      }
      if (this.#first !== null) this.#arm(this.#first.due);
    });
  }
}
