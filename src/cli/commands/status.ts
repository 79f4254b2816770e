import type { Snapshot } from '../../model/snapshot.ts';
import type { Cancel, Ms } from '../../model/time.ts';
import { formatAddress, type ListenAddress } from '../../web/server.ts';
import type { Io } from '../io.ts';
import { openScreen } from '../output/screen.ts';
import { formatStatus, isAllUp } from '../output/status-table.ts';

export interface StatusOptions {
  /** Of the agent. */
  readonly listen: ListenAddress;
  readonly json: boolean;
  /** Again each second until a signal. */
  readonly watch: boolean;
}

type Answer =
  | { readonly ok: true; readonly snapshot: Snapshot; readonly text: string }
  | { readonly ok: false; readonly detail: string };

const watchEvery: Ms = 1_000;
const answerWithin: Ms = 5_000;

/** Asks the running agent. 0: all up, 2: something is down, 3: no agent answers. */
export async function showStatus(options: StatusOptions, io: Io): Promise<number> {
  const answer = await ask(options.listen, io);
  if (!answer.ok) {
    io.stderr.write(`checkalived: ${answer.detail}\n`);
    return 3;
  }
  if (options.watch) {
    await watch(answer, options, io);
    return 0;
  }
  if (options.json) io.stdout.write(answer.text.endsWith('\n') ? answer.text : `${answer.text}\n`);
  else io.stdout.write(`${formatStatus(answer.snapshot, layout(io)).join('\n')}\n`);
  return isAllUp(answer.snapshot) ? 0 : 2;
}

async function watch(first: Answer, { listen, json }: StatusOptions, io: Io): Promise<void> {
  const draw = io.stdout.isTerminal && !json ? openScreen(io.stdout) : null;
  let stopped = false;
  let wake = (): void => {};
  const stop = (): void => {
    stopped = true;
    wake();
  };
  const cancels = [io.onSignal('SIGINT', stop), io.onSignal('SIGTERM', stop)];
  let answer = first;
  while (!stopped && !io.stdout.closed) {
    const lines = answer.ok
      ? json
        ? [answer.text.trim()]
        : formatStatus(answer.snapshot, layout(io))
      : [json ? JSON.stringify({ error: answer.detail }) : answer.detail];
    if (draw) draw(lines);
    else io.stdout.write(`${lines.join('\n')}\n${json ? '' : '\n'}`);
    await new Promise<void>(resolve => {
      const cancel: Cancel = io.clock.at(io.clock.now() + watchEvery, resolve);
      wake = () => {
        cancel();
        resolve();
      };
      if (stopped) wake();
    });
    if (!stopped) answer = await ask(listen, io);
  }
  for (const cancel of cancels) cancel();
}

async function ask(listen: ListenAddress, io: Io): Promise<Answer> {
  const at = formatAddress({ ...listen, address: reachable(listen.address) });
  // Here alone, so that the agent, which has this file too, does not load it.
  const { Client } = await import('undici');
  const client = new Client(`http://${at}`);
  const late = new AbortController();
  const cancel = io.clock.at(io.clock.now() + answerWithin, () => late.abort());
  try {
    const { statusCode, body } = await client.request({ path: '/api/v1/status', method: 'GET', signal: late.signal });
    const text = await body.text();
    const snapshot = statusCode === 200 ? readSnapshot(text) : null;
    if (snapshot) return { ok: true, snapshot, text };
    return {
      ok: false,
      detail: `what answers on ${at} is no checkalived (HTTP status ${statusCode}); name the agent's address with --listen ADDR:PORT`,
    };
  } catch (fault) {
    return { ok: false, detail: describeFault(at, late.signal.aborted, fault) };
  } finally {
    cancel();
    await client.destroy();
  }
}

/** null: this is not what an agent says. */
function readSnapshot(text: string): Snapshot | null {
  try {
    const parsed = JSON.parse(text) as Partial<Snapshot> | null;
    return parsed && typeof parsed === 'object' && Array.isArray(parsed.virtualServers) ? (parsed as Snapshot) : null;
  } catch {
    return null;
  }
}

/** An agent that listens on all addresses is asked on loopback. */
function reachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}

function describeFault(at: string, late: boolean, fault: unknown): string {
  if (late) return `the agent on ${at} did not answer within ${answerWithin / 1000} s; look at its log`;
  const { code, message } = fault as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') {
    return `no agent listens on ${at}; start one (checkalived run -f FILE), or name its address with --listen ADDR:PORT`;
  }
  return `no agent answers on ${at}: ${message}; name its address with --listen ADDR:PORT`;
}

function layout({ stdout, clock }: Io): { now: number; colours: boolean; width?: number } {
  const { colours, isTerminal, columns } = stdout;
  return isTerminal ? { now: clock.wall(), colours, width: columns } : { now: clock.wall(), colours };
}
