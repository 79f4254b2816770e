// npm run bench: CPU per check, lag of the event loop and memory of the whole agent (health core, store, memory table)
// with 1,000 and 10,000 TCP targets checked once a second, over loopback. Prints a table; nothing is asserted.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Window } from './window.ts';

const windows = 5;
const seconds = 8;
const directory = mkdtempSync(join(tmpdir(), 'checkalived-bench-'));
const target = spawn(process.execPath, [join(import.meta.dirname, 'target.js')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});

try {
  const [port] = (await once(createInterface(target.stdout), 'line')) as [string];
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}; ${windows} windows of ${seconds} s each`,
  );
  const stolen = readSteal();
  console.log('targets  checks/s  µs CPU per check  loop lag p99 ms  lag max ms  resident MiB   (median, min-max)');
  for (const targets of [1_000, 10_000]) console.log(formatRow(targets, await measure(targets, Number(port))));
  console.log(`CPU time that other machines took meanwhile: ${(readSteal() - stolen).toFixed(1)} s`);
} finally {
  target.stdin.end();
  await ended(target);
  rmSync(directory, { recursive: true, force: true });
}

async function measure(targets: number, port: number): Promise<Window[]> {
  const file = join(directory, `${targets}.conf`);
  writeFileSync(file, writeConfig(targets, port));
  const agent = join(import.meta.dirname, 'agent.js');
  const child = spawn(process.execPath, [agent, file, `${windows}`, `${seconds}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const found: Window[] = [];
  for await (const line of createInterface(child.stdout)) found.push(JSON.parse(line) as Window);
  await ended(child);
  return found;
}

function writeConfig(targets: number, port: number): string {
  const perService = 100;
  const services = Array.from({ length: targets / perService }, (_, service) => {
    const servers = Array.from({ length: perService }, (_, index) => {
      const n = service * perService + index;
      return `  real_server 127.${1 + (n >> 14)}.${(n >> 7) & 127}.${1 + (n & 127)} ${port} { TCP_CHECK { connect_timeout 2 } }`;
    });
    return `virtual_server 192.0.2.${1 + (service % 250)} ${1000 + service} {\n  protocol TCP\n  lb_algo wlc\n  lb_kind NAT\n  delay_loop 1\n${servers.join('\n').replaceAll('{ TCP_CHECK { ', '{\n    TCP_CHECK {\n      ').replaceAll(' } }', '\n    }\n  }')}\n}`;
  });
  const settings = `checkalived {\n  ipvs memory\n  state_dir ${join(directory, `state-${targets}`)}\n  log_format json\n}`;
  return `${settings}\n${services.join('\n')}\n`;
}

function formatRow(targets: number, found: readonly Window[]): string {
  const cell = (key: keyof Window, digits: number): string => {
    const sorted = found.map(window => window[key]).sort((a, b) => a - b);
    const [min = 0, middle = 0, max = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
    return `${middle.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
  };
  const cells = [cell('checksPerSecond', 0), cell('microsecondsPerCheck', 0), cell('lagP99', 1), cell('lagMax', 1)];
  return [`${targets}`, ...cells, cell('residentMiB', 0)].join('  ');
}

function readSteal(): number {
  return Number(readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/\s+/)[8] ?? 0) / 100;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
