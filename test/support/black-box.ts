import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modules } from '../../src/cli/main.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import type { Sockets } from '../../src/model/ports.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { createFakeIo } from '../unit/cli/fake-io.ts';

/** What `checkalived check --json` says of one check. */
interface Finding {
  readonly realServer: string;
  readonly type: string | null;
  readonly up: boolean | null;
  readonly durationMs: number | null;
  readonly reason: string | null;
  readonly detail: string;
  readonly warning: string | null;
}
export interface Outcome {
  readonly exit: number;
  readonly findings: readonly Finding[];
  /** What is wrong with the file. */
  readonly complaints: string;
}
/** What has become of the connections so far. */
interface Traffic {
  asked: number;
  connected: number;
  opened: number;
  closed: number;
  /** Received. */
  bytes: number;
}
export interface World {
  readonly clock: VirtualClock;
  /** Resolves when the traffic is so. */
  until(passes: (traffic: Readonly<Traffic>) => boolean): Promise<void>;
}

/**
 * Runs `checkalived check` on the text of a keepalived.conf: all is real but the time, which stands still unless
 * `meanwhile` moves it.
 */
export async function runCheck(
  text: string,
  meanwhile: (world: World) => Promise<void> = async () => {},
  clock: VirtualClock = new VirtualClock(),
): Promise<Outcome> {
  return withFile(text, async file => {
    const io = createFakeIo();
    const { until, observe } = createObserver();
    const running = runCommandLine(['check', '-f', file, '--json'], io, {
      ...modules,
      openContext(config) {
        const { context, close } = modules.openContext(config);
        return { context: { ...context, clock, sockets: observe(context.sockets) }, close };
      },
    });
    const [exit] = await Promise.all([running, meanwhile({ clock, until })]);
    const findings = io.stdout.text === '' ? [] : (JSON.parse(io.stdout.text).checks as Finding[]);
    return { exit, findings, complaints: io.stderr.text };
  });
}

/** Runs `work` on a file with this text, which is gone afterwards. */
export async function withFile<Result>(text: string, work: (file: string) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'checkalived-peers-'));
  const file = join(directory, 'keepalived.conf');
  try {
    writeFileSync(file, text);
    return await work(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A virtual server of one real server on loopback; `more`: further lines of the virtual server. */
export function configFor(checker: string, port: number, more = ''): string {
  return `virtual_server 192.0.2.1 80 {
  protocol TCP
  delay_loop 5
  ${more}
  real_server 127.0.0.1 ${port} {
    ${checker}
  }
}
`;
}

/** A block with a line for each word of it. */
export function block(keyword: string, ...lines: readonly string[]): string {
  return [`${keyword} {`, ...lines, '}'].join('\n');
}

/** HTTP_GET of one url. */
export function httpGet(...url: readonly string[]): string {
  return block('HTTP_GET', block('url', ...url));
}

/** SSL_GET of one url. */
export function sslGet(...url: readonly string[]): string {
  return block('SSL_GET', block('url', ...url));
}

/** Counts what happens on real sockets. */
export function createObserver() {
  const traffic: Traffic = { asked: 0, connected: 0, opened: 0, closed: 0, bytes: 0 };
  let waiters: (() => void)[] = [];
  const count = (what: keyof Traffic, by = 1): void => {
    traffic[what] += by;
    const woken = waiters;
    waiters = [];
    for (const wake of woken) wake();
  };
  return {
    async until(passes: (traffic: Readonly<Traffic>) => boolean): Promise<void> {
      while (!passes(traffic)) await new Promise<void>(resolve => waiters.push(resolve));
    },
    observe: (real: Sockets): Sockets => ({
      connect(to, tls, handler) {
        const connection = real.connect(to, tls, {
          connected() {
            handler.connected?.();
            count('connected');
          },
          opened(open) {
            handler.opened(open);
            count('opened');
          },
          data(bytes) {
            handler.data(bytes);
            count('bytes', bytes.length);
          },
          ended: () => handler.ended(),
          closed(fault) {
            handler.closed(fault);
            count('closed');
          },
        });
        count('asked');
        return connection;
      },
    }),
  };
}
