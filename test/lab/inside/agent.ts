// The guest's side of the lab: does what the test asks over the serial line.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { closeSync, createReadStream, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { uptime } from 'node:os';
import { createInterface } from 'node:readline';
import type { Answers, Ending, Question, Sample } from '../protocol.ts';
import { countStanding, readTable } from './table.ts';

const line = '/dev/ttyS0';
const output = openSync(line, 'w');
/** More than a table of the lab has as text. */
const tableSize = 1 << 20;
const programs = new Map<string, { readonly child: ChildProcess; end: Ending | null }>();
const watches = new Map<string, { reads: number; readonly samples: Sample[] }>();

const input = createInterface({ input: createReadStream(line) });
input.on('line', text => void serve(text));
input.on('close', leave);
tell({ ready: true });

async function serve(text: string): Promise<void> {
  const { number, ...question } = JSON.parse(text) as Question & { number: number };
  try {
    tell({ number, answer: await answer(question) });
  } catch (fault) {
    tell({ number, fault: String(fault) });
  }
  if (question.ask === 'leave') leave();
}

async function answer(question: Question): Promise<Answers[Question['ask']]> {
  switch (question.ask) {
    case 'now':
    case 'leave':
      return { at: Date.now() };
    case 'run':
      return await run(question.host, question.line);
    case 'start':
      return start(question.name, question.host, question.argv);
    case 'signal':
      programOf(question.name).child.kill(question.signal);
      return { at: Date.now() };
    case 'ended':
      return { end: programOf(question.name).end };
    case 'table':
      return sampleOf(question.host);
    case 'watch':
      return watch(question.host);
    case 'ambush':
      return ambush(question.host, question.name, question.delay);
    case 'fall':
      return await fall(question);
    case 'unwatch': {
      const seen = watches.get(question.host);
      if (!seen) throw new Error(`nobody watches ${question.host}`);
      watches.delete(question.host);
      return seen;
    }
    case 'read':
      return { text: readIfThere(question.path) };
    case 'write':
      writeFileSync(question.path, question.text);
      return { at: Date.now() };
  }
}

function run(host: string, shellLine: string): Promise<Answers['run']> {
  const argv = insideOf(host, ['bash', '-c', shellLine]);
  return new Promise(resolve => {
    const child = execFile(argv[0], argv.slice(1), { timeout: 30_000 }, (_, output, errors) =>
      resolve({ code: child.exitCode, output, errors }),
    );
    child.stdin?.end();
  });
}

function start(name: string, host: string, argv: readonly [string, ...string[]]): Answers['start'] {
  if (programs.get(name)?.end === null) throw new Error(`${name} runs already`);
  const log = openSync(`/run/log/${name}`, 'a');
  const whole = insideOf(host, argv);
  const child = spawn(whole[0], whole.slice(1), { stdio: ['ignore', log, log] });
  const program = { child, end: null as Ending | null };
  programs.set(name, program);
  child.on('exit', (code, signal) => {
    program.end = { at: Date.now(), code, signal };
  });
  child.on('error', fault => writeSync(log, `${fault}\n`));
  return { pid: child.pid ?? 0 };
}

function programOf(name: string) {
  const program = programs.get(name);
  if (!program) throw new Error(`${name} was never started`);
  return program;
}

/** Keeps one event loop turn between two readings, so that questions are still answered. */
function watch(host: string): Answers['watch'] {
  const seen = { reads: 0, samples: [] as Sample[] };
  watches.set(host, seen);
  let last = '';
  const look = () => {
    if (watches.get(host) !== seen) return;
    const sample = sampleOf(host);
    const text = JSON.stringify(sample.services);
    seen.reads++;
    if (text !== last) seen.samples.push(sample);
    last = text;
    setImmediate(look);
  };
  look();
  return { at: Date.now() };
}

/** Kills the program as soon as the host's table changes, or `delay` milliseconds later. */
async function ambush(host: string, name: string, delay: number): Promise<Answers['ambush']> {
  const before = JSON.stringify(sampleOf(host).services);
  const end = Date.now() + 10_000;
  while (JSON.stringify(sampleOf(host).services) === before && Date.now() < end) await new Promise(setImmediate);
  const changed = Date.now() < end;
  if (delay > 0) await new Promise(resolve => setTimeout(resolve, delay));
  programOf(name).child.kill('SIGKILL');
  return { at: Date.now(), changed };
}

async function fall({ host, names, count, every }: Question & { ask: 'fall' }): Promise<Answers['fall']> {
  const file = openSync(tablePath(host), 'r');
  const bytes = Buffer.alloc(tableSize);
  // Only counted, and read into the same bytes each time: a look must not take the processor from what is measured.
  const standing = () => {
    let length = 0;
    for (let read = -1; read !== 0; length += read) read = readSync(file, bytes, length, tableSize - length, length);
    return countStanding(bytes.toString('latin1', 0, length));
  };
  const before = standing();
  const start = performance.now();
  const begun = { at: Date.now(), uptime: uptime() };
  for (const name of names) programOf(name).child.kill('SIGKILL');
  const took: number[] = [];
  while (took.length < count) {
    if (performance.now() - start > 30_000) throw new Error(`only ${took.length} of ${count} lost their weight`);
    await new Promise(resolve => setTimeout(resolve, every));
    const fallen = before - standing();
    const at = Math.round(performance.now() - start);
    while (took.length < fallen) took.push(at);
  }
  closeSync(file);
  return { ...begun, took };
}

function sampleOf(host: string): Sample {
  return { at: Date.now(), services: readTable(readFileSync(tablePath(host), 'utf8')) };
}

function tablePath(host: string): string {
  return `/proc/${readFileSync(`/run/netns-${host}.pid`, 'utf8').trim()}/net/ip_vs`;
}

function insideOf(host: string, argv: readonly string[]): [string, ...string[]] {
  return ['nsenter', `--net=/run/netns/${host}`, '--', ...argv];
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A tty in blocking mode takes all of it, sooner or later. */
function tell(message: object): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let done = 0; done < bytes.length; ) done += writeSync(output, bytes, done);
}

function leave(): void {
  execFileSync('poweroff', ['-f']);
}
