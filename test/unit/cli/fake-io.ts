import { Buffer } from 'node:buffer';
import type { Io, Output, Signal } from '../../../src/cli/io.ts';
import type { Diagnostic } from '../../../src/config/diagnostics.ts';
import type { CheckPlan } from '../../../src/model/check.ts';
import type { Config } from '../../../src/model/config.ts';
import { rsId } from '../../../src/model/ids.ts';
import type { RealServer, VirtualServer } from '../../../src/model/server.ts';
import type { Clock } from '../../../src/model/time.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { makeConfig } from '../../support/configs.ts';
import { planCheck, planRealServer } from '../../support/plans.ts';

interface FakeOutput extends Output {
  text: string;
  closed: boolean;
}

/** An Io that remembers what was written, and sends signals when told. */
export interface FakeIo extends Io {
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
  /** `warn: a sentence`. */
  readonly logged: string[];
  /** What the service manager was told. */
  readonly told: string[];
  /** How often memory was given back. */
  compactions: number;
  send(signal: Signal): void;
  fail(fault: unknown): void;
  /** Handlers that nobody has given back. */
  listeners(): number;
}

export function createFakeIo(
  options: { readonly terminal?: boolean; readonly clock?: Clock; readonly watchdog?: number } = {},
): FakeIo {
  const { terminal = false, clock = new VirtualClock() } = options;
  const signals = new Map<Signal, Set<() => void>>();
  const faults = new Set<(fault: unknown) => void>();
  const logged: string[] = [];
  const told: string[] = [];
  const keep = (level: string) => (message: string) => void logged.push(`${level}: ${message}`);
  const io: FakeIo = {
    stdout: createOutput(terminal),
    stderr: createOutput(terminal),
    clock,
    startedAt: clock.now(),
    version: '1.2.3',
    logged,
    told,
    compactions: 0,
    compactMemory: () => void io.compactions++,
    manager: { watchdog: options.watchdog ?? null, tell: (...lines) => void told.push(...lines) },
    onSignal: (signal, run) => {
      const runs = signals.get(signal) ?? new Set();
      signals.set(signal, runs.add(run));
      return () => runs.delete(run);
    },
    onFault: run => {
      faults.add(run);
      return () => faults.delete(run);
    },
    openLog: () => ({ debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }),
    send: signal => {
      for (const run of [...(signals.get(signal) ?? [])]) run();
    },
    fail: fault => {
      for (const run of [...faults]) run(fault);
    },
    listeners: () => faults.size + [...signals.values()].reduce((sum, runs) => sum + runs.size, 0),
  };
  return io;
}

function createOutput(terminal: boolean): FakeOutput {
  const output: FakeOutput = {
    text: '',
    isTerminal: terminal,
    colours: false,
    columns: 100,
    rows: 30,
    closed: false,
    write: text => {
      output.text += typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
    },
  };
  return output;
}

/** A configuration with the virtual servers given, without mail, and the defaults of everything else. */
export function createConfig(virtualServers: readonly VirtualServer[] = []): Config {
  return makeConfig({
    virtualServers,
    globals: { routerId: 'test', notificationEmail: [], smtpServer: null },
    settings: { logFormat: 'auto', stateDir: '/nonexistent/state' },
  });
}

export function createRealServer(
  port: number,
  checks: readonly CheckPlan[],
  unchecked: string | null = null,
): RealServer {
  return planRealServer(0, {
    id: rsId(`127.0.0.1:${port}`),
    name: `[127.0.0.1]:tcp:${port}`,
    address: '127.0.0.1',
    port,
    checks,
    unchecked,
  });
}

export function createPlan(type: string, spec: unknown): CheckPlan {
  return planCheck(`${type} ${JSON.stringify(spec)}`, { type, spec });
}

export function createDiagnostic(changes: Partial<Diagnostic> = {}): Diagnostic {
  return {
    severity: 'error',
    code: 'bad-address',
    message: 'x is no address',
    hint: 'write 10.0.0.1',
    file: 'test.conf',
    line: 2,
    column: 3,
    length: 4,
    keepalived: true,
    ...changes,
  };
}
