// The process that forks for the agent; started by command-runner.ts with the number of slots as its argument.
import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import type { CommandOutcome } from '../model/ports.ts';
import type { ScriptUser } from '../model/server.ts';
import { explainFault, isOwnFault } from './command-fault.ts';
import { createOutputPipes, type OutputPipe } from './command-output.ts';
import type { HelperReport, HelperRequest } from './command-protocol.ts';
import { createSpawner, type Ending, type Spawner } from './command-spawn.ts';
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
/** undefined: not wanted so far. */
let spawner: Spawner | null | undefined;

// A stop of the whole service sends these to us too; we go when the agent goes.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('message', message => {
  for (const request of message as HelperRequest[]) take(request);
});
process.on('disconnect', stop);
// The agent may have gone before there was anyone to hear of it.
if (process.connected) send({ type: 'ready' });
else stop();

function take(request: HelperRequest): void {
  switch (request.type) {
    case 'run':
      run(request);
      return;
    case 'kill': {
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
  if (spawner === undefined) spawner = createSpawner();
  const lines = request.environment ? linesOf({ ...environment, ...added }) : environmentLines;
  return spawner?.start(words, lines, pipe?.descriptor ?? null, ending => end(job, ending)) ?? null;
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
  child.on('error', () => {});
  child.once('exit', (code, signal) => end(job, { code, signal }));
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

function linesOf(variables: NodeJS.ProcessEnv): readonly string[] {
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}

function kill(command: Running, signal: NodeJS.Signals): void {
  command.killed = true;
  signalGroup(command.pid, signal);
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
  if (outbox.push(message) === 1) setImmediate(flush);
}

function flush(): void {
  const messages = outbox.splice(0);
  if (process.connected) process.send?.(messages, () => {});
}
