import type { CheckResult } from '../../src/model/check.ts';
import type { Remembered } from '../../src/model/event.ts';
import type { CheckObserver, ObservedCheck } from '../../src/model/observer.ts';
import type { Commit, NotificationUpdate, Recollection, Store } from '../../src/model/store.ts';
import type { EpochMs } from '../../src/model/time.ts';

type SeenResult = ObservedCheck & CheckResult & { readonly time: EpochMs };

/** A store in memory; `recollection()` is what the next start would find. */
export class FakeStore implements Store {
  readonly results: SeenResult[] = [];
  readonly commits: Commit[] = [];
  readonly updates: NotificationUpdate[] = [];
  readonly #virtualServers: Map<string, Remembered>;
  closed = false;

  constructor(found: ReadonlyMap<string, Remembered> = new Map()) {
    this.#virtualServers = new Map(found);
  }

  recollection(): ReadonlyMap<string, Remembered> {
    return this.#virtualServers;
  }

  async open(): Promise<Recollection> {
    return { virtualServers: new Map(this.#virtualServers), notifications: [] };
  }
  observe(check: ObservedCheck): CheckObserver {
    return {
      finished: (time, result) => {
        this.results.push({ ...check, ...result, time });
        return true;
      },
      close: () => {},
    };
  }
  async commit(commit: Commit): Promise<boolean> {
    this.commits.push(commit);
    if (commit.remember) this.#virtualServers.set(commit.virtualServer, commit.remember);
    else if (commit.remember === null) this.#virtualServers.delete(commit.virtualServer);
    return true;
  }
  async updateNotifications(update: NotificationUpdate): Promise<boolean> {
    this.updates.push(update);
    return true;
  }
  touch(): void {}
  async maintain(): Promise<void> {}
  trouble(): null {
    return null;
  }
  droppedResults(): number {
    return 0;
  }
  droppedMinutes(): number {
    return 0;
  }
  writeErrors(): number {
    return 0;
  }
  size(): number {
    return 0;
  }
  async close(): Promise<void> {
    this.closed = true;
  }
}
