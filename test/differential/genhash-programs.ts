import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { Modules } from '../../src/cli/io.ts';
import { runGenhash } from '../../src/cli/program.ts';
import { systemClock } from '../../src/sys/clock.ts';
import { httpClient } from '../../src/sys/http-client.ts';
import { resolveHost } from '../../src/sys/resolve-host.ts';
import { sockets } from '../../src/sys/sockets.ts';
import { createFakeIo } from '../unit/cli/fake-io.ts';

/** keepalived's (Debian: keepalived). */
export const genhash = '/usr/bin/genhash';
export const hasIpv6 = Object.values(networkInterfaces()).some(addresses =>
  addresses?.some(({ address }) => address === '::1'),
);

/** What a genhash has printed, the time that it took aside. */
export interface Output {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runTheirs(words: readonly string[]): Promise<Output> {
  const child = spawn(genhash, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('latin1').on('data', text => {
    stdout += text;
  });
  child.stderr.setEncoding('latin1').on('data', text => {
    stderr += text;
  });
  const [exit] = await once(child, 'close');
  return { exit, stdout: withoutTime(stdout), stderr };
}

export async function runOurs(words: readonly string[]): Promise<Output> {
  const io = createFakeIo({ clock: systemClock });
  const exit = await runGenhash(words, io, modules);
  return { exit, stdout: withoutTime(io.stdout.text), stderr: io.stderr.text };
}

const modules: Modules = {
  load: () => notHere(),
  loadTree: () => notHere(),
  readFile: () => notHere(),
  checkers: [],
  sockets,
  http: httpClient,
  resolve: resolveHost,
  editFile: () => notHere(),
  writeFile: () => notHere(),
  readPackaged: () => notHere(),
  openContext: () => notHere(),
  compose: () => notHere(),
};

function notHere(): never {
  throw new Error('genhash needs nothing of this');
}

function withoutTime(text: string): string {
  return text.replace(/ = \d+ usecs\n$/, ' = N usecs\n');
}
