import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';

/** How long a program may take from SIGTERM to its end. */
const stopLimit = 5_000;

/** A program that a test has started. */
export interface Program {
  /** Resolves with the first line, of its output or its errors, that matches; rejects when the program ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** All that it has written. */
  said(): string;
  /** Ends it, by its process id, and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a program; whatever becomes of the test, it does not outlive it. */
export function startProgram(
  file: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Program {
  const child = spawn(file, [...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let text = '';
  let ended = false;
  const closed = new Promise<void>(resolve => {
    child.once('error', fault => {
      text += `${fault.message}\n`;
    });
    child.once('close', () => {
      ended = true;
      process.off('exit', kill);
      resolve();
    });
  });
  const hear = (bytes: Buffer): void => {
    text += bytes;
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return {
    said: () => text,
    line: pattern =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(text);
          if (found) resolve(found);
          else if (ended) reject(new Error(`${file} ended: ${text}`));
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        child.once('close', look);
        look();
      }),
    stop: async () => {
      if (!ended) await terminate(child, closed);
    },
  };
}

async function terminate(child: ChildProcess, closed: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), stopLimit);
  await closed;
  clearTimeout(late);
}
