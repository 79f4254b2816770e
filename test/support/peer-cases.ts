import * as assert from 'uvu/assert';
import { findClosedPort } from '../../testing/fault-server.ts';
import { configFor, runCheck, type World } from './black-box.ts';
import { startFullBacklog } from './full-backlog.ts';
import { type Script, startScriptedServer } from './scripted-server.ts';
import type { Suite } from './suite.ts';

/** One row of the peers' tables: a server, a checker, a verdict. */
export interface PeerCase {
  /** A sentence behind the id of the row. */
  readonly title: string;
  readonly server: Script | 'nobody listens' | 'its queue is full';
  /** The checker of the real server, as a user writes it. */
  readonly checker: string;
  /** `up`, or `down` or `unknown` and the reason. */
  readonly verdict: string;
  readonly detail?: RegExp;
  /** What the server must get; a test that hangs says that it did not. */
  readonly heard?: RegExp | readonly RegExp[];
  /** When all has been said, and the deadline comes. */
  readonly hangs?: Parameters<World['until']>[0];
  /** By how much the clock moves then; default: 5 s, the default of connect_timeout. */
  readonly moves?: number;
}

export function tellCases(test: Suite, cases: readonly PeerCase[]): void {
  for (const peer of cases) test(peer.title, () => tellCase(peer));
}

async function tellCase({ server, checker, verdict, detail, heard, hangs, moves = 5000 }: PeerCase): Promise<void> {
  const running = await startServer(server);
  try {
    const { findings, complaints } = await runCheck(configFor(checker, running.port), async ({ until, clock }) => {
      if (!hangs) return;
      await until(hangs);
      await clock.advance(moves);
    });
    assert.is(findings.length, 1, complaints);
    const [finding] = findings;
    assert.is(finding && describeVerdict(finding), verdict, finding?.detail);
    if (detail) assert.match(finding?.detail ?? '', detail);
    const wanted = [heard ?? []].flat();
    await running.heard(text => wanted.every(pattern => pattern.test(text)));
  } finally {
    await running.close();
  }
}

/** `up`, or `down` or `unknown` and the reason. */
export function describeVerdict({
  up,
  reason,
}: {
  readonly up: boolean | null;
  readonly reason: string | null;
}): string {
  return up === true ? 'up' : `${up === false ? 'down' : 'unknown'} ${reason}`;
}

async function startServer(server: PeerCase['server']) {
  const silent = { heard: async (_: (text: string) => boolean) => {}, close: async () => {} };
  if (server === 'nobody listens') return { ...silent, port: await findClosedPort() };
  if (server === 'its queue is full') return { ...silent, ...(await startFullBacklog()) };
  return startScriptedServer(server);
}
