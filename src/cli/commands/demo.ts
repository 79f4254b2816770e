import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../model/ports.ts';
import type { Cancel, Ms } from '../../model/time.ts';
import type { ListenAddress } from '../../web/server.ts';
import { writeDemoConfig } from '../demo/config.ts';
import { type DemoServers, openDemoServers } from '../demo/servers.ts';
import type { Io, Modules, RunningAgent } from '../io.ts';
import { readForWork } from '../load.ts';
import { defaultListen } from '../options.ts';
import { openScreen } from '../output/screen.ts';
import { formatStatus } from '../output/status-table.ts';
import { cut } from '../output/table.ts';
import { formatTime } from '../output/time.ts';
import { serveAgent } from '../serve.ts';
import { overrideSettings } from '../settings.ts';

export interface DemoOptions {
  /** Left out: a temporary one, removed at the end. */
  readonly stateDir?: string | undefined;
  /** Left out: 127.0.0.1:9650, or a free port when that is taken. */
  readonly listen?: ListenAddress | undefined;
}

const drawEvery: Ms = 500;
const linesKept = 8;

/** The agent on real servers of its own, one of which keeps failing and coming back, IPVS in memory. */
export async function runDemo(options: DemoOptions, io: Io, modules: Modules): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'checkalived-demo-'));
  const servers = await openDemoServers(io.clock);
  try {
    return await serveDemo(options, directory, servers, io, modules);
  } finally {
    await servers.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function serveDemo(
  { stateDir, listen }: DemoOptions,
  directory: string,
  servers: DemoServers,
  io: Io,
  modules: Modules,
): Promise<number> {
  const file = join(directory, 'demo.conf');
  await writeFile(file, writeDemoConfig(servers));
  const loaded = await readForWork({ file, configId: 'checkalived', lenient: false }, io, modules);
  if (!loaded) return 1;
  const config = overrideSettings(loaded.config, {
    ipvs: 'memory',
    stateDir: stateDir ?? join(directory, 'state'),
    listen: listen ?? defaultListen,
  });
  const lines: string[] = [];
  const log = io.stdout.isTerminal ? keepLines(lines, io) : io.openLog('text');
  const exit = await serveAgent(
    {
      config: () => config,
      checkers: loaded.checkers,
      dryRun: false,
      releaseIpvs: true,
      log,
      anyPort: listen === undefined,
      reload: async () => log.info('the demo has nothing to reload'),
      started: (agent, api) => {
        if (io.stdout.isTerminal) return showTable(agent, api, lines, io);
        log.info(`the demo runs: one real server fails and recovers every few seconds; ${api}/api/v1/status tells`);
        return () => {};
      },
    },
    io,
    modules,
  );
  if (exit !== 0 && io.stdout.isTerminal) io.stderr.write(`${lines.join('\n')}\n`);
  return exit;
}

/** Draws the table until cancelled. */
function showTable(agent: RunningAgent, api: string, lines: readonly string[], io: Io): Cancel {
  const { clock, stdout } = io;
  const drawLines = openScreen(stdout);
  let cancel: Cancel = () => {};
  const draw = (): void => {
    const width = stdout.columns;
    drawLines([
      ...formatStatus(agent.snapshot(), { now: clock.wall(), colours: stdout.colours, width }),
      '',
      ...lines.map(line => cut(line, width)),
      '',
      cut(`Watch it from elsewhere: curl ${api}/api/v1/status   Ctrl-C ends the demo.`, width),
    ]);
    cancel = clock.at(clock.now() + drawEvery, draw);
  };
  draw();
  return () => cancel();
}

/** A log that keeps the last lines, for the foot of the screen. */
function keepLines(lines: string[], { clock }: Io): Log {
  const keep = (message: string): void => {
    lines.push(`${formatTime(clock.wall())} ${message}`);
    if (lines.length > linesKept) lines.shift();
  };
  return { debug: () => {}, info: keep, warn: keep, error: keep };
}
