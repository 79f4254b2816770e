import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import type { Answers, Question } from './protocol.ts';

/** A running guest: a Linux kernel with IPVS, the hosts of inside/network.sh and the agent that does what is asked. */
export interface Guest {
  ask<Asked extends Question>(question: Asked): Promise<Answers[Asked['ask']]>;
  /** What to read after a failure: the console and the logs of the programs. */
  logs(): Promise<string>;
  /** Ends the guest and removes what it left on this machine. */
  powerOff(): Promise<void>;
}

const repository = resolve(import.meta.dirname, '../..');
const packages = 'user-mode-linux kmod iproute2 keepalived ipvsadm gcc libc6-dev';

/** Boots a guest; it ends by itself after `limit` seconds, whatever happens. */
export async function bootGuest(limit: number): Promise<Guest> {
  const share = mkdtempSync(join(tmpdir(), 'checkalived-lab-'));
  try {
    const shim = prepareShare(share);
    const child = startKernel(share, shim, limit);
    return await connect(child, share);
  } catch (fault) {
    rmSync(share, { recursive: true, force: true });
    throw fault;
  }
}

/** The share holds what the guest runs: init, its network, the agent and its programs as JavaScript. */
function prepareShare(share: string): string {
  for (const file of ['/usr/bin/linux.uml', '/usr/sbin/keepalived', '/usr/sbin/ipvsadm', '/usr/bin/gcc'])
    if (!existsSync(file))
      throw new Error(`The lab needs ${file}: apt-get install --no-install-recommends ${packages}`);
  const inside = join(repository, 'test/lab/inside');
  for (const file of ['init.sh', 'network.sh']) copyFileSync(join(inside, file), join(share, file));
  chmodSync(join(share, 'init.sh'), 0o755);
  mkdirSync(join(share, 'inside'));
  const programs = ['agent', 'table', 'web', 'accept', 'client', 'mail', 'rows'].map(name =>
    join(inside, `${name}.ts`),
  );
  const options = '--ignoreConfig --noCheck --module NodeNext --target ES2023 --rewriteRelativeImportExtensions';
  execFileSync(join(repository, 'node_modules/.bin/tsc'), [
    ...options.split(' '),
    '--rootDir',
    inside,
    '--outDir',
    join(share, 'inside'),
    ...programs,
  ]);
  execFileSync('gcc', ['-O2', '-static', '-o', join(share, 'count-ipvsadm'), join(inside, 'count-ipvsadm.c')]);
  const shim = join(share, 'ptrace-xstate.so');
  execFileSync('gcc', ['-O2', '-shared', '-fPIC', '-o', shim, join(repository, 'test/lab/ptrace-xstate.c')]);
  return shim;
}

function startKernel(share: string, shim: string, limit: number): ChildProcess {
  const console = openSync(join(share, 'console'), 'w');
  const kernel = [
    'linux.uml',
    'mem=1536M',
    'root=/dev/root',
    'rootfstype=hostfs',
    'rootflags=/',
    'ro',
    `init=${join(share, 'init.sh')}`,
    `uml_dir=${share}`,
    'con=null',
    'con0=null,fd:1',
    'ssl=null',
    'ssl0=fd:3',
    'quiet',
    'noreboot',
    `LAB_SHARE=${share}`,
    `LAB_REPO=${repository}`,
    `LAB_NODE=${process.execPath}`,
  ];
  const child = spawn('timeout', ['-k', '3', String(limit), ...kernel], {
    stdio: ['ignore', console, console, 'pipe'],
    env: { ...process.env, LD_PRELOAD: shim },
  });
  cleanUpAtExit(child, share);
  return child;
}

/** Also when the test run is interrupted. After a KILL of the run only the folder stays: the guest ends with its wire. */
function cleanUpAtExit(child: ChildProcess, share: string): void {
  const cleanUp = () => {
    killGroup(child);
    rmSync(share, { recursive: true, force: true });
  };
  const interrupted = () => process.exit(130);
  process.on('exit', cleanUp).on('SIGINT', interrupted).on('SIGTERM', interrupted);
  child.on('exit', () => process.off('exit', cleanUp).off('SIGINT', interrupted).off('SIGTERM', interrupted));
}

/** `timeout` leads a process group of its own, which holds all processes of the guest. */
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

async function connect(child: ChildProcess, share: string): Promise<Guest> {
  const wire = child.stdio[3] as Duplex;
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(fault: Error): void }>();
  const ended = new Promise<void>(settle => child.on('exit', () => settle()));
  const consoleText = () => readFileSync(join(share, 'console'), 'utf8');
  let ready: () => void = () => {};
  const readiness = new Promise<void>((settle, reject) => {
    ready = settle;
    void ended.then(() => reject(new Error(`The guest did not come up:\n${consoleText()}`)));
  });
  let last = 0;
  createInterface({ input: wire }).on('line', line => {
    const message = JSON.parse(line) as { ready?: true; number: number; answer: unknown; fault?: string };
    if (message.ready) return ready();
    const asker = waiting.get(message.number);
    waiting.delete(message.number);
    if (message.fault === undefined) asker?.resolve(message.answer);
    else asker?.reject(new Error(message.fault));
  });
  wire.on('error', () => {});
  void ended.then(() => {
    for (const asker of waiting.values()) asker.reject(new Error(`The guest has ended:\n${consoleText()}`));
    waiting.clear();
  });

  const ask = (question: Question) =>
    new Promise<unknown>((resolve, reject) => {
      if (child.exitCode !== null || child.signalCode !== null) return reject(new Error('The guest has ended.'));
      waiting.set(++last, { resolve, reject });
      wire.write(`${JSON.stringify({ ...question, number: last })}\n`);
    });
  const guest: Guest = {
    ask: ask as Guest['ask'],
    logs: async () => {
      const line = 'cd /run/log && for log in *; do echo "--- $log"; tail -c 6000 "$log"; done';
      const { output } = (await ask({ ask: 'run', host: 'dir1', line })) as Answers['run'];
      return `--- console\n${consoleText()}\n${output}`;
    },
    powerOff: async () => {
      await ask({ ask: 'leave' }).catch(() => {});
      const overdue = setTimeout(() => killGroup(child), 5_000);
      await ended;
      clearTimeout(overdue);
      killGroup(child);
      wire.destroy();
      rmSync(share, { recursive: true, force: true });
    },
  };
  try {
    await readiness;
  } catch (fault) {
    await guest.powerOff();
    throw fault;
  }
  return guest;
}
