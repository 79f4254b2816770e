import type { Commit, NotificationUpdate } from '../model/store.ts';
import type { EpochMs } from '../model/time.ts';
import type { Batch, Job, MinuteRow, ResultRow } from './messages.ts';

/** What waits for the next batch. Results and minutes are bounded, jobs are not: they are few and must not be lost. */
export interface StoreQueue {
  /** false: no room, the row was dropped. */
  addResult(row: ResultRow): boolean;
  /** false: no room, the row was dropped. */
  addMinute(row: MinuteRow): boolean;
  /** `done` hears when it is kept. */
  addCommit(commit: Commit, done: () => void): void;
  addUpdate(update: NotificationUpdate, done: () => void): void;
  touch(time: EpochMs): void;
  results(): number;
  minutes(): number;
  jobs(): number;
  /**
   * Takes up to `limit` results and minutes, minutes first, and all jobs; null when nothing waits. The rows stay
   * counted until `settle`.
   */
  takeBatch(limit: number): Batch | null;
  /** The batch is kept: makes room and tells those who wait. */
  settle(): void;
}

interface Entry {
  job: Job;
  readonly done: () => void;
}

/** Minutes of one batch; there is always room for results beside them. */
const minutesPerBatch = 500;

export function createQueue(
  { maxResults, maxMinutes }: { readonly maxResults: number; readonly maxMinutes: number },
  now: EpochMs,
): StoreQueue {
  let results: ResultRow[] = [];
  // In pieces of a batch each: there may be very many.
  const minutes: MinuteRow[][] = [];
  let minuteCount = 0;
  let entries: Entry[] = [];
  let alive = now;
  let touched = false;
  let number = 0;
  let taken = { results: 0, minutes: 0, entries: [] as readonly Entry[] };
  // The commit that holds what is remembered of a virtual server: an older one of the same batch need not write it.
  const latest = new Map<string, Entry>();

  const touch = (time: EpochMs): void => {
    alive = time;
    touched = true;
  };
  return {
    addResult: row => {
      if (results.length + taken.results >= maxResults) return false;
      results.push(row);
      return true;
    },
    addMinute: row => {
      if (minuteCount + taken.minutes >= maxMinutes) return false;
      const last = minutes.at(-1);
      if (last && last.length < minutesPerBatch) last.push(row);
      else minutes.push([row]);
      minuteCount++;
      return true;
    },
    addCommit: ({ time, virtualServer, remember, transitions, notifications }, done) => {
      const older = remember === undefined ? undefined : latest.get(virtualServer);
      if (older?.job.kind === 'commit') older.job = { ...older.job, remember: 'superseded' };
      const job: Job = {
        kind: 'commit',
        time,
        virtualServer,
        remember: remember === undefined ? 'superseded' : (remember ?? 'forget'),
        transitions,
        notifications,
      };
      const entry = { job, done };
      entries.push(entry);
      if (remember !== undefined) latest.set(virtualServer, entry);
      touch(time);
    },
    addUpdate: (update, done) => {
      entries.push({ job: { kind: 'update', update }, done });
    },
    touch,
    results: () => results.length,
    minutes: () => minuteCount,
    jobs: () => entries.length,
    takeBatch: limit => {
      if (results.length === 0 && minuteCount === 0 && entries.length === 0 && !touched) return null;
      const minuteRows = minutes.shift() ?? [];
      minuteCount -= minuteRows.length;
      const room = limit - minuteRows.length;
      const rows = results.slice(0, room);
      results = results.slice(room);
      taken = { results: rows.length, minutes: minuteRows.length, entries };
      entries = [];
      latest.clear();
      touched = false;
      number++;
      return { number, results: rows, minutes: minuteRows, jobs: taken.entries.map(entry => entry.job), alive };
    },
    settle: () => {
      const { entries: kept } = taken;
      taken = { results: 0, minutes: 0, entries: [] };
      for (const entry of kept) entry.done();
    },
  };
}
