import type { Ms } from '../model/time.ts';
import type { Io } from './io.ts';

/** How a command that runs until it is told to stop learns that it is told. */
export interface Ending {
  /** SIGINT or SIGTERM. */
  readonly asked: Promise<void>;
  /** A second one: do not wait for anything. */
  readonly insisted: Promise<void>;
  /** An exception that nobody caught. */
  readonly fault: Promise<unknown>;
  isAsked(): boolean;
  /** Gives the signals back. */
  close(): void;
}

/** One Ctrl-C may come from the terminal and once more from a program between (npm, timeout). */
const sameSignal: Ms = 500;

export function watchEnding(io: Pick<Io, 'clock' | 'onSignal' | 'onFault'>): Ending {
  const asked = withResolvers<void>();
  const insisted = withResolvers<void>();
  const fault = withResolvers<unknown>();
  let askedAt: Ms | null = null;
  const count = (): void => {
    const now = io.clock.now();
    askedAt ??= now;
    asked.resolve();
    if (now - askedAt >= sameSignal) insisted.resolve();
  };
  const cancels = [io.onSignal('SIGINT', count), io.onSignal('SIGTERM', count), io.onFault(fault.resolve)];
  return {
    asked: asked.promise,
    insisted: insisted.promise,
    fault: fault.promise,
    isAsked: () => askedAt !== null,
    close: () => {
      for (const cancel of cancels) cancel();
    },
  };
}

interface Resolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}
/** Promise.withResolvers came with Node 22. */
function withResolvers<T>(): Resolvers<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>(settle => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A sentence of the part that failed, or, for a bug, also where it is. */
export function describeFault(fault: unknown): { readonly message: string; readonly fields: object } {
  if (!(fault instanceof Error)) return { message: String(fault), fields: {} };
  const isBug = fault instanceof TypeError || fault instanceof RangeError || fault instanceof ReferenceError;
  return isBug
    ? { message: `this is a bug of checkalived: ${fault.message}`, fields: { err: fault } }
    : { message: fault.message, fields: {} };
}
