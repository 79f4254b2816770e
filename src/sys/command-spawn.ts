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

/** Starts commands without a copy of this process, which is most of what Node's own `spawn` costs. */
export interface Spawner {
  /**
   * Starts a command as Node's `spawn` does with `detached`: in a session of its own, with no descriptor of ours but
   * `streams`. `ended` comes later, never before this has returned.
   * @param environment lines `NAME=value`; a bare name of a command is looked for in our own PATH
   * @returns its process id; null: it could not be started, and Node's `spawn` will say why or find a way
   */
  start(
    argv: readonly string[],
    environment: readonly string[],
    streams: StandardStreams,
    ended: (ending: Ending) => void,
  ): number | null;
}

interface Libc {
  posix_spawnp(
    pid: [number],
    file: string | undefined,
    actions: Buffer,
    attributes: Buffer,
    argv: readonly (string | null)[],
    environment: readonly (string | null)[],
  ): number;
  waitpid(pid: number, status: [number], options: number): number;
  sigaddset(signals: Buffer, signal: number): number;
  posix_spawnattr_init(attributes: Buffer): number;
  posix_spawnattr_setflags(attributes: Buffer, flags: number): number;
  posix_spawnattr_setsigdefault(attributes: Buffer, signals: Buffer): number;
  posix_spawn_file_actions_init(actions: Buffer): number;
  posix_spawn_file_actions_adddup2(actions: Buffer, from: number, to: number): number;
  posix_spawn_file_actions_destroy(actions: Buffer): number;
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

/** null: not on this system. */
export function createSpawner(): Spawner | null {
  const libc = loadLibc();
  if (libc === null) return null;
  const attributes = createAttributes(libc);
  const nothing = openSync('/dev/null', 'r+');
  const actions = Buffer.alloc(actionsSize);
  const running = new Map<number, (ending: Ending) => void>();
  const pid: [number] = [0];
  const status: [number] = [0];

  // Many deaths may be one signal. Asked for one by one: with -1 Node's own children would be taken from it.
  process.on('SIGCHLD', () => {
    for (const [child, ended] of running) {
      if (libc.waitpid(child, status, noHang) !== child) continue;
      running.delete(child);
      ended(decodeStatus(status[0]));
    }
  });
  return {
    start(argv, environment, { input, output, errors }, ended) {
      libc.posix_spawn_file_actions_init(actions);
      for (const [number, descriptor] of [input, output, errors].entries()) {
        libc.posix_spawn_file_actions_adddup2(actions, descriptor ?? nothing, number);
      }
      const fault = libc.posix_spawnp(pid, argv[0], actions, attributes, [...argv, null], [...environment, null]);
      libc.posix_spawn_file_actions_destroy(actions);
      if (fault !== 0) return null;
      running.set(pid[0], ended);
      return pid[0];
    },
  };
}

function loadLibc(): Libc | null {
  const koffi = process.platform === 'linux' ? loadKoffi() : null;
  if (koffi === null) return null;
  const library = koffi.load(null);
  return {
    posix_spawnp: library.func(
      'int posix_spawnp(_Out_ int *, const char *, const void *, const void *, const char **, const char **)',
    ),
    waitpid: library.func('int waitpid(int, _Out_ int *, int)'),
    sigaddset: library.func('int sigaddset(void *, int)'),
    posix_spawnattr_init: library.func('int posix_spawnattr_init(void *)'),
    posix_spawnattr_setflags: library.func('int posix_spawnattr_setflags(void *, short)'),
    posix_spawnattr_setsigdefault: library.func('int posix_spawnattr_setsigdefault(void *, const void *)'),
    posix_spawn_file_actions_init: library.func('int posix_spawn_file_actions_init(void *)'),
    posix_spawn_file_actions_adddup2: library.func('int posix_spawn_file_actions_adddup2(void *, int, int)'),
    posix_spawn_file_actions_destroy: library.func('int posix_spawn_file_actions_destroy(void *)'),
  };
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
