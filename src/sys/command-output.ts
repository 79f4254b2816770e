import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKoffi } from './foreign.ts';

/** Takes the output of one command at a time and keeps the last bytes of it. */
export interface OutputPipe {
  /** For the command's stdout and stderr. */
  readonly descriptor: number;
  begin(limit: number): void;
  /** What is left of the output, cut at a character. */
  end(): string;
}

/**
 * Real pipes, one for each slot: what Node calls a pipe is a socket, and a script that writes to /dev/stderr cannot
 * open a socket. Without a place for the named pipes that they are made from there are none, and no output is kept.
 */
export function createOutputPipes(count: number): readonly OutputPipe[] {
  let folder: string | null = null;
  try {
    folder = mkdtempSync(join(tmpdir(), 'checkalived-'));
    const paths = Array.from({ length: count }, (_, index) => join(folder ?? '', String(index)));
    execFileSync('mkfifo', paths);
    return paths.map(openPipe);
  } catch {
    return [];
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

const nothing: Buffer = Buffer.alloc(0);

function openPipe(path: string): OutputPipe {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  // Opened by itself, so that the command's end blocks as any pipe does.
  const descriptor = openSync(path, constants.O_WRONLY);
  const socket = new Socket({ fd: reader, readable: true, writable: false });
  let limit = 0;
  let tail = nothing;
  const add = (bytes: Buffer): void => {
    if (limit > 0) tail = Buffer.from(Buffer.concat([tail, bytes]).subarray(-limit));
  };
  socket.on('data', add);
  socket.on('error', () => {});
  return {
    descriptor,
    begin(bytes) {
      drain(reader, ignore);
      limit = bytes;
      tail = nothing;
    },
    end() {
      drain(reader, add);
      limit = 0;
      return decodeTail(tail);
    },
  };
}

/** Most that a pipe holds; more can only come from what a command left running. */
const pipeSize = 1_048_576;
const buffer = Buffer.allocUnsafeSlow(65_536);
const ignore = (): void => {};

function drain(reader: number, take: (bytes: Buffer) => void): void {
  for (let sum = 0; sum < pipeSize; ) {
    const length = readSome(reader);
    if (length === 0) return;
    take(buffer.subarray(0, length));
    sum += length;
  }
}

/** 0 = nothing is there now. Most reads end so, and Node's own would make an error of it that costs ten times as much. */
function readSome(reader: number): number {
  try {
    nativeRead ??= loadRead();
    return Math.max(0, nativeRead(reader, buffer, buffer.length));
  } catch {
    return 0;
  }
}

type Read = (descriptor: number, bytes: Buffer, length: number) => number;
const readByNode: Read = (descriptor, bytes) => readSync(descriptor, bytes);
let nativeRead: Read | undefined;

function loadRead(): Read {
  return loadKoffi()?.load(null).func('long read(int, void *, size_t)') ?? readByNode;
}

/** The cut may have fallen inside a character of UTF-8. */
function decodeTail(tail: Buffer): string {
  if (tail.length === 0) return '';
  const start = tail.findIndex(byte => (byte & 0xc0) !== 0x80);
  return tail.subarray(Math.max(0, start)).toString('utf8');
}
