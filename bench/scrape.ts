// npm run bench:scrape: how long GET /metrics holds up the agent with 10,000 real servers in 200 virtual servers, while it
// checks nothing and while it checks each of them once a second. Prints a table; nothing is asserted.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { ScrapeWindow } from './scrape-agent.ts';

const seconds = 8;
const directory = mkdtempSync(join(tmpdir(), 'checkalived-bench-'));
const target = spawn(process.execPath, [join(import.meta.dirname, 'scrape-target.js')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});

try {
  const [port] = (await once(createInterface(target.stdout), 'line')) as [string];
  console.log(
    'delay_loop  requests  checks/s  loop lag p99 ms  max ms  turn CPU ms  max  CPU ms/s  RSS MiB  request ms  MB',
  );
  for (const delay of [3_600, 1]) await measure(delay, Number(port));
} finally {
  target.stdin.end();
  await ended(target);
  rmSync(directory, { recursive: true, force: true });
}

async function measure(delay: number, port: number): Promise<void> {
  const file = join(directory, `${delay}.conf`);
  writeFileSync(file, writeConfig(delay, port));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'scrape-agent.js'), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const read = async (): Promise<string> => (await lines.next()).value ?? '';
  const url = await read();
  const kinds: readonly [string, readonly string[]][] = [
    ['none', []],
    ['/metrics', ['/metrics']],
    ['/metrics, two at a time', ['/metrics', '/metrics']],
    ['/api/v1/status', ['/api/v1/status']],
  ];
  for (const [name, paths] of [...kinds, ...kinds]) {
    child.stdin.write('begin\n');
    await read();
    const found = await ask(url, paths);
    child.stdin.write('end\n');
    const { checks, lagP99, lagMax, turnMedian, turnMax, cpu, resident } = JSON.parse(await read()) as ScrapeWindow;
    const cells = [checks, lagP99, lagMax, turnMedian, turnMax, cpu, resident, found.median].map(value =>
      value.toFixed(1),
    );
    console.log([delay, name, ...cells, (found.bytes / 1e6).toFixed(2)].join('  '));
  }
  child.stdin.end();
  await ended(child);
}

/** Asks once a second, as long as a window is. */
async function ask(url: string, paths: readonly string[]): Promise<{ median: number; bytes: number }> {
  const times: number[] = [];
  let bytes = 0;
  for (let second = 0; second < seconds; second++) {
    const begun = performance.now();
    const bodies = await Promise.all(paths.map(async path => (await fetch(url + path)).text()));
    times.push(performance.now() - begun);
    bytes = bodies[0]?.length ?? 0;
    await new Promise(resolve => setTimeout(resolve, Math.max(0, 1_000 - (performance.now() - begun))));
  }
  return { median: times.sort((a, b) => a - b)[times.length >> 1] ?? 0, bytes };
}

function writeConfig(delay: number, port: number): string {
  const services = Array.from({ length: 200 }, (_, service) => {
    const servers = Array.from({ length: 50 }, (_, index) => {
      const n = service * 50 + index;
      const address = `127.${1 + (n >> 14)}.${(n >> 7) & 127}.${1 + (n & 127)}`;
      return `real_server ${address} ${port} {\nTCP_CHECK {\nconnect_timeout 2\nwarmup 2\n}\n}`;
    });
    return `virtual_server 192.0.2.${1 + service} 443 {\nprotocol TCP\nlb_algo wlc\nlb_kind NAT\ndelay_loop ${delay}\n${servers.join('\n')}\n}`;
  });
  return `checkalived {\nipvs memory\nstate_dir ${join(directory, `state-${delay}`)}\n}\n${services.join('\n')}\n`;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
