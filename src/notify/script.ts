import type { VsId } from '../model/ids.ts';
import type { DeliveryObserver } from '../model/observer.ts';
import type { CommandOutcome, CommandRunner, Log } from '../model/ports.ts';
import type { ScriptUser } from '../model/server.ts';
import type { Clock, Ms } from '../model/time.ts';
import type { ScriptEffect } from './environment.ts';

interface ScriptOutcome {
  readonly outcome: 'delivered' | 'failed';
  /** How it ended, and what it printed. */
  readonly detail: string;
}

/**
 * Runs notify scripts: those of one virtual server one after the other, those of different ones side by side.
 * keepalived starts all of them at once, so that an `up` may overtake the `down` before it.
 */
export interface ScriptQueue {
  /** Resolves when the script has ended, or is given up. */
  run(effect: ScriptEffect, environment: Readonly<Record<string, string>>): Promise<ScriptOutcome>;
  /** Gives up what waits, ends what runs, and resolves when it has ended. */
  close(): Promise<void>;
}

export interface ScriptQueueOptions {
  /** TERM after this, KILL a second later. */
  readonly timeout: Ms;
  /** Scripts at the same time, over all virtual servers. */
  readonly limit: number;
  /** `script_user`, for scripts that name no user; asked at each start, as a reload may change it. */
  readonly scriptUser: () => ScriptUser | null;
}

// Scripts that wait, per virtual server: a script that hangs must not eat the memory.
const longestQueue = 1000;
const killAfter: Ms = 1000;
const keepOutput = 4096;

interface Job {
  readonly effect: ScriptEffect;
  readonly environment: Readonly<Record<string, string>>;
  readonly settle: (outcome: ScriptOutcome | Promise<ScriptOutcome>) => void;
}

export function createScriptQueue(
  options: ScriptQueueOptions,
  modules: {
    readonly commands: CommandRunner;
    readonly log: Log;
    /** Hears of the scripts, and how long they took. */
    readonly deliveries?: { readonly clock: Clock; readonly observer: DeliveryObserver };
  },
): ScriptQueue {
  const { commands, log, deliveries } = modules;
  const stop = new AbortController();
  const waiting = new Map<VsId, Job[]>();
  const busy = new Set<VsId>();
  /** Virtual servers with a job and none running, longest waiting first. */
  const ready: VsId[] = [];
  const idlers = new Set<() => void>();

  const start = (): void => {
    while (busy.size < options.limit) {
      const virtualServer = ready.shift();
      if (virtualServer === undefined) break;
      const jobs = waiting.get(virtualServer) ?? [];
      const job = jobs.shift();
      if (jobs.length === 0) waiting.delete(virtualServer);
      if (!job) continue;
      busy.add(virtualServer);
      job.settle(
        runJob(job).finally(() => {
          busy.delete(virtualServer);
          if (waiting.has(virtualServer)) ready.push(virtualServer);
          start();
        }),
      );
    }
    if (busy.size > 0 || waiting.size > 0) return;
    for (const idle of idlers) idle();
  };

  const runJob = async ({ effect, environment }: Job): Promise<ScriptOutcome> => {
    const { argv } = effect.script;
    const user = effect.script.user ?? options.scriptUser();
    const request = { argv, environment, timeout: options.timeout, killAfter, keepOutput, ...(user && { user }) };
    const begun = deliveries?.clock.now() ?? 0;
    const outcome = describeOutcome(await commands.run(request, stop.signal), options.timeout);
    // It is not run again.
    const result = outcome.outcome === 'delivered' ? 'delivered' : 'given_up';
    deliveries?.observer.attempted('script', result, deliveries.clock.now() - begun);
    return outcome;
  };

  const whenIdle = (): Promise<void> =>
    new Promise(resolve => {
      if (busy.size === 0 && waiting.size === 0) resolve();
      else {
        const idle = (): void => {
          idlers.delete(idle);
          resolve();
        };
        idlers.add(idle);
      }
    });

  return {
    run(effect, environment) {
      if (stop.signal.aborted) return Promise.resolve(failed('not run: the agent stops'));
      const { virtualServer } = effect;
      return new Promise(settle => {
        const jobs = waiting.get(virtualServer) ?? [];
        jobs.push({ effect, environment, settle });
        if (jobs.length > longestQueue) {
          const dropped = jobs.shift();
          const detail = `not run: more than ${longestQueue} scripts wait for ${virtualServer}`;
          log.error(`The script of ${dropped?.effect.event} was ${detail}.`);
          dropped?.settle(failed(detail));
          deliveries?.observer.attempted('script', 'given_up', null);
        }
        if (!waiting.has(virtualServer) && !busy.has(virtualServer)) ready.push(virtualServer);
        waiting.set(virtualServer, jobs);
        start();
      });
    },
    async close() {
      stop.abort();
      for (const job of [...waiting.values()].flat()) job.settle(failed('not run: the agent stops'));
      waiting.clear();
      ready.length = 0;
      await whenIdle();
    },
  };
}

function describeOutcome(ended: CommandOutcome, timeout: Ms): ScriptOutcome {
  switch (ended.kind) {
    case 'exited': {
      const detail = withOutput(`exit code ${ended.code}`, ended.output);
      return ended.code === 0 ? { outcome: 'delivered', detail } : failed(detail);
    }
    case 'signalled':
      return failed(withOutput(`ended by ${ended.signal}`, ended.output));
    case 'timed-out':
      return failed(withOutput(`stopped after ${timeout / 1000} s`, ended.output));
    case 'not-started':
      return failed(`not started: ${ended.detail}`);
    case 'aborted':
      return failed('stopped before its end');
  }
}

function withOutput(end: string, output: string): string {
  const text = output.trim();
  return text === '' ? end : `${end}: ${text}`;
}

function failed(detail: string): ScriptOutcome {
  return { outcome: 'failed', detail };
}
