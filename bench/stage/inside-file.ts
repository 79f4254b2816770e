import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { InsideReport } from './plan.ts';
import { sleep } from './sleep.ts';

/** Where a watched agent writes what it sees of its event loop. */
export function insideFile(directory: string): string {
  return join(directory, 'inside.jsonl');
}

/** Asks a watched agent what has happened since it was last asked. */
export async function askInside(directory: string, pid: number): Promise<InsideReport> {
  const before = readLines(directory).length;
  process.kill(pid, 'SIGUSR2');
  for (let left = 500; left > 0; left--) {
    const line = readLines(directory)[before];
    if (line !== undefined) return JSON.parse(line) as InsideReport;
    await sleep(10);
  }
  throw new Error('the agent does not answer SIGUSR2: it was not preloaded, or hangs');
}

/** Whole lines only. */
function readLines(directory: string): string[] {
  try {
    return readFileSync(insideFile(directory), 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}
