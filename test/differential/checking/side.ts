// Runs one of the two programs through a batch, in namespaces of its own (see start-side.ts). Standard input: the side and the
// batch, a line of JSON; when it ends this process ends, and with it everything in its namespaces. Standard output: Records.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { fifo, mailPort, writeConfiguration } from './configuration.ts';
import { type IcmpAnswerer, startIcmpAnswerer } from './icmp-answerer.ts';
import { startMailSink } from './mail-sink.ts';
import { hole, holeNetwork, home, namesOf, port, scriptPath, valueFolder, valuePath } from './names.ts';
import type { Records, Side } from './records.ts';
import type { Batch, FileText, Scenario, Timeline } from './scenario.ts';
import { createScriptedServer } from './servers.ts';

const root = resolve(import.meta.dirname, '../../..');
const configuration = join(home, 'keepalived.conf');
const noteLog = join(home, 'notes');
const environment = {
  ...process.env,
  LD_PRELOAD: join(home, 'ipvs-shim.so'),
  IPVS_TABLE: join(home, 'table'),
  IPVS_LOG: join(home, 'commands'),
};
/** keepalived waits so long before its first checks (check_api.c:register_checkers_thread); docs/differences.md has it. */
const firstChecksAfter: Readonly<Record<Side, number>> = { keepalived: 1_000, checkalived: 0 };
/** By then a check has come to some server, where one that takes connections is in the batch. */
const firstConnectionWithin = 900;
const longestStart = 20_000;
const longestStop = 8_000;
/** What is on its way when the program has ended. */
const aftermath = 300;
const silence: IcmpAnswerer = { answer: async () => {} };

const run = promisify(execFile);
const now = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;
const pause = (milliseconds: number) => new Promise<void>(settle => setTimeout(settle, milliseconds));

process.stdin.on('end', () => process.exit(1));
const [line] = (await once(createInterface(process.stdin), 'line')) as [string];
const { side, batch } = JSON.parse(line) as { readonly side: Side; readonly batch: Batch };
const records = await play(side, batch);
process.stdout.write(`${JSON.stringify(records)}\n`, () => process.exit(0));

async function play(side: Side, batch: Batch): Promise<Records> {
  await prepare();
  const recorded = {
    lines: [] as Recorded<'lines'>,
    mails: [] as Recorded<'mails'>,
    connections: [] as Recorded<'connections'>,
  };
  await startMailSink(mailPort, mail => recorded.mails.push({ at: now(), ...mail }));
  readFifo(text => recorded.lines.push({ at: now(), text }));
  let connected = (_at: number): void => {};
  const firstConnection = new Promise<number>(settle => {
    connected = settle;
  });
  const changes = await script(batch.scenarios, (scenario, server) => {
    const at = now();
    recorded.connections.push({ at, scenario, server });
    connected(at);
  });
  writeFileSync(
    configuration,
    writeConfiguration(batch, ({ config }) => config),
  );
  const program = startProgram(side);
  const ended = once(program, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const planned = (await firstCommand(ended)) + firstChecksAfter[side];
  // A check says best when checks begin: how long after the first command that is depends on how busy the machine is.
  const none = pause(planned + firstConnectionWithin - now()).then(() => planned);
  const begin = await Promise.race([firstConnection, none]);
  const reload: Change = {
    at: batch.reloadAt ?? Number.POSITIVE_INFINITY,
    act: async () => {
      writeFileSync(
        configuration,
        writeConfiguration(batch, ({ config, reload }) => reload ?? config),
      );
      program.kill('SIGHUP');
    },
  };
  const timeline = [...changes, reload].filter(({ at }) => at < batch.stopAt);
  const played = [...timeline, { at: batch.stopAt, act: async () => {} }].map(async ({ at, act }) => {
    await pause(begin + at * 1_000 - now());
    await act();
  });
  await Promise.race([Promise.all(played), ended]);
  const stop = now();
  program.kill('SIGTERM');
  const late = setTimeout(() => program.kill('SIGKILL'), longestStop);
  const [code, signal] = await ended;
  clearTimeout(late);
  await pause(aftermath);
  return {
    begin,
    stop,
    table: readLines(environment.IPVS_LOG),
    notes: readNotes(),
    ...recorded,
    log: readLines(join(home, 'log')).join('\n'),
    end: signal ?? String(code),
  };
}

type Recorded<Kind extends 'lines' | 'mails' | 'connections'> = Records[Kind][number][];

/** All of it is in a file system that is gone with the namespace. */
async function prepare(): Promise<void> {
  await run('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
  await run('mkdir', ['-p', home, valueFolder]);
  const shim = join(import.meta.dirname, 'ipvs-shim.c');
  const gcc = ['-shared', '-fPIC', '-O1', '-Wall', '-Werror', '-o', environment.LD_PRELOAD, shim];
  await run('gcc', gcc, { env: { ...process.env, TMPDIR: home } });
  await run('ip', ['link', 'set', 'lo', 'up']);
  await run('ip', ['link', 'add', hole, 'type', 'bridge']);
  await run('ip', ['link', 'set', hole, 'arp', 'off', 'up']);
  await run('ip', ['address', 'add', holeNetwork, 'dev', hole]);
  await run('mkfifo', ['-m', '0644', fifo]);
  writeFileSync(noteLog, '');
  // Only what the shell can do itself: a fork would come too late to say in which order scripts were started.
  const note = `#!/bin/sh\nread -r up rest </proc/uptime\nline="$up"\nfor word; do line="$line|$word"; done\necho "$line" >>${noteLog}\n`;
  writeFileSync(join(home, 'note'), note, { mode: 0o755 });
}

function readFifo(heard: (line: string) => void): void {
  // Opened for writing too, so that it does not end when a writer closes.
  const file = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  createInterface(new Socket({ fd: file, readable: true, writable: false })).on('line', heard);
}

interface Change {
  readonly at: number;
  act(): Promise<void>;
}

/** Brings everything to where it is before the start, and says what is to change later. */
async function script(
  scenarios: readonly Scenario[],
  came: (scenario: number, server: string) => void,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  const begin = async <What>(timeline: Timeline<What>, become: (what: What) => Promise<void>): Promise<void> => {
    for (const [at, what] of timeline) {
      if (at === 0) await become(what);
      else changes.push({ at, act: () => become(what) });
    }
  };
  const icmp = hasIcmp(scenarios) ? await startIcmpAnswerer(hole, home) : silence;
  for (const [index, { config, reload = '', servers = {}, scripts = {}, files = {} }] of scenarios.entries()) {
    const number = index + 1;
    const names = new Set(
      [...`${config}${reload}`.matchAll(/\{(rs\d|sorry2?)(?:\.address)?\}/g)].map(([, name = '']) => name),
    );
    for (const name of names) {
      const place = { address: namesOf(number).address(name), port };
      const server = createScriptedServer(place, {
        answer: icmp.answer,
        run: ([file = '', ...words]) => run(file, words),
        came: () => came(number, name),
      });
      await begin(servers[name] ?? [[0, { kind: 'refused' }]], behaviour => server.become(behaviour));
    }
    for (const [name, timeline] of Object.entries(scripts))
      await begin(timeline, async line => writeScript(scriptPath(number, name), line));
    for (const [name, timeline] of Object.entries(files))
      await begin(timeline, async text => writeValue(valuePath(number, name), text));
  }
  return changes;
}

function hasIcmp(scenarios: readonly Scenario[]): boolean {
  const timelines = scenarios.flatMap(({ servers = {} }) => Object.values(servers));
  return timelines.some(timeline => timeline.some(([, { kind }]) => kind === 'icmp'));
}

function writeScript(path: string, line: string | null): void {
  if (line === null) {
    rmSync(path, { force: true });
    return;
  }
  writeFileSync(`${path}.new`, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  renameSync(`${path}.new`, path);
}

function writeValue(path: string, text: FileText): void {
  if (text === null) rmSync(path, { force: true });
  else if (typeof text === 'string') writeFileSync(path, text);
  else {
    writeFileSync(`${path}.new`, text.moved);
    renameSync(`${path}.new`, path);
  }
}

function startProgram(side: Side) {
  const words: Readonly<Record<Side, readonly string[]>> = {
    keepalived: [
      'keepalived',
      '-C',
      '-n',
      '-l',
      '-G',
      '-D',
      '-p',
      `${home}/pid`,
      '-c',
      `${home}/checkers-pid`,
      '-f',
      configuration,
    ],
    checkalived: [
      ...[process.execPath, join(root, 'bin/checkalived'), 'run', '-f', configuration, '--ipvs', 'manage'],
      ...['--state-dir', join(home, 'state'), '--listen', '127.0.0.1:9650', '--log-format', 'text'],
    ],
  };
  const log = openSync(join(home, 'log'), 'a');
  const [file = '', ...rest] = words[side];
  const program = spawn(file, rest, { stdio: ['ignore', log, log], env: environment, cwd: home });
  closeSync(log);
  return program;
}

/** When the first service was added. */
async function firstCommand(ended: Promise<unknown>): Promise<number> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const limit = now() + longestStart;
  for (;;) {
    const first = existsSync(environment.IPVS_LOG)
      ? readLines(environment.IPVS_LOG).find(line => line.includes(' ADD '))
      : undefined;
    if (first !== undefined) return Number(first.split(' ')[0]) / 1e6;
    if (isOver || now() > limit) throw new Error(`It does not start:\n${readLines(join(home, 'log')).join('\n')}`);
    await pause(5);
  }
}

function readNotes(): Records['notes'] {
  // The kernel's uptime counts what the monotonic clock does, and sleep too.
  const offset = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1_000 - now();
  return readLines(noteLog).map(line => {
    const [uptime, scenario, ...words] = line.split('|');
    return { at: Number(uptime) * 1_000 - offset, scenario: Number(scenario), words };
  });
}

function readLines(path: string): string[] {
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter(line => line !== '')
    : [];
}
