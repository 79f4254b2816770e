import { join } from 'node:path';
import { channels as alertChannels } from '../../alerts/index.ts';
import { createSmtpTransport, smtpOptionsOf } from '../../alerts/smtp.ts';
import { checkers } from '../../checks/index.ts';
import { createTables, listRows } from '../config/keywords/tables.ts';
import { createChannels } from '../delivery/channels.ts';
import { createMailer } from '../delivery/mailer.ts';
import { Agent } from '../engine/agent.ts';
import type { Announcers } from '../engine/announcer.ts';
import { createIpvsDriver } from '../ipvs/driver.ts';
import { createDryRunTable } from '../ipvs/dry-run.ts';
import { createDryRunFiles } from '../ipvs/dry-run-files.ts';
import { createIpvsadmTable } from '../ipvs/ipvsadm.ts';
import { createMemoryTable } from '../ipvs/memory.ts';
import type { IpvsTablePort } from '../ipvs/table.ts';
import { createTrackFileDriver } from '../ipvs/track-files.ts';
import { createTrafficReader } from '../ipvs/traffic.ts';
import { formatNoHost, watchHost } from '../metrics/host.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { type SeeTraffic, shareTraffic } from '../metrics/share-traffic.ts';
import type { CheckContext } from '../model/check.ts';
import type { Config, IpvsMode } from '../model/config.ts';
import { policyOf } from '../model/health.ts';
import type { IpvsDriver } from '../model/ipvs.ts';
import type { CommandStarter, Log } from '../model/ports.ts';
import type { ScriptUser } from '../model/server.ts';
import { formatTimestamp, type Ms } from '../model/time.ts';
import { trackDirectory } from '../model/track-file.ts';
import { scriptEnvironment } from '../notify/environment.ts';
import { createFifos } from '../notify/fifo.ts';
import { createScriptQueue } from '../notify/script.ts';
import { secureCommands } from '../notify/secure-commands.ts';
import { findScriptFault } from '../notify/security.ts';
import { lockDirectory } from '../store/lock.ts';
import { createStore } from '../store/store.ts';
import { calendar } from '../sys/calendar.ts';
import { checkFiles } from '../sys/check-files.ts';
import { chooseClock, systemClock } from '../sys/clock.ts';
import { createCommandRunner } from '../sys/command-runner.ts';
import { datagrams } from '../sys/datagrams.ts';
import { execute, executeAhead, executeWithin } from '../sys/execute.ts';
import { localAddresses, newId, nodeVersion, random, searchPath } from '../sys/host.ts';
import { httpClient } from '../sys/http-client.ts';
import { createPost } from '../sys/http-post.ts';
import { readIpvsFile } from '../sys/ipvs-file.ts';
import { createHost } from '../sys/keepalived-host.ts';
import { patterns } from '../sys/patterns.ts';
import { pluginFiles } from '../sys/plugin-files.ts';
import { goBeforeOwnThreads } from '../sys/precedence.ts';
import { collectProcessMetrics } from '../sys/process-metrics.ts';
import { createFastSockets, sockets } from '../sys/sockets.ts';
import { identityOf } from '../sys/users.ts';
import { createValueFiles } from '../sys/value-files.ts';
import { leaveToKeepalived, ownFifos, rehearse } from './announcers.ts';
import type { ComposeOptions, RunningAgent } from './io.ts';
import { openChannel } from './open-channel.ts';
import { createPluginLoader, type PluginLoader } from './plugins/load.ts';

/** notify_fifo_script and lvs_notify_fifo_script, and once more while a reload swaps them. */
const fifoScripts = 4;
/** Commands (checks and notify scripts) at the same time. */
const commandSlots = 64;
/** Results that wait for a slow disk; at 10,000 a second that is ten seconds. */
const maxQueue = 100_000;
/** Minutes of checks that wait for it; of 10,000 checks that is half an hour. */
const maxMinutes = 300_000;
/** From the beginning of a stop scripts get this long; what runs then is ended, so that all of the stop takes 2 s. */
const scriptsEnd: Ms = 1_000;

/** A listing of ten thousand destinations takes a tenth of a second: who is not done by then hangs. */
const trafficLimit: Ms = 10_000;

const ports = { sockets, http: httpClient, datagrams, patterns, files: checkFiles, random };

/** What checks run with outside of an agent; close it when they are done. */
export function openContext(config: Config): {
  readonly context: Omit<CheckContext, 'signal'>;
  close(): Promise<void>;
} {
  const runner = createCommandRunner({ slots: commandSlots }, { clock: systemClock });
  const commands = secureAs(() => config)(runner);
  return { context: { ...ports, clock: systemClock, commands }, close: () => runner.close() };
}

/** Loads plug-ins from the disk, each as securely as the scripts of the configuration are run. */
export function openPlugins(packageRoot: string): PluginLoader {
  const taken = new Set(listRows(createTables(checkers, alertChannels).root).map(({ name }) => name));
  const self = identityOf(null);
  return createPluginLoader(taken, {
    ...pluginFiles,
    findWeakness: path => (self === null ? null : findScriptFault(path, self, [])),
    packageRoot,
  });
}

/** Joins the real parts to an agent; nothing happens before its `start`. */
export function composeAgent({ config, checkers, dryRun, log, version, startedAt }: ComposeOptions): RunningAgent {
  const clock = chooseClock();
  let current = config;
  const fastSockets = createFastSockets();
  const runner = createCommandRunner({ slots: commandSlots }, { clock });
  // A FIFO's script lives as long as the agent: it must not take a place from the checks.
  const fifoRunner = createCommandRunner({ slots: fifoScripts }, { clock });
  const secure = secureAs(() => current);
  const commands = secure(runner);
  const { settings } = config;
  // A rehearsal must not leave a memory that a real start would trust.
  const directory = dryRun ? join(settings.stateDir, 'dry-run') : settings.stateDir;
  let unlock = (): void => {};
  const store = createStore(
    {
      directory,
      retentionResults: settings.retentionResults,
      retentionTransitions: settings.retentionTransitions,
      resultsInterval: settings.resultsInterval,
      maxQueue,
      maxMinutes,
    },
    { clock, log },
  );
  const host =
    settings.ipvs === 'memory' ? null : watchHost(() => current.vrrp.instances, { clock, host: createHost() });
  const metrics = createMetrics(
    { version, nodeVersion, detail: settings.metricsDetail },
    {
      clock,
      inspect: () => agent.inspect(),
      countQueued: () => runner.waiting(),
      formatHost: host ? host.format : formatNoHost,
      seeTraffic: chooseTraffic(settings.ipvs, log),
      formatProcess: collectProcessMetrics(),
    },
  );
  const mailer = createMailer(config, {
    clock,
    log,
    observer: metrics.deliveries,
    random,
    store,
    createTransport: latest => {
      const options = dryRun ? null : smtpOptionsOf(latest);
      return options && createSmtpTransport(options);
    },
  });
  const channels = createChannels(config, {
    clock,
    log,
    observer: metrics.deliveries,
    random,
    store,
    open: plan =>
      openChannel(plan, {
        channels: alertChannels,
        clock,
        createPost: dryRun ? null : options => createPost(options, { clock, sockets, http: httpClient }),
      }),
    outages: () => agent.outages(),
  });
  const scripts = createScriptQueue(
    { timeout: settings.scriptTimeout, limit: settings.scriptLimit, scriptUser: () => current.globals.scriptUser },
    { commands, log, deliveries: { clock, observer: metrics.deliveries } },
  );
  // A reload does not change the mode.
  const fifosOf = ({ globals }: Config) => ownFifos(globals, settings.ipvs);
  const openFifos = (of: Config) =>
    createFifos(
      { fifos: fifosOf(of), scriptUser: of.globals.scriptUser },
      { execute, commands: secure(fifoRunner), log },
    );
  let fifos = openFifos(config);
  const announcers: Announcers = dryRun
    ? rehearse(log)
    : {
        runScript: (effect, time) => scripts.run(effect, scriptEnvironment(effect, formatTimestamp(time))),
        writeFifo: line => fifos.write(line),
        sendMail: mail => mailer.send(mail),
        sendAlert: alert => channels.send(alert),
      };
  const agent: Agent = new Agent(
    { config, version },
    {
      checkers,
      context: { ...ports, sockets: fastSockets, clock, commands },
      driver: metrics.measure(chooseDriver(config, dryRun, log)),
      store,
      meter: metrics.meter,
      announcers: settings.ipvs === 'trackfile' ? leaveToKeepalived(announcers, log) : announcers,
      mailer,
      channels,
      calendar,
      localAddresses,
      random,
      newId,
      log,
    },
  );
  return {
    async start() {
      unlock = lockDirectory(directory);
      await fastSockets.prepare();
      if (!dryRun) await fifos.open();
      host?.start();
      try {
        // The database's thread begins with the agent, and has our own nice level: what is told waits for it.
        goBeforeOwnThreads();
        await agent.start(startedAt);
      } catch (fault) {
        host?.close();
        await Promise.all([fifos.close(), runner.close(), fifoRunner.close(), store.close()]);
        unlock();
        throw fault;
      }
    },
    async reload(next, nextCheckers) {
      const changed = JSON.stringify(fifosOf(next)) !== JSON.stringify(fifosOf(current));
      current = next;
      if (changed && !dryRun) {
        const before = fifos;
        fifos = openFifos(next);
        await before.close();
        await fifos.open();
      }
      agent.reload(next, nextCheckers);
      metrics.configure(next);
    },
    async stop(options) {
      host?.close();
      const cancel = clock.at(clock.now() + scriptsEnd, () => void scripts.close());
      await agent.stop(options);
      cancel();
      await Promise.all([scripts.close(), fifos.close()]);
      await Promise.all([runner.close(), fifoRunner.close()]);
      unlock();
    },
    snapshot: () => agent.snapshot(),
    metrics,
    reloaded: result => metrics.reloaded(result),
    unjudged: () => agent.unjudged(),
  };
}

function chooseDriver({ settings }: Config, dryRun: boolean, log: Log): IpvsDriver {
  if (settings.ipvs !== 'trackfile') {
    const table = chooseTable(settings.ipvs, dryRun, log);
    return createIpvsDriver({ policy: policyOf(settings.ipvs) }, { table, log });
  }
  const files = createValueFiles(trackDirectory(settings));
  return createTrackFileDriver({ files: dryRun ? createDryRunFiles({ files, log }) : files });
}

function chooseTable(mode: IpvsMode, dryRun: boolean, log: Log): IpvsTablePort {
  if (mode === 'memory') return createMemoryTable();
  const table = createIpvsadmTable({ execute: executeAhead, readProc: readIpvsFile });
  return dryRun ? createDryRunTable({ table, log }) : table;
}

/** A table in memory has no traffic. */
function chooseTraffic(mode: IpvsMode, log: Log): SeeTraffic {
  if (mode === 'memory') return async () => null;
  const read = createTrafficReader({ execute: executeWithin(trafficLimit) });
  return shareTraffic({ read, clock: systemClock, log });
}

/** Whom commands run as and whether they may, by the configuration of the moment. */
function secureAs(config: () => Config): (plain: CommandStarter) => CommandStarter {
  const fallbackUser = defaultScriptUser();
  const identities = new Map<string, ReturnType<typeof identityOf>>();
  const identify = (user: ScriptUser | null): ReturnType<typeof identityOf> => {
    const key = JSON.stringify(user);
    const known = identities.get(key) ?? identityOf(user);
    identities.set(key, known);
    return known;
  };
  return plain =>
    secureCommands(plain, {
      enabled: () => config().globals.enableScriptSecurity,
      scriptUser: () => config().globals.scriptUser ?? fallbackUser,
      identityOf: identify,
      searchPath: searchPath(),
    });
}

/** keepalived core/notify.c:set_default_script_user. */
function defaultScriptUser(): ScriptUser | null {
  const user = { name: 'keepalived_script' };
  return identityOf(user) ? user : null;
}
