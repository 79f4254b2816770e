import { type ChildProcess, fork } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { extname, join } from 'node:path';
import process from 'node:process';
import type { CommandOutcome, CommandRequest, CommandRunner } from '../model/ports.ts';
import type { Cancel, Clock, Ms } from '../model/time.ts';
import type { HelperReport, HelperRequest } from './command-protocol.ts';

export interface CommandRunnerOptions {
  /** Commands at the same time; more wait in order. */
  readonly slots: number;
}
interface Job {
  readonly request: CommandRequest;
  settle(outcome: CommandOutcome): void;
  settled: boolean;
  slot: number | null;
  cancelTimer: Cancel;
}

/** A helper that dies is not started again sooner than this. */
const respawnAfter: Ms = 1000;
/** After KILL a command that cannot die (waiting for a disk) is waited for no longer. */
const buryAfter: Ms = 1000;
const closeWithin: Ms = 900;

/**
 * Runs commands through one small helper process, which forks in place of the agent: the cost of a fork grows with
 * the memory of whoever forks, and the agent's loop must not wait for it. The helper starts with the first command
 * and ends, with all commands, when the agent does, however that ends. Each command leads a session and process
 * group of its own. Of the output the last bytes are kept. A helper that dies leaves its commands `aborted`.
 */
export function createCommandRunner(
  options: CommandRunnerOptions,
  modules: { readonly clock: Clock },
): CommandRunner & {
  /** Commands that wait for a slot. */
  waiting(): number;
  close(): Promise<void>;
} {
  const { clock } = modules;
  const waiting: Job[] = [];
  const running = new Map<number, Job>();
  const free = Array.from({ length: options.slots }, (_, index) => options.slots - 1 - index);
  /** For the helper, at the end of this turn. */
  const outbox: HelperRequest[] = [];
  let helper: ChildProcess | null = null;
  let ready = false;
  let startedAt: Ms = Number.NEGATIVE_INFINITY;
  let cancelStart: Cancel | null = null;
  let closed = false;

  const startHelper = (): void => {
    if (helper || cancelStart || closed) return;
    const due = startedAt + respawnAfter;
    if (clock.now() >= due) spawnHelper();
    else {
      cancelStart = clock.at(due, () => {
        cancelStart = null;
        spawnHelper();
      });
    }
  };
  const spawnHelper = (): void => {
    startedAt = clock.now();
    const child = forkHelper(options.slots);
    helper = child;
    holdLoop();
    child.on('message', reports => take(reports as HelperReport[]));
    child.on('error', () => lose(child));
    child.on('exit', () => lose(child));
  };
  const lose = (child: ChildProcess): void => {
    if (helper !== child) return;
    const wasReady = ready;
    helper = null;
    ready = false;
    for (const job of running.values()) finish(job, { kind: 'aborted' });
    // A helper that cannot even start: who waits for it must hear of it.
    if (!wasReady) for (const job of waiting.splice(0)) settle(job, { kind: 'aborted' });
    if (waiting.length > 0) startHelper();
  };
  /** The process stays for a command that runs or waits, never for the helper alone. */
  const holdLoop = (): void => {
    if (waiting.length + running.size > 0) helper?.channel?.ref();
    else helper?.channel?.unref();
  };
  const send = (message: HelperRequest): void => {
    if (outbox.push(message) === 1) queueMicrotask(flush);
  };
  const flush = (): void => {
    const messages = outbox.splice(0);
    // A helper that is gone is noticed by its exit.
    if (helper?.connected) helper.send(messages, () => {});
  };

  const take = (reports: readonly HelperReport[]): void => {
    for (const report of reports) {
      if (report.type === 'ready') ready = true;
      else {
        const job = running.get(report.slot);
        if (job) finish(job, report.outcome);
      }
    }
    startNext();
  };
  const startNext = (): void => {
    while (ready && waiting.length > 0 && free.length > 0) {
      const slot = free.pop();
      const job = waiting.shift();
      if (slot === undefined || !job) return;
      begin(job, slot);
    }
  };
  const begin = (job: Job, slot: number): void => {
    const { argv, user, environment, timeout, keepOutput } = job.request;
    job.slot = slot;
    running.set(slot, job);
    job.cancelTimer = clock.at(clock.now() + timeout, () => terminate(job));
    send({
      type: 'run',
      slot,
      argv,
      keepOutput,
      ...(user && { user }),
      ...(environment && { environment }),
    });
  };
  // Whether it was too late says the helper, which knows if the command ended before the signal.
  const terminate = (job: Job): void => {
    const { slot } = job;
    if (slot === null) return;
    job.cancelTimer();
    send({ type: 'kill', slot, signal: 'SIGTERM' });
    job.cancelTimer = clock.at(clock.now() + job.request.killAfter, () => {
      send({ type: 'kill', slot, signal: 'SIGKILL' });
      job.cancelTimer = clock.at(clock.now() + buryAfter, () => settle(job, { kind: 'timed-out', output: '' }));
    });
  };
  const finish = (job: Job, outcome: CommandOutcome): void => {
    job.cancelTimer();
    if (job.slot !== null) {
      running.delete(job.slot);
      free.push(job.slot);
      job.slot = null;
    }
    holdLoop();
    settle(job, outcome);
  };

  return {
    run(request, signal) {
      return new Promise(resolve => {
        if (signal.aborted || closed) {
          resolve({ kind: 'aborted' });
          return;
        }
        const abort = (): void => {
          const place = waiting.indexOf(job);
          if (place >= 0) waiting.splice(place, 1);
          else terminate(job);
          holdLoop();
          settle(job, { kind: 'aborted' });
        };
        const job: Job = {
          request,
          settled: false,
          slot: null,
          cancelTimer: () => {},
          settle(outcome) {
            signal.removeEventListener('abort', abort);
            resolve(outcome);
          },
        };
        // One signal may stop many commands; each takes its listener off again.
        setMaxListeners(0, signal);
        signal.addEventListener('abort', abort, { once: true });
        waiting.push(job);
        startHelper();
        holdLoop();
        startNext();
      });
    },
    waiting: () => waiting.length,
    async close() {
      closed = true;
      cancelStart?.();
      for (const job of waiting.splice(0)) settle(job, { kind: 'aborted' });
      const child = helper;
      if (child) await stopHelper(child, clock);
    },
  };
}

function settle(job: Job, outcome: CommandOutcome): void {
  if (job.settled) return;
  job.settled = true;
  job.settle(outcome);
}

/** The helper's own file has the ending of this one: `.ts` from source, `.js` when built. */
function forkHelper(slots: number): ChildProcess {
  const file = join(import.meta.dirname, `command-helper${extname(import.meta.filename)}`);
  const child = fork(file, [String(slots)], {
    // Out of reach of the terminal's Ctrl-C; it stops when we do.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: loaderWords(process.execArgv),
  });
  child.unref();
  child.channel?.unref();
  return child;
}

/** Of Node's own options only those that make it read TypeScript: `-e` or `--inspect` are not for the helper. */
function loaderWords(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    if (word.startsWith('--import=')) return [word];
    return word === '--import' ? words.slice(index, index + 2) : [];
  });
}

function stopHelper(child: ChildProcess, clock: Clock): Promise<void> {
  return new Promise(resolve => {
    const cancel = clock.at(clock.now() + closeWithin, () => child.kill('SIGKILL'));
    child.ref();
    child.once('exit', () => {
      cancel();
      resolve();
    });
    if (child.connected) child.disconnect();
    if (child.exitCode !== null || child.signalCode !== null) {
      cancel();
      resolve();
    }
  });
}
