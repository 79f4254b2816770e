import type { Io, Output, Signal } from '../../../src/cli/io.ts';
import type { Diagnostic } from '../../../src/config/diagnostics.ts';
import type { CheckPlan } from '../../../src/model/check.ts';
import type { Config } from '../../../src/model/config.ts';
import { checkerId, rsId, vsId } from '../../../src/model/ids.ts';
import type { RealServer, VirtualServer } from '../../../src/model/server.ts';
import type { Clock } from '../../../src/model/time.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

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
  send(signal: Signal): void;
  fail(fault: unknown): void;
  /** Handlers that nobody has given back. */
  listeners(): number;
}

export function createFakeIo(options: { readonly terminal?: boolean; readonly clock?: Clock } = {}): FakeIo {
  const { terminal = false, clock = new VirtualClock() } = options;
  const signals = new Map<Signal, Set<() => void>>();
  const faults = new Set<(fault: unknown) => void>();
  const logged: string[] = [];
  const keep = (level: string) => (message: string) => void logged.push(`${level}: ${message}`);
  return {
    stdout: createOutput(terminal),
    stderr: createOutput(terminal),
    clock,
    version: '1.2.3',
    logged,
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
      output.text += text;
    },
  };
  return output;
}

/** A configuration with the virtual servers given, and the defaults of everything else. */
export function createConfig(virtualServers: readonly VirtualServer[] = []): Config {
  return {
    globals: {
      routerId: 'test',
      notificationEmail: [],
      notificationEmailFrom: '',
      smtpServer: null,
      smtpHeloName: 'test',
      smtpConnectTimeout: 30_000,
      noCheckerEmails: false,
      rsInitNotifies: false,
      scriptUser: null,
      enableScriptSecurity: false,
      notifyFifo: null,
      lvsNotifyFifo: null,
      lvsFlush: false,
      lvsFlushOnStop: 'off',
      lvsTimeouts: null,
    },
    settings: {
      ipvs: 'weights',
      stateDir: '/nonexistent/state',
      listen: { address: '127.0.0.1', port: 0 },
      logFormat: 'auto',
      firstVerdict: 'retry',
      ipvsAudit: 60_000,
      scriptTimeout: 60_000,
      scriptLimit: 8,
      mailGroupLimit: 5,
      mailWindow: 5_000,
      mailGiveUp: 86_400_000,
      smtpUser: null,
      smtpPassword: null,
      smtpTls: 'off',
      retentionResults: 86_400_000,
      retentionTransitions: 86_400_000,
    },
    virtualServers,
  };
}

const span = { file: 'test.conf', line: 1, column: 1, length: 1 };

export function createVirtualServer(realServers: readonly RealServer[]): VirtualServer {
  return {
    id: vsId('tcp/10.0.0.1:80'),
    name: '[10.0.0.1]:tcp:80',
    target: { kind: 'address', address: '10.0.0.1', port: 80 },
    services: [{ kind: 'address', protocol: 'TCP', address: '10.0.0.1', port: 80 }],
    protocol: 'TCP',
    family: 'inet',
    scheduler: 'wlc',
    schedulerFlags: [],
    onePacket: false,
    persistence: null,
    forwarding: { kind: 'NAT' },
    alpha: false,
    omega: false,
    haSuspend: false,
    quorum: 1,
    hysteresis: 0,
    quorumUp: null,
    quorumDown: null,
    smtpAlert: false,
    sorryServer: null,
    realServers,
    span,
  };
}

export function createRealServer(
  port: number,
  checks: readonly CheckPlan[],
  unchecked: string | null = null,
): RealServer {
  return {
    id: rsId(`127.0.0.1:${port}`),
    name: `[127.0.0.1]:tcp:${port}`,
    address: '127.0.0.1',
    port,
    weight: 1,
    forwarding: { kind: 'NAT' },
    upperThreshold: 0,
    lowerThreshold: 0,
    inhibitOnFailure: false,
    notifyUp: null,
    notifyDown: null,
    smtpAlert: false,
    checks,
    unchecked,
    span,
  };
}

export function createPlan(type: string, spec: unknown): CheckPlan {
  return {
    id: checkerId(`${type} ${JSON.stringify(spec)}`),
    type,
    schedule: { kind: 'interval', every: 1_000 },
    warmup: 0,
    retry: 0,
    delayBeforeRetry: 1_000,
    rise: 1,
    alpha: false,
    logAllFailures: false,
    mail: { up: '', down: '' },
    pace: 'end',
    spec,
    span,
  };
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
