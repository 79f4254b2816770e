import { spawn } from 'node:child_process';
import type { Execute } from '../model/ports.ts';
import type { Ms } from '../model/time.ts';

/** Far above what ipvsadm needs for 50,000 lines: who is not done by then hangs. */
const limit: Ms = 60_000;

/** Runs a program without a shell; `code` is null when a signal ended it, ours after a minute. Output of any size. */
export const execute: Execute = executeWithin(limit);

/** The same with another limit. */
export function executeWithin(span: Ms): Execute {
  return (file, args, input) =>
    new Promise((resolve, reject) => {
      const child = spawn(file, args, { stdio: 'pipe' });
      const late = setTimeout(() => child.kill('SIGKILL'), span);
      const stdout = collect(child.stdout);
      const stderr = collect(child.stderr);
      child.once('error', fault => {
        clearTimeout(late);
        reject(fault);
      });
      child.once('close', code => {
        clearTimeout(late);
        resolve({ code, stdout: stdout(), stderr: stderr() });
      });
      // A program that ends without reading its input is judged by its code.
      child.stdin.on('error', () => {});
      child.stdin.end(input ?? '');
    });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: string[] = [];
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => parts.push(text));
  return () => parts.join('');
}
