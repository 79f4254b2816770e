import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { channels } from '../../alerts/index.ts';
import { checkers } from '../../checks/index.ts';
import { diskFiles, type LoadOptions, loadConfig, loadTree } from '../config/load.ts';
import { findPlugins } from '../config/plugins.ts';
import type { Checker } from '../model/check.ts';
import { systemClock } from '../sys/clock.ts';
import { compactMemory } from '../sys/compact-memory.ts';
import { editFile } from '../sys/edit-file.ts';
import { hostName, listHostAddresses } from '../sys/host.ts';
import { httpClient } from '../sys/http-client.ts';
import { createLog, openSink } from '../sys/log.ts';
import { patterns } from '../sys/patterns.ts';
import { readFolder } from '../sys/read-folder.ts';
import { resolveHost } from '../sys/resolve-host.ts';
import { findServiceManager } from '../sys/service-manager.ts';
import { sockets } from '../sys/sockets.ts';
import { writeFile } from '../sys/write-file.ts';
import { composeAgent, openContext, openPlugins } from './compose.ts';
import type { Io, Modules, Output } from './io.ts';
import { readWithPlugins } from './plugins/read.ts';
import { runCommandLine, runGenhash } from './program.ts';

/** Runs the command line of this process, and ends it with the exit code. */
export async function main(name: 'checkalived' | 'genhash' = 'checkalived'): Promise<void> {
  const faults = new Set<(fault: unknown) => void>();
  const tell = (fault: unknown): void => {
    if (faults.size === 0) leave(fault);
    for (const run of [...faults]) run(fault);
  };
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
  try {
    const run = name === 'genhash' ? runGenhash : runCommandLine;
    process.exit(await run(process.argv.slice(2), openIo(faults), modules));
  } catch (fault) {
    leave(fault);
  }
}

function openIo(faults: Set<(fault: unknown) => void>): Io {
  const stdout = openOutput(process.stdout);
  return {
    stdout,
    stderr: openOutput(process.stderr),
    clock: systemClock,
    startedAt: systemClock.now() - process.uptime() * 1_000,
    version: installed.version,
    manager: findServiceManager(process.env),
    compactMemory,
    onSignal: (signal, run) => {
      process.on(signal, run);
      return () => process.off(signal, run);
    },
    onFault: run => {
      faults.add(run);
      return () => faults.delete(run);
    },
    openLog: format => createLog({ format, level: 'info', sink: openSink(1), colours: stdout.colours }),
  };
}

const installed = findPackage();
const plugins = openPlugins(installed.root);

/** The real ones. */
export const modules: Modules = {
  load: (file, configId) =>
    readWithPlugins(
      checkers,
      known => loadConfig(file, { ...readingOptions(configId, known), addresses: listHostAddresses() }),
      ({ config }) => config.settings.plugin,
      plugins,
    ),
  loadTree: (file, configId) =>
    readWithPlugins(
      checkers,
      known => loadTree(file, readingOptions(configId, known)),
      ({ tree }) => findPlugins(tree),
      plugins,
    ),
  readFile: diskFiles.read,
  checkers,
  sockets,
  http: httpClient,
  resolve: resolveHost,
  editFile,
  writeFile,
  readPackaged: directory => readFolder(join(installed.root, directory)),
  openContext,
  compose: composeAgent,
};

function readingOptions(configId: string, known: readonly Checker[]): LoadOptions {
  return { configId, checkers: known, channels, hostName, patterns, environment: definedOf(process.env) };
}

function openOutput(stream: NodeJS.WriteStream): Output {
  let closed = false;
  stream.on('error', () => {
    closed = true;
  });
  const isTerminal = stream.isTTY === true;
  return {
    write: text => {
      if (!closed) stream.write(text);
    },
    isTerminal,
    colours: isTerminal && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
    // A terminal that does not know its size says 0.
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
    get closed() {
      return closed;
    },
  };
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(entry => entry[1] !== undefined)) as Record<
    string,
    string
  >;
}

/** By package.json, which is as far above src/cli as it is above dist/bundle. */
function findPackage(): { readonly version: string; readonly root: string } {
  const root = resolve(import.meta.dirname, '../..');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { version, root };
}

function leave(fault: unknown): never {
  const told = fault instanceof Error ? fault.stack : String(fault);
  try {
    process.stderr.write(`checkalived: this is a bug of checkalived, please report it: ${told}\n`);
  } catch {
    // Nobody is left to be told.
  }
  process.exit(1);
}
