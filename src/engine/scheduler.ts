import type { Cancel, Clock, Ms } from '../model/time.ts';

/**
 * Due times of many things on one timer. Starts are moved to the next coarse tick, so that ten thousand checks wake
 * the process a few times a second instead of ten thousand times.
 */
export class Scheduler<Id> {
  readonly #tick: Ms;
  readonly #clock: Clock;
  readonly #run: (id: Id, due: Ms) => void;
  readonly #due = new Map<Id, Ms>();
  /** Binary heap by due time; entries that `#due` no longer confirms are stale and dropped when they surface. */
  readonly #heap: { due: Ms; id: Id }[] = [];
  #timer: { at: Ms; cancel: Cancel } | null = null;

  constructor(
    options: { readonly tick: Ms },
    modules: { readonly clock: Clock; readonly run: (id: Id, due: Ms) => void },
  ) {
    this.#tick = options.tick;
    this.#clock = modules.clock;
    this.#run = modules.run;
  }

  /** Sets (or moves) the next run of `id`. */
  set(id: Id, due: Ms): void {
    this.#due.set(id, due);
    push(this.#heap, { due, id });
    this.#arm();
  }

  remove(id: Id): void {
    this.#due.delete(id);
  }

  dueOf(id: Id): Ms | undefined {
    return this.#due.get(id);
  }

  close(): void {
    this.#due.clear();
    this.#heap.length = 0;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(): void {
    const first = this.#first();
    if (!first) return;
    const at = Math.ceil(first.due / this.#tick) * this.#tick;
    if (this.#timer && this.#timer.at <= at) return;
    this.#timer?.cancel();
    this.#timer = { at, cancel: this.#clock.at(at, () => this.#fire()) };
  }

  #fire(): void {
    this.#timer = null;
    const now = this.#clock.now();
    for (let first = this.#first(); first && first.due <= now; first = this.#first()) {
      pop(this.#heap);
      this.#due.delete(first.id);
      this.#run(first.id, first.due);
    }
    this.#arm();
  }

  /** The earliest entry that still holds. */
  #first(): { due: Ms; id: Id } | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (!first || this.#due.get(first.id) === first.due) return first;
      pop(this.#heap);
    }
  }
}

type Entry = { readonly due: Ms };

function push<T extends Entry>(heap: T[], entry: T): void {
  let index = heap.push(entry) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (!above || above.due <= entry.due) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = entry;
}

function pop<T extends Entry>(heap: T[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const child = smallerChild(heap, index);
    const below = heap[child];
    if (!below || below.due >= last.due) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
}

function smallerChild<T extends Entry>(heap: readonly T[], index: number): number {
  const left = 2 * index + 1;
  const a = heap[left];
  const b = heap[left + 1];
  return a && b && b.due < a.due ? left + 1 : left;
}
