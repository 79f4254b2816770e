import { fstatSync, write, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { isatty } from 'node:tty';
import { type LevelWithSilent, pino, stdTimeFunctions } from 'pino';
import type pinoPretty from 'pino-pretty';
import type { Log } from '../model/ports.ts';

/** Where the lines of a log go. */
export interface LogSink {
  /** A whole line with its line feed; returns at once and never throws. */
  write(line: string): void;
  readonly isTerminal: boolean;
}

export interface LogOptions {
  /** `auto`: text for people on a terminal, JSON for machines elsewhere. */
  readonly format: 'text' | 'json' | 'auto';
  readonly level: LevelWithSilent;
  readonly sink: LogSink;
  /** Left out: colours on a terminal. */
  readonly colours?: boolean;
}

/** The log of the agent. A line is handed to the sink before the call returns. */
export function createLog({ format, level, sink, colours = sink.isTerminal }: LogOptions): Log {
  const text = format === 'text' || (format === 'auto' && sink.isTerminal);
  const print = text
    ? loadPretty().prettyFactory({ colorize: colours, translateTime: 'SYS:yyyy-mm-dd HH:MM:ss', hideObject: true })
    : null;
  const logger = pino(
    {
      level,
      base: null,
      timestamp: timeOfTurn(),
      formatters: { level: label => ({ level: label }) },
    },
    { write: line => sink.write(print ? print(line) : line) },
  );
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  };
}

/** The clock is read once for all lines that are written in one go: there are thousands when many servers die at once. */
function timeOfTurn(): () => string {
  let time = '';
  return () => {
    if (time === '') {
      time = stdTimeFunctions.isoTime();
      queueMicrotask(() => {
        time = '';
      });
    }
    return time;
  };
}

/** For people only: a log of JSON does not need it. */
function loadPretty(): typeof pinoPretty {
  return createRequire(import.meta.url)('pino-pretty') as typeof pinoPretty;
}

/** More than this may not wait for a reader that does not read; later lines are dropped. */
const mostPending = 1_048_576;
const retryAfter = 100;

/**
 * A descriptor as a sink. The main loop never waits for it: a terminal that is held (Ctrl-S), a reader that sleeps or
 * a full disk must not stop the checks. What cannot be written is lost, and what is waiting at the exit is written then.
 */
export function openSink(descriptor: number): LogSink {
  let pending = '';
  let writing = false;
  let dropped = 0;
  let gone = !isOpen(descriptor);

  const writeNext = (): void => {
    if (writing || gone || pending === '') return;
    writing = true;
    const bytes = Buffer.from(pending);
    pending = '';
    writeAll(bytes);
  };
  const writeAll = (bytes: Buffer): void =>
    write(descriptor, bytes, (fault, written) => {
      if (fault?.code === 'EAGAIN') {
        setTimeout(writeAll, retryAfter, bytes).unref();
        return;
      }
      if (!fault && written < bytes.length) {
        writeAll(bytes.subarray(written));
        return;
      }
      writing = false;
      gone = fault?.code === 'EPIPE' || fault?.code === 'EBADF' || fault?.code === 'EIO';
      writeNext();
    });
  process.once('exit', () => {
    if (gone || pending === '') return;
    try {
      writeSync(descriptor, pending);
    } catch {
      // Nobody is left to be told.
    }
  });

  return {
    isTerminal: isatty(descriptor),
    write(line) {
      if (gone) return;
      if (pending.length + line.length > mostPending) {
        dropped++;
        return;
      }
      if (dropped > 0)
        pending += `${JSON.stringify({ level: 'warn', msg: `${dropped} lines of the log were dropped: nobody read them` })}\n`;
      dropped = 0;
      pending += line;
      writeNext();
    },
  };
}

function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}
