import { closeSync, constants, fstatSync, openSync, unlinkSync, writeSync } from 'node:fs';
import type { Fifo } from '../model/config.ts';
import type { CommandOutcome, CommandRunner, Execute, Log } from '../model/ports.ts';
import type { ScriptUser } from '../model/server.ts';
import type { Ms } from '../model/time.ts';

/** notify_fifo and lvs_notify_fifo. */
export interface Fifos {
  /** Never rejects: a FIFO that cannot be used is logged and left out, the others work. */
  open(): Promise<void>;
  /** Writes one line, given without its line feed, to each; a FIFO that is full goes without it, as with keepalived. */
  write(line: string): void;
  /** Lines that a FIFO could not take, since `open`. */
  dropped(): number;
  /** Ends the scripts and removes what was created. */
  close(): Promise<void>;
}

export interface FifoModules {
  readonly execute: Execute;
  readonly commands: CommandRunner;
  readonly log: Log;
}

// Read-write, so that it opens and stays open without a reader (keepalived core/notify.c:fifo_open).
const openFlags = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW;
// PIPE_BUF of Linux: only up to here a write is whole or not at all.
const longestLine = 4096;
// A FIFO's script lives as long as the agent; the runner wants some limit.
const scriptTimeout: Ms = 10 * 365 * 24 * 3600 * 1000;
const killAfter: Ms = 1000;

/**
 * @param options.fifos in the order of writing; of two with the same path the first counts
 * @param options.scriptUser `script_user`, for FIFO scripts that name none
 */
export function createFifos(
  options: { readonly fifos: readonly Fifo[]; readonly scriptUser: ScriptUser | null },
  modules: FifoModules,
): Fifos {
  const fifos = [...new Map([...options.fifos].reverse().map(fifo => [fifo.path, fifo])).values()].reverse();
  let opened: OpenFifo[] = [];
  let dropped = 0;
  return {
    async open() {
      dropped = 0;
      for (const fifo of fifos) {
        const taken = await openFifo(fifo, options.scriptUser, modules);
        if (taken) opened.push(taken);
      }
    },
    write(line) {
      for (const fifo of opened) if (!fifo.write(line)) dropped++;
    },
    dropped: () => dropped,
    async close() {
      const closing = opened;
      opened = [];
      await Promise.all(closing.map(fifo => fifo.close()));
    },
  };
}

interface OpenFifo {
  /** False when the line did not go out. */
  write(line: string): boolean;
  close(): Promise<void>;
}

async function openFifo(fifo: Fifo, scriptUser: ScriptUser | null, modules: FifoModules): Promise<OpenFifo | null> {
  const { log } = modules;
  const created = { fifo: false };
  let descriptor: number;
  try {
    descriptor = await openOrCreate(fifo, created, modules.execute);
  } catch (fault) {
    if (created.fifo) removeFifo(fifo.path, log);
    log.error(`FIFO ${fifo.path} is not used: ${explain(fault)}.`);
    return null;
  }
  const stopScript = startScript(fifo, scriptUser, modules);
  let full = false;
  return {
    write(line) {
      const fault = writeLine(descriptor, line);
      if (fault && !full) log.warn(`FIFO ${fifo.path} does not take lines, they are dropped: ${fault}.`);
      if (!fault && full) log.info(`FIFO ${fifo.path} takes lines again.`);
      full = fault !== null;
      return fault === null;
    },
    async close() {
      await stopScript();
      closeSync(descriptor);
      if (created.fifo) removeFifo(fifo.path, log);
    },
  };
}

async function openOrCreate(fifo: Fifo, created: { fifo: boolean }, execute: Execute): Promise<number> {
  const existing = openExisting(fifo.path);
  if (existing !== null) return existing;
  await mustSucceed(execute, 'mkfifo', ['-m', '0644', '--', fifo.path]);
  created.fifo = true;
  if (fifo.user) {
    const owner = `${fifo.user.name}:${fifo.user.group ?? ''}`;
    await mustSucceed(execute, 'chown', ['-h', '--', owner, fifo.path]);
  }
  const descriptor = openExisting(fifo.path);
  if (descriptor === null) throw new Error('it vanished while it was being created');
  return descriptor;
}

/** Null if there is nothing of that name; throws if it is not a FIFO. */
function openExisting(path: string): number | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, openFlags);
  } catch (fault) {
    if (codeOf(fault) === 'ENOENT') return null;
    throw fault;
  }
  if (fstatSync(descriptor).isFIFO()) return descriptor;
  closeSync(descriptor);
  throw new Error('there is something else of that name, which is no FIFO; remove it or name another path');
}

async function mustSucceed(execute: Execute, file: string, args: readonly string[]): Promise<void> {
  const done = await execute(file, args);
  if (done.code !== 0) throw new Error(done.stderr.trim() || `${file} failed`);
}

/** Returns why the line did not go out, or null. */
function writeLine(descriptor: number, line: string): string | null {
  const bytes = Buffer.from(`${line}\n`);
  if (bytes.length > longestLine) return `a line is longer than ${longestLine} bytes`;
  try {
    writeSync(descriptor, bytes);
    return null;
  } catch (fault) {
    return codeOf(fault) === 'EAGAIN' ? 'it is full, nobody reads it' : explain(fault);
  }
}

/** Started once; its end is only logged, as keepalived does. Returns what ends it. */
function startScript(fifo: Fifo, scriptUser: ScriptUser | null, modules: FifoModules): () => Promise<void> {
  const { script, path } = fifo;
  if (!script) return async () => {};
  const stop = new AbortController();
  const user = script.user ?? scriptUser;
  const [program, ...args] = script.argv;
  const argv: readonly [string, ...string[]] = [program, ...args, path];
  const request = { argv, timeout: scriptTimeout, killAfter, keepOutput: 0, ...(user && { user }) };
  const ended = modules.commands.run(request, stop.signal).then(outcome => {
    if (stop.signal.aborted) return;
    const how = describeEnd(outcome);
    modules.log.warn(
      `The script of FIFO ${path} has ended (${how}); it is started again at the next start, or when a reload changes the FIFO.`,
    );
  });
  return () => {
    stop.abort();
    return ended;
  };
}

function describeEnd(outcome: CommandOutcome): string {
  switch (outcome.kind) {
    case 'exited':
      return `exit code ${outcome.code}`;
    case 'signalled':
      return outcome.signal;
    case 'not-started':
      return `not started: ${outcome.detail}`;
    case 'timed-out':
    case 'aborted':
      return 'stopped';
  }
}

function removeFifo(path: string, log: Log): void {
  try {
    unlinkSync(path);
  } catch (fault) {
    if (codeOf(fault) !== 'ENOENT') log.warn(`FIFO ${path} could not be removed: ${explain(fault)}.`);
  }
}

function codeOf(fault: unknown): unknown {
  return fault instanceof Error && 'code' in fault ? fault.code : null;
}

function explain(fault: unknown): string {
  if (codeOf(fault) === 'ELOOP') return 'it is a symbolic link, which is not followed';
  return fault instanceof Error ? fault.message : String(fault);
}
