import type { Checker } from '../model/check.ts';
import type { Config } from '../model/config.ts';
import type { Log } from '../model/ports.ts';
import type { Cancel, Ms } from '../model/time.ts';
import { repeat, waitUntil } from '../model/timing.ts';
import { createApp } from '../web/app.ts';
import { formatAddress, listen, type WebServer } from '../web/server.ts';
import { describeFault, type Ending, watchEnding } from './ending.ts';
import type { Io, Modules, RunningAgent } from './io.ts';

export interface ServeOptions {
  /** Of the moment, with the command line's settings in it: the first one is not to be kept in memory after a reload. */
  config(): Config;
  readonly checkers: readonly Checker[];
  readonly dryRun: boolean;
  /** What the agent added to the table goes when it stops. */
  readonly releaseIpvs: boolean;
  readonly log: Log;
  /** Takes a free port when the wanted one is taken. */
  readonly anyPort: boolean;
  /** What SIGHUP does; must not reject. */
  reload(agent: RunningAgent): Promise<void>;
  /** Called once the agent runs; `api` is the address of its API. What it returns is called at the end. */
  started(agent: RunningAgent, api: string): Cancel;
}

/** A stop takes 2 s at most, whatever hangs. */
const stopLimit: Ms = 1_900;

/** Runs an agent and its API until a signal ends them. 0: stopped as asked, 1: could not start, or a bug. */
export async function serveAgent(options: ServeOptions, io: Io, modules: Pick<Modules, 'compose'>): Promise<number> {
  const { log } = options;
  const ending = watchEnding(io);
  const opened: (() => unknown)[] = [ending.close];
  const exit = await Promise.race([
    serve(options, ending, opened, io, modules),
    ending.insisted.then(() => {
      log.warn('a second signal: leaving at once, without cleaning up');
      return 1;
    }),
    ending.fault.then(fault => {
      log.error(`a bug of checkalived ends it: ${describeFault(fault).message}`, { err: fault });
      return 1;
    }),
  ]);
  for (const close of opened) await close();
  return exit;
}

async function serve(
  options: ServeOptions,
  ending: Ending,
  opened: (() => unknown)[],
  io: Io,
  modules: Pick<Modules, 'compose'>,
): Promise<number> {
  const { dryRun, log } = options;
  // From now on: what comes while the agent starts must not end the process.
  const reloads = queueReloads();
  opened.push(io.onSignal('SIGHUP', reloads.ask));
  try {
    if (dryRun) log.info('dry run: what would be written to IPVS is logged, and not written');
    const agent = composeAgent(options, io, modules);
    const web = await openApi(agent, options, ending);
    if (!web) return 1;
    opened.push(web.close);
    const api = `http://${formatAddress(web)}`;
    log.info(`the API is on ${api}/api/v1/status`);
    const start = agent.start().then(() => {
      if (ending.isAsked()) return;
      opened.push(options.started(agent, api), feedWatchdog(io));
      io.manager.tell('READY=1', `STATUS=checking; the API is on ${api}`);
      reloads.begin(async () => {
        io.manager.tell('RELOADING=1');
        await options.reload(agent);
        io.manager.tell('READY=1');
      });
    });
    // A start may wait for a locked database; who asks it to stop does not.
    await Promise.race([start.then(() => ending.asked), ending.asked]);
    reloads.end();
    log.info('stopping');
    io.manager.tell('STOPPING=1');
    const stop = agent.stop({ release: options.releaseIpvs });
    if (await waitUntil(io.clock, io.clock.now() + stopLimit, stop)) log.info('stopped');
    else log.warn('not everything ended in time: leaving without it');
    return 0;
  } catch (fault) {
    const { message, fields } = describeFault(fault);
    log.error(message, fields);
    return 1;
  }
}

/** A loop that hangs is a dead agent that looks alive: the service manager then starts a new one. */
function feedWatchdog({ clock, manager }: Pick<Io, 'clock' | 'manager'>): Cancel {
  if (manager.watchdog === null) return () => {};
  return repeat(clock, manager.watchdog / 2, () => manager.tell('WATCHDOG=1'));
}

function composeAgent(
  { config, checkers, dryRun, log }: ServeOptions,
  { version, startedAt }: Io,
  { compose }: Pick<Modules, 'compose'>,
): RunningAgent {
  return compose({ config: config(), checkers, dryRun, log, version, startedAt });
}

/** null: it cannot listen, and the log says why. */
async function openApi(
  agent: RunningAgent,
  { config, anyPort, log }: ServeOptions,
  ending: Ending,
): Promise<WebServer | null> {
  const app = createApp({
    snapshot: () => agent.snapshot(),
    metrics: agent.metrics,
    unjudged: () => agent.unjudged(),
    alive: () => !ending.isAsked(),
  });
  const wanted = config().settings.listen;
  const listening = await listen(app, wanted);
  if (listening.ok) return listening.server;
  if (listening.inUse && anyPort) {
    log.warn(`port ${wanted.port} is taken by another program: taking a free one`);
    const second = await listen(app, { ...wanted, port: 0 });
    if (second.ok) return second.server;
  }
  log.error(listening.detail);
  return null;
}

/** One reload at a time; what is asked for meanwhile, or before the agent has started, is done once afterwards. */
function queueReloads(): { ask(): void; begin(work: () => Promise<void>): void; end(): void } {
  let work: (() => Promise<void>) | null = null;
  let asked = false;
  let busy = false;
  const next = (): void => {
    if (busy || !work || !asked) return;
    asked = false;
    busy = true;
    void work().finally(() => {
      busy = false;
      next();
    });
  };
  return {
    ask: () => {
      asked = true;
      next();
    },
    begin: reload => {
      work = reload;
      next();
    },
    end: () => {
      work = null;
    },
  };
}
