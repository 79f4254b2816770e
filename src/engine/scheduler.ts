import type { Cancel, Clock, Ms } from '../model/time.ts';

/** Something that runs at times; the scheduler alone writes here. */
export interface Scheduled {
  /** When it is due; means nothing while `tick` is null. */
  due: Ms;
  /** Number of the tick at which it runs; null: it is not to run. */
  tick: number | null;
}

/** After so many starts the sockets are looked at: a tick with a thousand starts must not hold the loop. */
const slice = 32;

/** With so few starts a second what is in no hurry is gathered on each fourth tick: waking up is most of what it costs. */
const fewPerSecond = 500;
const ticksWhenFew = 4;
/** And with so many on each second one: it is less of what it costs, and more would begin at once. */
const somePerSecond = 2_000;
const ticksWhenSome = 2;

/**
 * Due times of many things on one timer. Starts are moved to the next coarse tick, so that ten thousand checks wake
 * the process a few times a second instead of ten thousand times.
 */
export class Scheduler<Item extends Scheduled> {
  readonly #span: Ms;
  readonly #clock: Clock;
  readonly #run: (item: Item, now: Ms) => void;
  /** What runs at a tick. An item that says otherwise was moved away, and is passed over. */
  readonly #buckets = new Map<number, Item[]>();
  /** The ticks of the buckets, a binary heap. */
  readonly #ticks: number[] = [];
  /** The tick that is being run. */
  #current: { readonly tick: number; readonly items: readonly Item[]; next: number } | null = null;
  #timer: { readonly at: Ms; readonly cancel: Cancel } | null = null;
  /** Starts in the second that runs since then, and how many there were in the one before. */
  #counted: { readonly since: Ms; starts: number; readonly before: number } = { since: 0, starts: 0, before: 0 };

  /** @param modules.run `now`: read for the slice, as reading the clock for each start would show among ten thousand a second */
  constructor(
    options: { readonly tick: Ms },
    modules: { readonly clock: Clock; readonly run: (item: Item, now: Ms) => void },
  ) {
    this.#span = options.tick;
    this.#clock = modules.clock;
    this.#run = modules.run;
  }

  /** Sets (or moves) the next run. `hurry`: it is not to wait for others. */
  set(item: Item, due: Ms, hurry = true): void {
    const ticks = hurry ? 1 : this.#ticksToGather();
    const tick = Math.ceil(due / (this.#span * ticks)) * ticks;
    item.due = due;
    if (item.tick === tick) return;
    item.tick = tick;
    const bucket = this.#buckets.get(tick);
    if (bucket) {
      bucket.push(item);
      return;
    }
    this.#buckets.set(tick, [item]);
    push(this.#ticks, tick);
    this.#arm();
  }

  #ticksToGather(): number {
    const { before } = this.#counted;
    if (before <= fewPerSecond) return ticksWhenFew;
    return before <= somePerSecond ? ticksWhenSome : 1;
  }

  /** What is due has not all been run. */
  isBehind(): boolean {
    const [first] = this.#ticks;
    return this.#current !== null || (first !== undefined && first * this.#span <= this.#clock.now());
  }

  remove(item: Item): void {
    item.tick = null;
  }

  close(): void {
    this.#buckets.clear();
    this.#ticks.length = 0;
    this.#current = null;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(): void {
    const [first] = this.#ticks;
    if (this.#current === null && first === undefined) return;
    const at = this.#current === null && first !== undefined ? first * this.#span : this.#clock.now();
    if (this.#timer && this.#timer.at <= at) return;
    this.#timer?.cancel();
    this.#timer = { at, cancel: this.#clock.at(at, () => this.#fire()) };
  }

  #fire(): void {
    this.#timer = null;
    const now = this.#clock.now();
    if (now >= this.#counted.since + 1_000) this.#counted = { since: now, starts: 0, before: this.#counted.starts };
    for (let left = slice; left > 0; ) {
      this.#current ??= this.#take(now);
      const { current } = { current: this.#current };
      if (current === null) break;
      const item = current.items[current.next++];
      if (item === undefined) {
        this.#current = null;
      } else if (item.tick === current.tick) {
        item.tick = null;
        left--;
        this.#counted.starts++;
        this.#run(item, now);
      }
    }
    this.#arm();
  }

  /** The earliest tick, if it has come. */
  #take(now: Ms): { readonly tick: number; readonly items: readonly Item[]; next: number } | null {
    const [tick] = this.#ticks;
    if (tick === undefined || tick * this.#span > now) return null;
    const items = this.#buckets.get(tick) ?? [];
    pop(this.#ticks);
    this.#buckets.delete(tick);
    return { tick, items, next: 0 };
  }
}

function push(heap: number[], value: number): void {
  let index = heap.push(value) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || above <= value) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = value;
}

function pop(heap: number[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const child = smallerChild(heap, index);
    const below = heap[child];
    if (below === undefined || below >= last) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
}

function smallerChild(heap: readonly number[], index: number): number {
  const left = 2 * index + 1;
  const a = heap[left];
  const b = heap[left + 1];
  return a !== undefined && b !== undefined && b < a ? left + 1 : left;
}
