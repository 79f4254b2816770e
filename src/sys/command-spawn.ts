import { Buffer } from 'node:buffer';
import { openSync } from 'node:fs';
import { constants } from 'node:os';
import process from 'node:process';
import { loadKoffi } from './foreign.ts';

/** Of a command that has ended: the exit code, or the signal that ended it. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Descriptors for a command; null: /dev/null. */
interface StandardStreams {
  readonly input: number | null;
  readonly output: number | null;
  readonly errors: number | null;
}

/** Words as C has them: an array of pointers, and behind it what they point to. */
type NativeWords = Buffer;

/** Starts commands without a copy of this process, which is most of what Node's own `spawn` costs. */
export interface Spawner {
  /**
   * Starts a command as Node's `spawn` does with `detached`: in a session of its own, with no descriptor of ours but
   * `streams`. `ended` comes from a later `reap`.
   * @param environment lines `NAME=value`; a bare name of a command is looked for in our own PATH
   * @returns its process id; null: it could not be started, and Node's `spawn` will say why or find a way
   */
  start(
    argv: readonly string[],
    environment: readonly string[],
    streams: StandardStreams,
    ended: (ending: Ending) => void,
  ): number | null;
  /**
   * Tells of all that have ended by now. How many still run is returned.
   * @param alone this process has no children but those of `start`
   */
  reap(alone: boolean): number;
}

interface Libc {
  posix_spawnp(
    pid: Int32Array,
    file: string | undefined,
    actions: Buffer,
    attributes: Buffer,
    argv: NativeWords,
    environment: NativeWords,
  ): number;
  waitpid(pid: number, status: Int32Array, options: number): number;
  sigaddset(signals: Buffer, signal: number): number;
  posix_spawnattr_init(attributes: Buffer): number;
  posix_spawnattr_setflags(attributes: Buffer, flags: number): number;
  posix_spawnattr_setsigdefault(attributes: Buffer, signals: Buffer): number;
  posix_spawn_file_actions_init(actions: Buffer): number;
  posix_spawn_file_actions_adddup2(actions: Buffer, from: number, to: number): number;
  posix_spawn_file_actions_destroy(actions: Buffer): number;
  addressOf(bytes: Buffer): bigint;
}

// Linux, <spawn.h>, <sys/wait.h>; the structures have 336 and 80 bytes in glibc, and less in musl.
const resetSignals = 0x04;
const setSignalMask = 0x08;
const newSession = 0x80;
const attributesSize = 512;
const actionsSize = 256;
const signalSetSize = 128;
const lastPlainSignal = 31;
const noHang = 1;
const pointerSize = 8;
/** Different commands, and different streams. */
const mostRemembered = 1000;

/** null: not on this system. */
export function createSpawner(): Spawner | null {
  const libc = loadLibc();
  if (libc === null) return null;
  const attributes = createAttributes(libc);
  const nothing = openSync('/dev/null', 'r+');
  const actionsOf = remember(
    (descriptors: string) => createActions(libc, descriptors.split(' ').map(Number)),
    actions => libc.posix_spawn_file_actions_destroy(actions),
  );
  const wordsOf = remember(joined => encodeWords(joined.split('\0'), libc.addressOf));
  const environments = new WeakMap<readonly string[], NativeWords>();
  const running = new Map<number, (ending: Ending) => void>();
  const pid = new Int32Array(new ArrayBuffer(4));
  const status = new Int32Array(new ArrayBuffer(4));

  const end = (child: number): void => {
    const ended = running.get(child);
    running.delete(child);
    ended?.(decodeStatus(status[0] ?? 0));
  };
  return {
    start(argv, environment, { input, output, errors }, ended) {
      const words = wordsOf(argv.join('\0'));
      const variables = environments.get(environment) ?? encodeWords(environment, libc.addressOf);
      environments.set(environment, variables);
      const actions = actionsOf(`${input ?? nothing} ${output ?? nothing} ${errors ?? nothing}`);
      const fault = libc.posix_spawnp(pid, argv[0], actions, attributes, words, variables);
      const [child] = pid;
      if (fault !== 0 || child === undefined) return null;
      running.set(child, ended);
      return child;
    },
    reap(alone) {
      if (alone) {
        // 0: none has ended; -1: there is none.
        for (let child = libc.waitpid(-1, status, noHang); child > 0; child = libc.waitpid(-1, status, noHang))
          end(child);
      } else {
        // One by one: with -1 Node's own children would be taken from it.
        for (const child of running.keys()) if (libc.waitpid(child, status, noHang) === child) end(child);
      }
      return running.size;
    },
  };
}

/** The same for where few commands run: a signal tells of each end at once. */
export function createSignalledSpawner(): Pick<Spawner, 'start'> | null {
  const spawner = createSpawner();
  if (spawner !== null) process.on('SIGCHLD', () => spawner.reap(false));
  return spawner;
}

/** Null on a system of 32 bits too. */
function loadLibc(): Libc | null {
  const koffi = process.platform === 'linux' ? loadKoffi() : null;
  if (koffi === null || koffi.sizeof('void *') !== pointerSize) return null;
  const library = koffi.load(null);
  return {
    posix_spawnp: library.func(
      'int posix_spawnp(void *, const char *, const void *, const void *, const void *, const void *)',
    ),
    waitpid: library.func('int waitpid(int, void *, int)'),
    sigaddset: library.func('int sigaddset(void *, int)'),
    posix_spawnattr_init: library.func('int posix_spawnattr_init(void *)'),
    posix_spawnattr_setflags: library.func('int posix_spawnattr_setflags(void *, short)'),
    posix_spawnattr_setsigdefault: library.func('int posix_spawnattr_setsigdefault(void *, const void *)'),
    posix_spawn_file_actions_init: library.func('int posix_spawn_file_actions_init(void *)'),
    posix_spawn_file_actions_adddup2: library.func('int posix_spawn_file_actions_adddup2(void *, int, int)'),
    posix_spawn_file_actions_destroy: library.func('int posix_spawn_file_actions_destroy(void *)'),
    addressOf: koffi.address,
  };
}

/** What `make` has made for the same before; of much that is different not all is kept. */
function remember<Value>(make: (key: string) => Value, forget: (value: Value) => void = () => {}) {
  const known = new Map<string, Value>();
  return (key: string): Value => {
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= mostRemembered) {
      for (const value of known.values()) forget(value);
      known.clear();
    }
    const made = make(key);
    known.set(key, made);
    return made;
  };
}

function encodeWords(words: readonly string[], addressOf: (bytes: Buffer) => bigint): NativeWords {
  const texts = words.map(word => Buffer.from(`${word}\0`));
  // In memory of its own: what V8 keeps in its heap moves.
  const block = new ArrayBuffer(texts.reduce((sum, { length }) => sum + length, pointerSize * (texts.length + 1)));
  const pointers = new BigUint64Array(block, 0, texts.length);
  const bytes = Buffer.from(block);
  const start = addressOf(bytes);
  let place = pointerSize * (texts.length + 1);
  for (const [index, text] of texts.entries()) {
    pointers[index] = start + BigInt(place);
    bytes.set(text, place);
    place += text.length;
  }
  return bytes;
}

/** The descriptors in the order of their numbers in the command. */
function createActions(libc: Libc, descriptors: readonly number[]): Buffer {
  const actions = Buffer.alloc(actionsSize);
  libc.posix_spawn_file_actions_init(actions);
  for (const [number, descriptor] of descriptors.entries()) {
    libc.posix_spawn_file_actions_adddup2(actions, descriptor, number);
  }
  return actions;
}

/** As libuv does: every signal below the realtime ones has its default again, and none is blocked. */
function createAttributes(libc: Libc): Buffer {
  const attributes = Buffer.alloc(attributesSize);
  const signals = Buffer.alloc(signalSetSize);
  for (let signal = 1; signal <= lastPlainSignal; signal++) libc.sigaddset(signals, signal);
  libc.posix_spawnattr_init(attributes);
  libc.posix_spawnattr_setsigdefault(attributes, signals);
  libc.posix_spawnattr_setflags(attributes, newSession | resetSignals | setSignalMask);
  return attributes;
}

/** The environment of a command as `start` wants it. */
export function linesOf(variables: NodeJS.ProcessEnv): readonly string[] {
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}

function decodeStatus(status: number): Ending {
  const signal = status & 0x7f;
  return signal === 0
    ? { code: (status >> 8) & 0xff, signal: null }
    : { code: null, signal: signalNames.get(signal) ?? `signal ${signal}` };
}

/** Of names for the same signal the first counts, as for Node. */
const signalNames = new Map<number, string>();
for (const [name, number] of Object.entries(constants.signals)) {
  if (!signalNames.has(number)) signalNames.set(number, name);
}
