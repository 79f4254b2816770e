import { spawn } from 'node:child_process';
import type { Execute } from '../model/ports.ts';

/** Runs a program without a shell; `code` is null when a signal ended it. Output of any size. */
export const execute: Execute = (file, args, input) =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'pipe' });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    child.once('error', reject);
    child.once('close', code => resolve({ code, stdout: stdout(), stderr: stderr() }));
    // A program that ends without reading its input is judged by its code.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });

function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: string[] = [];
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => parts.push(text));
  return () => parts.join('');
}
