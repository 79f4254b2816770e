import { type ChildProcess, spawn } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { Socket } from 'node:net';
import { extname, join } from 'node:path';
import process from 'node:process';
import type {
  CommandOutcome,
  CommandReceiver,
  CommandRequest,
  CommandStarter,
  RunningCommand,
} from '../model/ports.ts';
import type { Cancel, Clock, Ms } from '../model/time.ts';
import { openChannel } from './command-channel.ts';
import type { HelperReport, HelperRequest } from './command-protocol.ts';

export interface CommandRunnerOptions {
  /** Commands at the same time; more wait in order. */
  readonly slots: number;
}
interface Helper {
  readonly child: ChildProcess;
  readonly socket: Socket;
  readonly send: (requests: readonly HelperRequest[]) => void;
}
interface Job {
  readonly request: CommandRequest;
  readonly receiver: CommandReceiver;
  settled: boolean;
  slot: number | null;
  /** When the next step towards its end is due. */
  due: Ms;
  next: 'SIGTERM' | 'SIGKILL' | 'bury';
}

/** A helper that dies is not started again sooner than this. */
const respawnAfter: Ms = 1000;
/** After KILL a command that cannot die (waiting for a disk) is waited for no longer. */
const buryAfter: Ms = 1000;
const closeWithin: Ms = 900;
/** The helper has little to do: one thread beside its own for that, and little memory. */
const small = ['--v8-pool-size=1', '--max-semi-space-size=1', '--optimize-for-size'];

/**
 * Runs commands through one small helper process, which forks in place of the agent: the cost of a fork grows with
 * the memory of whoever forks, and the agent's loop must not wait for it. The helper starts with the first command
 * and ends, with all commands, when the agent does, however that ends. Each command leads a session and process
 * group of its own. Of the output the last bytes are kept. A helper that dies leaves its commands `aborted`.
 */
export function createCommandRunner(
  options: CommandRunnerOptions,
  modules: { readonly clock: Clock },
): CommandStarter & {
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
  let helper: Helper | null = null;
  let ready = false;
  let startedAt: Ms = Number.NEGATIVE_INFINITY;
  let cancelStart: Cancel | null = null;
  /** One timer for all that run, for the first that may be due. */
  let timer: { readonly at: Ms; readonly cancel: Cancel } | null = null;
  let holding = false;
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
    const started = forkHelper(options.slots, take);
    helper = started;
    holding = false;
    holdLoop();
    started.child.on('error', () => lose(started));
    started.child.on('exit', () => lose(started));
  };
  const lose = (lost: Helper): void => {
    if (helper !== lost) return;
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
    const hold = waiting.length + running.size > 0;
    if (hold === holding) return;
    holding = hold;
    if (hold) helper?.socket.ref();
    else helper?.socket.unref();
  };
  const send = (message: HelperRequest): void => {
    if (outbox.push(message) === 1) queueMicrotask(flush);
  };
  const flush = (): void => {
    // A helper that is gone is noticed by its exit.
    helper?.send(outbox.splice(0));
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
    job.due = clock.now() + timeout;
    arm(job.due);
    send({
      type: 'run',
      slot,
      argv,
      keepOutput,
      ...(user && { user }),
      ...(environment && { environment }),
    });
  };
  const arm = (due: Ms): void => {
    if (timer !== null && timer.at <= due) return;
    timer?.cancel();
    timer = { at: due, cancel: clock.at(due, stepAll) };
  };
  const disarm = (): void => {
    timer?.cancel();
    timer = null;
  };
  const stepAll = (): void => {
    timer = null;
    const now = clock.now();
    let first = Number.POSITIVE_INFINITY;
    for (const job of running.values()) {
      if (job.due <= now) step(job, now);
      first = Math.min(first, job.due);
    }
    if (Number.isFinite(first)) arm(first);
  };
  // Whether it was too late says the helper, which knows if the command ended before the signal.
  const step = (job: Job, now: Ms): void => {
    if (job.slot === null) return;
    if (job.next === 'bury') {
      job.due = Number.POSITIVE_INFINITY;
      settle(job, { kind: 'timed-out', output: '' });
      return;
    }
    send({ type: 'kill', slot: job.slot, signal: job.next });
    const isFirst = job.next === 'SIGTERM';
    job.due = now + (isFirst ? job.request.killAfter : buryAfter);
    job.next = isFirst ? 'SIGKILL' : 'bury';
  };
  const finish = (job: Job, outcome: CommandOutcome): void => {
    if (job.slot !== null) {
      running.delete(job.slot);
      free.push(job.slot);
      job.slot = null;
    }
    if (running.size === 0) disarm();
    holdLoop();
    settle(job, outcome);
  };
  const abort = (job: Job): void => {
    if (job.settled) return;
    const place = waiting.indexOf(job);
    if (place >= 0) waiting.splice(place, 1);
    else if (job.next === 'SIGTERM') {
      step(job, clock.now());
      arm(job.due);
    }
    holdLoop();
    settle(job, { kind: 'aborted' });
  };
  const start = (request: CommandRequest, receiver: CommandReceiver): RunningCommand => {
    if (closed) {
      queueMicrotask(() => receiver.ended({ kind: 'aborted' }));
      return { abort: () => {} };
    }
    const job: Job = { request, receiver, settled: false, slot: null, due: Number.POSITIVE_INFINITY, next: 'SIGTERM' };
    waiting.push(job);
    startHelper();
    holdLoop();
    startNext();
    return { abort: () => abort(job) };
  };

  return {
    begin: start,
    run(request, signal) {
      return new Promise(resolve => {
        if (signal.aborted) {
          resolve({ kind: 'aborted' });
          return;
        }
        const command = start(request, {
          ended(outcome) {
            signal.removeEventListener('abort', command.abort);
            resolve(outcome);
          },
        });
        // One signal may stop many commands; each takes its listener off again.
        setMaxListeners(0, signal);
        signal.addEventListener('abort', command.abort, { once: true });
      });
    },
    waiting: () => waiting.length,
    async close() {
      closed = true;
      cancelStart?.();
      for (const job of waiting.splice(0)) settle(job, { kind: 'aborted' });
      if (helper) await stopHelper(helper, clock);
    },
  };
}

function settle(job: Job, outcome: CommandOutcome): void {
  if (job.settled) return;
  job.settled = true;
  job.receiver.ended(outcome);
}

/** The helper's own file has the ending of this one: `.ts` from source, `.js` when built. */
function forkHelper(slots: number, take: (reports: readonly HelperReport[]) => void): Helper {
  const file = join(import.meta.dirname, `command-helper${extname(import.meta.filename)}`);
  const words = [...small, ...loaderWords(process.execArgv), file, String(slots)];
  const child = spawn(process.execPath, words, {
    // Out of reach of the terminal's Ctrl-C; it stops when we do.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  // Without a descriptor left there is none, and an error follows.
  const [, , , socket = new Socket()] = (child.stdio ?? []) as (Socket | undefined)[];
  child.unref();
  const send = openChannel(socket, take);
  socket.unref();
  return { child, socket, send };
}

/** Of Node's own options only those that make it read TypeScript: `-e` or `--inspect` are not for the helper. */
function loaderWords(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    if (word.startsWith('--import=')) return [word];
    return word === '--import' ? words.slice(index, index + 2) : [];
  });
}

function stopHelper({ child, socket }: Helper, clock: Clock): Promise<void> {
  return new Promise(resolve => {
    const cancel = clock.at(clock.now() + closeWithin, () => child.kill('SIGKILL'));
    child.ref();
    child.once('exit', () => {
      cancel();
      resolve();
    });
    socket.destroy();
    if (child.exitCode !== null || child.signalCode !== null) {
      cancel();
      resolve();
    }
  });
}
