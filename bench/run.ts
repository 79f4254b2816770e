// npm run bench: our agent beside keepalived, HAProxy and blackbox_exporter; see bench/README.md. Nothing is asserted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { readCommandLine } from './command-line.ts';
import { findMissing, isContestant, packages } from './report/machine.ts';
import { profileParts, runParts } from './run-parts.ts';
import { compileTools } from './tools.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const { parts, options, profile, write } = readCommandLine(process.argv.slice(2));
const missing = findMissing();
if (missing.length > 0) {
  say(`not installed: ${missing.join(', ')}; apt-get install ${missing.map(name => packages[name]).join(' ')}`);
}
if (missing.some(name => !isContestant(name)) || process.geteuid?.() !== 0) {
  say('bench: it needs root, for namespaces, and everything that was named but the contestants');
  process.exit(1);
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
const directory = mkdtempSync(join(tmpdir(), 'checkalived-bench-'));
try {
  const tools = compileTools(directory);
  const has = (name: string): boolean => !missing.some(each => each === name);
  const bench = { options, tools, directory, signal: stop.signal, has, progress: say };
  if (profile === null) await runParts(parts, bench, write);
  else await profileParts(parts, bench, profile);
} catch (fault) {
  if (!stop.signal.aborted) throw fault;
  say('bench: ended by a signal');
  process.exitCode = 130;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
