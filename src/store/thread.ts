import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { StoreReply, StoreRequest } from './messages.ts';

interface ThreadHandlers {
  reply(reply: StoreReply): void;
  /** It has ended by itself; nothing more comes. */
  ended(detail: string): void;
}
export interface StoreThread {
  post(request: StoreRequest): void;
  /** Ends it, after the answer to what it was last asked: ended within SQLite it would take the process with it. */
  stop(): Promise<void>;
}
export type StartThread = (handlers: ThreadHandlers) => StoreThread;

/** Starts worker.ts in a thread of its own. */
export const startThread: StartThread = handlers => {
  // For heaps that are made from now on: what the agent needs for its garbage (bin/checkalived) is 7 MiB more than this thread does.
  setFlagsFromString('--min-semi-space-size=1');
  setFlagsFromString('--max-semi-space-size=1');
  const worker = import.meta.url.endsWith('.ts')
    ? new Worker(typescriptEntry())
    : new Worker(new URL('./worker.js', import.meta.url));
  let fault = '';
  let stopped = false;
  let asked = false;
  let idle = (): void => {};
  worker.on('message', (reply: StoreReply) => {
    asked = false;
    handlers.reply(reply);
    idle();
  });
  worker.on('error', error => {
    fault = error.message;
  });
  worker.on('exit', code => {
    idle();
    if (!stopped) handlers.ended(fault === '' ? `the thread ended with code ${code}` : fault);
  });
  return {
    post: request => {
      asked = true;
      worker.postMessage(request);
    },
    stop: async () => {
      stopped = true;
      if (asked) await new Promise<void>(resolve => (idle = resolve));
      await worker.terminate();
    },
  };
};

/** From the sources (tests): a thread does not inherit tsx's hooks, so it registers them first. */
function typescriptEntry(): URL {
  const text = `import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))};
    register();
    await import(${JSON.stringify(new URL('./worker.ts', import.meta.url).href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}
