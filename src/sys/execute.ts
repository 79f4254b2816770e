import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, readSync, writeSync } from 'node:fs';
import process from 'node:process';
import type { Execute } from '../model/ports.ts';
import type { Clock, Ms } from '../model/time.ts';
import { systemClock } from './clock.ts';
import { createSignalledSpawner, linesOf, type Spawner } from './command-spawn.ts';
import { createMemoryFile } from './memory-file.ts';
import { letGoAhead } from './precedence.ts';

/** Far above what ipvsadm needs for 50,000 lines: who is not done by then hangs. */
const usualLimit: Ms = 60_000;

type Starter = Pick<Spawner, 'start'>;
interface Job {
  readonly file: string;
  readonly args: readonly string[];
  readonly input: string;
  readonly clock: Clock;
  readonly limit: Ms;
  readonly started: (pid: number) => void;
  readonly resolve: (done: Awaited<ReturnType<Execute>>) => void;
  readonly reject: (fault: unknown) => void;
}

/** What a program is given and what it answers: nobody waits for the other, and the answer is read after its end. */
interface MemoryFiles {
  readonly input: number;
  readonly output: number;
  readonly errors: number;
}

/**
 * Runs a program without a shell; `code` is null when a signal ended it, ours after a minute. Output of any size.
 * Node's `spawn` would copy the page tables of the agent, and the loop stands meanwhile: it does only what `posix_spawn`
 * cannot do, and says why a program cannot be started.
 */
export const execute: Execute = executeWithin(usualLimit);

/** The same for what traffic waits for: such a program goes before us and all others, where we may say so. */
export const executeAhead: Execute = executeWithin(usualLimit, letGoAhead);

/** The same with another limit; `started` is told of each program at once. */
export function executeWithin(limit: Ms, started: (pid: number) => void = () => {}): Execute {
  return createExecute({ createSpawner: createSignalledSpawner, clock: systemClock, limit, started });
}

export function createExecute(modules: {
  /** Asked once, when the first program is executed. */
  readonly createSpawner: () => Starter | null;
  readonly clock: Clock;
  readonly limit: Ms;
  /** Told of each program at once. */
  readonly started?: (pid: number) => void;
}): Execute {
  const { clock, limit, started = () => {} } = modules;
  let spawner: Starter | null | undefined;
  return (file, args, input = '') =>
    new Promise((resolve, reject) => {
      if (spawner === undefined) spawner = modules.createSpawner();
      const job = { file, args, input, clock, limit, started, resolve, reject };
      if (spawner === null || !startLean(spawner, job)) startByNode(job);
    });
}

/** False: nothing was started. */
function startLean(spawner: Starter, { file, args, input, clock, limit, started, resolve, reject }: Job): boolean {
  const words = [file, ...args];
  // It would cut words at a NUL.
  if (words.some(word => word.includes('\0'))) return false;
  const files = createFiles(input);
  if (files === null) return false;
  const pid = spawner.start(words, linesOf(process.env), files, ({ code }) => {
    late();
    try {
      resolve({ code, stdout: readWhole(files.output), stderr: readWhole(files.errors) });
    } catch (fault) {
      reject(fault);
    } finally {
      closeFiles(files);
    }
  });
  if (pid === null) {
    closeFiles(files);
    return false;
  }
  started(pid);
  const late = clock.at(clock.now() + limit, () => kill(pid));
  return true;
}

function startByNode({ file, args, input, clock, limit, started, resolve, reject }: Job): void {
  const child = spawn(file, args, { stdio: 'pipe' });
  if (child.pid !== undefined) started(child.pid);
  const late = clock.at(clock.now() + limit, () => child.kill('SIGKILL'));
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  child.once('error', fault => {
    late();
    reject(fault);
  });
  child.once('close', code => {
    late();
    resolve({ code, stdout: stdout(), stderr: stderr() });
  });
  // A program that ends without reading its input is judged by its code.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: string[] = [];
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => parts.push(text));
  return () => parts.join('');
}

/** null: no descriptor or no memory is left for them, or the system has none. */
function createFiles(text: string): MemoryFiles | null {
  const input = createMemoryFile();
  const output = createMemoryFile();
  const errors = createMemoryFile();
  if (input !== null && output !== null && errors !== null) {
    const files = { input, output, errors };
    if (writeWhole(input, text)) return files;
  }
  for (const descriptor of [input, output, errors]) if (descriptor !== null) closeSync(descriptor);
  return null;
}

function closeFiles({ input, output, errors }: MemoryFiles): void {
  for (const descriptor of [input, output, errors]) closeSync(descriptor);
}

/** The place from which the program reads stays at the beginning, as every write names its own. */
function writeWhole(descriptor: number, text: string): boolean {
  const bytes = Buffer.from(text);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done, bytes.length - done, done);
    return true;
  } catch {
    return false;
  }
}

function readWhole(descriptor: number): string {
  const bytes = Buffer.allocUnsafe(fstatSync(descriptor).size);
  let done = 0;
  while (done < bytes.length) {
    const length = readSync(descriptor, bytes, done, bytes.length - done, done);
    // Something that it left running has shortened the file.
    if (length === 0) break;
    done += length;
  }
  return bytes.toString('utf8', 0, done);
}

/** It is ours until it has been waited for, so no other process can have its number. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // One that has become another user's; its end is waited for.
  }
}
