import type { Remembered } from '../../src/model/event.ts';
import type { CheckObserver, ObservedCheck } from '../../src/model/observer.ts';
import type { Commit, NotificationUpdate, Recollection, ResultRow, Store } from '../../src/model/store.ts';

/** A store in memory; `recollection()` is what the next start would find. */
export class FakeStore implements Store {
  readonly results: ResultRow[] = [];
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
  observe({ virtualServer, realServer, checkType }: ObservedCheck): CheckObserver {
    return {
      finished: (time, result) =>
        this.addResult({
          time,
          virtualServer,
          realServer,
          checkType,
          ok: result.ok,
          durationUs: Math.round(result.took * 1000),
          reason: result.ok ? 'ok' : result.reason,
          detail: result.detail,
        }),
      close: () => {},
    };
  }
  addResult(row: ResultRow): void {
    this.results.push(row);
  }
  async commit(commit: Commit): Promise<boolean> {
    this.commits.push(commit);
    if (commit.remember) this.#virtualServers.set(commit.virtualServer, commit.remember);
    else if (commit.remember === null) this.#virtualServers.delete(commit.virtualServer);
    return true;
  }
  async updateNotification(update: NotificationUpdate): Promise<boolean> {
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
  async close(): Promise<void> {
    this.closed = true;
  }
}
