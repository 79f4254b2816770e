import type { FileRead } from '../config/file-reader.ts';
import type { ReadResult, TreeResult } from '../config/read.ts';
import type { CheckContext, Checker } from '../model/check.ts';
import type { Config, Settings } from '../model/config.ts';
import type { Exposition, ReloadResult } from '../model/exposition.ts';
import type { UnjudgedCheck } from '../model/inspection.ts';
import type { EditFile, HttpClient, Log, ServiceManager, Sockets, WriteFile } from '../model/ports.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Cancel, Clock, Ms } from '../model/time.ts';

/** Standard output or standard error. */
export interface Output {
  /** Never throws; what a closed pipe does not take is lost. */
  write(text: string | Uint8Array): void;
  readonly isTerminal: boolean;
  /** A terminal, and nobody asked for none (NO_COLOR). */
  readonly colours: boolean;
  readonly columns: number;
  readonly rows: number;
  /** The reader is gone. */
  readonly closed: boolean;
}

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** What a command may touch of the process that it runs in. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly clock: Clock;
  /** When this process began, on that clock. */
  readonly startedAt: Ms;
  /** Of this checkalived. */
  readonly version: string;
  onSignal(signal: Signal, run: () => void): Cancel;
  /** An exception that nobody caught: a bug of ours. */
  onFault(run: (fault: unknown) => void): Cancel;
  /** Who started us as a service. */
  readonly manager: ServiceManager;
  /** Gives back memory that was needed once; holds the loop for 0.1 to 0.2 s where ten thousand servers are checked. */
  compactMemory(): void;
  /** The agent's log on standard output. */
  openLog(format: Settings['logFormat']): Log;
}

/** What `composeAgent` takes: `config` with the command line's options already in it. */
export interface ComposeOptions {
  readonly config: Config;
  readonly checkers: readonly Checker[];
  readonly dryRun: boolean;
  readonly log: Log;
  readonly version: string;
  /** When the program began, on the system's clock. */
  readonly startedAt: Ms;
}
/** An agent with all its parts. */
export interface RunningAgent {
  /** Rejects with a sentence when it cannot: no ipvsadm, no permission. */
  start(): Promise<void>;
  reload(config: Config, checkers: readonly Checker[]): Promise<void>;
  stop(options: { readonly release: boolean }): Promise<void>;
  snapshot(): Snapshot;
  readonly metrics: Exposition;
  /** For the metrics: what became of a reload that was asked for. */
  reloaded(result: ReloadResult): void;
  /** Checks without a verdict; null: it has not started. */
  unjudged(): Iterable<UnjudgedCheck> | null;
}

/** The parts that the commands put to work. */
export interface Modules {
  /** With the plug-ins that it names. Rejects with UnreadableConfig when the file cannot be read. */
  load(file: string, configId: string): Promise<ReadResult>;
  /** Its keywords only; rejects as `load` does. */
  loadTree(file: string, configId: string): Promise<TreeResult>;
  /** The text of a file that is no keepalived.conf. */
  readFile(file: string): FileRead;
  /** Those that there are without plug-ins. */
  readonly checkers: readonly Checker[];
  readonly sockets: Sockets;
  readonly http: HttpClient;
  /** The addresses of a host, the one to be tried first in front; rejects with a sentence when there are none. */
  resolve(host: string): Promise<readonly string[]>;
  readonly editFile: EditFile;
  readonly writeFile: WriteFile;
  /** The texts below a directory of this package, by their path in it: what is copied to other programs. */
  readPackaged(directory: string): ReadonlyMap<string, string>;
  /** What checks run with outside of an agent; closed when they are done. */
  openContext(config: Config): { readonly context: Omit<CheckContext, 'signal'>; close(): Promise<void> };
  compose(options: ComposeOptions): RunningAgent;
}
