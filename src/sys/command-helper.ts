// The process that forks for the agent; started by command-runner.ts with the number of slots as its argument.
import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import process from 'node:process';
import type { CommandOutcome } from '../model/ports.ts';
import type { ScriptUser } from '../model/server.ts';
import { systemClock } from './clock.ts';
import { openChannel } from './command-channel.ts';
import { explainFault, isOwnFault } from './command-fault.ts';
import { createLookout } from './command-lookout.ts';
import { createOutputPipes, type OutputPipe } from './command-output.ts';
import { channelDescriptor, type HelperReport, type HelperRequest } from './command-protocol.ts';
import { createSpawner, type Ending, linesOf } from './command-spawn.ts';
import { findUser, type RunAs } from './users.ts';

interface Running {
  readonly pid: number;
  killed: boolean;
}
type RunRequest = Extract<HelperRequest, { type: 'run' }>;
interface Job {
  readonly request: RunRequest;
  readonly runAs: RunAs;
  readonly pipe: OutputPipe | null;
}

const asOurselves: RunAs = { become: null, wrapper: [] };

/** When the agent is gone: milliseconds from TERM to KILL. */
const killAfterStop = 500;
const hidden = new Set([
  // keepalived lib/process.c: variables that would change what a script runs.
  ...['IFS', 'LD_PRELOAD', 'LD_LIBRARY_PATH'],
  // What a script that is such a service itself would take for its own.
  ...['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'],
]);

const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !hidden.has(name)));
const environmentLines = linesOf(environment);
const pipes = createOutputPipes(Number(process.argv[2]));
const running = new Map<number, Running>();
const users = new Map<string, RunAs>();
const outbox: HelperReport[] = [];
const spawner = createSpawner();
/** Those of Node's own `spawn`. */
let nodeChildren = 0;
const lookout = createLookout({
  clock: systemClock,
  onDeath(run) {
    process.on('SIGCHLD', run);
    return () => process.off('SIGCHLD', run);
  },
  reap: () => spawner?.reap(nodeChildren === 0) ?? 0,
});

// A stop of the whole service sends these to us too; we go when the agent goes.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
const channel = new Socket({ fd: channelDescriptor, readable: true, writable: true });
const sendAll = openChannel<readonly HelperRequest[], readonly HelperReport[]>(channel, requests => {
  for (const request of requests) take(request);
});
channel.on('close', stop);
send({ type: 'ready' });

function take(request: HelperRequest): void {
  switch (request.type) {
    case 'run':
      run(request);
      return;
    case 'kill': {
      // Whoever has ended by now has ended in time.
      lookout.look();
      const command = running.get(request.slot);
      if (command) kill(command, request.signal);
    }
  }
}

function run(request: RunRequest): void {
  const { slot, argv, keepOutput } = request;
  const runAs = request.user ? lookUp(request.user) : asOurselves;
  if ('fault' in runAs) {
    report(slot, { kind: 'not-started', detail: `${argv[0]}: ${runAs.fault}` });
    return;
  }
  const pipe = keepOutput > 0 ? (pipes[slot] ?? null) : null;
  pipe?.begin(keepOutput);
  const job: Job = { request, runAs, pipe };
  const pid = startLean(job);
  if (pid !== null) {
    running.set(slot, { pid, killed: false });
    lookout.expect();
    return;
  }
  try {
    watch(startByNode(job), job);
  } catch (fault) {
    // What no program can be given, such as a NUL in a word.
    report(slot, { kind: 'not-started', detail: `${argv[0]}: ${fault instanceof Error ? fault.message : fault}` });
  }
}

/** A directory service may be slow to answer, and all commands wait for it: it is asked once for each user. */
function lookUp(user: ScriptUser): ReturnType<typeof findUser> {
  const key = JSON.stringify(user);
  const found = users.get(key) ?? findUser(user);
  if (!('fault' in found)) users.set(key, found);
  return found;
}

/** null: `startByNode` must do it, or say why it cannot be done. */
function startLean(job: Job): number | null {
  const { request, runAs, pipe } = job;
  if (runAs.become !== null) return null;
  const added = request.environment ?? {};
  const words = [...runAs.wrapper, ...request.argv];
  // It looks for bare names in our own PATH, and would cut words at a NUL.
  if ('PATH' in added || [...words, ...Object.entries(added).flat()].some(word => word.includes('\0'))) return null;
  const lines = request.environment ? linesOf({ ...environment, ...added }) : environmentLines;
  const output = pipe?.descriptor ?? null;
  return spawner?.start(words, lines, { input: null, output, errors: output }, ending => end(job, ending)) ?? null;
}

function startByNode({ request, runAs, pipe }: Job): ChildProcess {
  const [file = '', ...args] = [...runAs.wrapper, ...request.argv];
  const output = pipe ? pipe.descriptor : 'ignore';
  return spawn(file, args, {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...environment, ...request.environment },
    ...runAs.become,
  });
}

function watch(child: ChildProcess, job: Job): void {
  const { slot, argv } = job.request;
  if (child.pid === undefined) {
    child.once('error', (fault: NodeJS.ErrnoException) => {
      const code = fault.code ?? fault.message;
      job.pipe?.end();
      // Nothing was learned of the command when it was us who had no process or descriptor left.
      report(
        slot,
        isOwnFault(code) ? { kind: 'aborted' } : { kind: 'not-started', detail: explainFault(argv[0], code) },
      );
    });
    return;
  }
  running.set(slot, { pid: child.pid, killed: false });
  nodeChildren++;
  child.on('error', () => {});
  child.once('exit', (code, signal) => {
    nodeChildren--;
    end(job, { code, signal });
  });
}

function end({ request, runAs, pipe }: Job, { code, signal }: Ending): void {
  const { slot, argv } = request;
  const command = running.get(slot);
  running.delete(slot);
  // What ignores TERM must not outlive a command that was ended by it.
  if (command?.killed) signalGroup(command.pid, 'SIGKILL');
  const output = pipe?.end() ?? '';
  // setpriv's own answers when it finds no command; with misc_dynamic they would be weights.
  if (runAs.wrapper.length > 0 && (code === 126 || code === 127)) {
    report(slot, { kind: 'not-started', detail: `${argv[0]}: ${output.trim() || 'cannot be executed'}` });
  } else {
    report(slot, command?.killed ? { kind: 'timed-out', output } : describeExit(code, signal, output));
  }
}

function describeExit(code: number | null, signal: string | null, output: string): CommandOutcome {
  return code === null ? { kind: 'signalled', signal: signal ?? 'SIGKILL', output } : { kind: 'exited', code, output };
}

function kill(command: Running, signal: NodeJS.Signals): void {
  command.killed = true;
  signalGroup(command.pid, signal);
  lookout.expect();
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

/** The agent is gone, or wants us gone: so must be whatever still runs for it. */
function stop(): void {
  for (const command of running.values()) kill(command, 'SIGTERM');
  const leave = (): void => {
    for (const command of running.values()) kill(command, 'SIGKILL');
    process.exit(0);
  };
  if (running.size === 0) leave();
  setTimeout(leave, killAfterStop);
  setInterval(() => running.size === 0 && leave(), 20);
}

function report(slot: number, outcome: CommandOutcome): void {
  send({ type: 'ended', slot, outcome });
}

function send(message: HelperReport): void {
  if (outbox.push(message) === 1) queueMicrotask(flush);
}

function flush(): void {
  sendAll(outbox.splice(0));
}
