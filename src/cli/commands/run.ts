import type { Diagnostic } from '../../config/diagnostics.ts';
import type { ReadResult } from '../../config/read.ts';
import type { Config } from '../../model/config.ts';
import type { Log } from '../../model/ports.ts';
import type { Cancel, Ms } from '../../model/time.ts';
import { formatAddress, type ListenAddress } from '../../web/server.ts';
import { describeFault } from '../ending.ts';
import type { Io, Modules, RunningAgent } from '../io.ts';
import { readConfig, readForWork } from '../load.ts';
import { countErrors, plural } from '../output/diagnostics.ts';
import { serveAgent } from '../serve.ts';
import { overrideSettings, type SettingOptions } from '../settings.ts';

export interface RunOptions extends SettingOptions {
  readonly file: string;
  readonly configId: string;
  /** Start in spite of errors. */
  readonly lenient: boolean;
  readonly dryRun: boolean;
  /** false: what the agent added to the table stays there when it stops. */
  readonly releaseIpvs: boolean;
}

/** After a start or a reload: the first checks are over by then where `delay_loop` is as long as usual. */
const compactAfter: Ms = 10_000;

/** The agent, in the foreground until a signal ends it. 0: stopped as asked, 1: could not start, or a bug. */
export async function runAgent(options: RunOptions, io: Io, modules: Modules): Promise<number> {
  const loaded = await readForWork(options, io, modules);
  if (!loaded) return 1;
  const config = overrideSettings(loaded.config, options);
  const log = io.openLog(config.settings.logFormat);
  logComplaints(options.file, loaded, log);
  const running = { config };
  const { listen } = config.settings;
  let cancel: Cancel = () => {};
  const compactSoon = (): void => {
    cancel();
    cancel = io.clock.at(io.clock.now() + compactAfter, io.compactMemory);
  };
  return serveAgent(
    {
      config: () => running.config,
      checkers: loaded.checkers,
      dryRun: options.dryRun,
      releaseIpvs: options.releaseIpvs,
      log,
      anyPort: false,
      reload: async agent => {
        await reload(agent, running, listen, options, log, modules);
        compactSoon();
      },
      started: () => {
        compactSoon();
        return () => cancel();
      },
    },
    io,
    modules,
  );
}

/** Never rejects: whatever is wrong with the new file, the running configuration stays. */
async function reload(
  agent: RunningAgent,
  running: { config: Config },
  listening: ListenAddress,
  options: RunOptions,
  log: Log,
  modules: Modules,
): Promise<void> {
  const { file, configId, lenient } = options;
  const refuse = (why: string): void => {
    log.error(`reload refused, the running configuration stays: ${why}`);
    agent.reloaded('invalid');
  };
  try {
    const read = await readConfig(file, configId, modules);
    if (!read.ok) {
      refuse(read.detail);
      return;
    }
    const errors = countErrors(read.loaded.diagnostics);
    if (errors > 0 && !lenient) {
      refuse(`${file} has ${plural(errors, 'error')}`);
      logErrors(read.loaded, log);
      return;
    }
    const config = overrideSettings(read.loaded.config, options);
    // Half written or emptied by mistake: it would take every service out of the table.
    if (config.virtualServers.length === 0 && running.config.virtualServers.length > 0) {
      refuse(`${file} has no virtual server; to let go of all of them stop checkalived`);
      return;
    }
    logComplaints(file, read.loaded, log);
    const wanted = config.settings.listen;
    if (listening.address !== wanted.address || listening.port !== wanted.port) {
      log.warn(`the setting listen was changed to ${formatAddress(wanted)}; it takes effect at the next start`);
    }
    await agent.reload(config, read.loaded.checkers);
    running.config = config;
    agent.reloaded('ok');
  } catch (fault) {
    log.error(`the reload failed, restart checkalived: ${describeFault(fault).message}`, { err: fault });
    agent.reloaded('failed');
  }
}

function logErrors({ diagnostics }: ReadResult, log: Log): void {
  for (const { severity, file, line, column, message, hint, code } of diagnostics) {
    if (severity === 'error') log.error(`${file}:${line}:${column}: ${message} [${code}]${hint ? ` ${hint}` : ''}`);
  }
}

function logComplaints(file: string, { diagnostics }: ReadResult, log: Log): void {
  // checkalived test loads plug-ins anew, and would not see it.
  for (const { message, hint } of diagnostics.filter(isOfNow)) log.warn(`${message} ${hint}`);
  const warnings = diagnostics.filter(each => each.severity === 'warning' && !isOfNow(each)).length;
  const errors = countErrors(diagnostics);
  if (errors > 0) {
    log.warn(
      `${file} has ${plural(errors, 'error')}: what ${errors === 1 ? 'it concerns' : 'they concern'} stays unchecked (--lenient)`,
    );
  }
  if (warnings > 0) {
    log.warn(
      `${file} has ${plural(warnings, 'warning')}: checkalived test -f ${file} shows ${warnings === 1 ? 'it' : 'them'}`,
    );
  }
}

function isOfNow({ code }: Diagnostic): boolean {
  return code === 'plugin-changed';
}
