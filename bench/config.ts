// npm run bench:config: what reading, building and linting a generated configuration costs, beside keepalived's own test
// of the same file. Prints a table; nothing is asserted.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { writeLargeConfig } from './config-file.ts';

interface Reading {
  /** Milliseconds. */
  readonly wall: number;
  readonly cpu: number;
  /** MiB of the whole process. */
  readonly peak: number;
  readonly checks: number;
  readonly faults: number;
}

const runs = 7;
const directory = mkdtempSync(join(tmpdir(), 'checkalived-bench-'));
try {
  console.log(`${cpus()[0]?.model}, Node ${process.version}; ${runs} processes each, in turn; median (min-max)`);
  console.log('real servers  file MiB  read+build+lint ms  its CPU ms  peak MiB  whole command ms  keepalived -t ms');
  for (const virtualServers of [20, 200, 2_000]) measure(virtualServers);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function measure(virtualServers: number): void {
  const file = join(directory, `${virtualServers}.conf`);
  writeFileSync(file, writeLargeConfig(virtualServers, 50));
  const readings: Reading[] = [];
  const commands: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run++) {
    readings.push(read(file));
    commands.push(time(process.execPath, [join(import.meta.dirname, '../../bin/checkalived'), 'test', '-f', file]));
    // Its own network namespace: it must not see, or be seen by, a director.
    theirs.push(time('unshare', ['--net', 'keepalived', '-t', '-f', file]));
  }
  const [first] = readings;
  if (first === undefined || first.checks !== virtualServers * 50 || first.faults > 0)
    throw new Error(`the configuration was not read as it was written: ${JSON.stringify(first)}`);
  const cells = [
    format(
      readings.map(each => each.wall),
      0,
    ),
    format(
      readings.map(each => each.cpu),
      0,
    ),
    format(
      readings.map(each => each.peak),
      0,
    ),
    format(commands, 0),
    format(theirs, 0),
  ];
  console.log([virtualServers * 50, (statSync(file).size / 2 ** 20).toFixed(1), ...cells].join('  '));
}

function read(file: string): Reading {
  const { stdout } = spawnSync(process.execPath, [join(import.meta.dirname, 'config-run.js'), file], {
    encoding: 'utf8',
  });
  return JSON.parse(stdout) as Reading;
}

/** Milliseconds of wall time, or NaN where the program cannot be run or complains. */
function time(program: string, words: readonly string[]): number {
  const start = performance.now();
  const { status } = spawnSync(program, words, { stdio: 'ignore' });
  return status === 0 ? performance.now() - start : Number.NaN;
}

function format(values: readonly number[], digits: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [min = 0, middle = 0, max = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  return `${middle.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
}
