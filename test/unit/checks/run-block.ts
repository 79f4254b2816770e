import { checkers } from '../../../checks/index.ts';
import type { CheckContext, CheckResult } from '../../../src/model/check.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { makeContext } from '../../../testing/check-context.ts';
import { readText, virtualServer } from '../config/read-text.ts';

/** What the checker of this block finds once, on a real server at a port of loopback; read from text as users write it. */
export function runBlock(
  head: string,
  lines: readonly string[],
  port: number,
  given: Partial<CheckContext> = {},
): Promise<CheckResult> {
  const text = virtualServer(
    `real_server 127.0.0.1 ${port} {\n${[`${head} {`, ...lines, '}'].map(hide).join('\n')}\n}`,
  );
  const { config, diagnostics } = readText(text);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const plan = config.virtualServers[0]?.realServers[0]?.checks[0];
  const checker = checkers.find(({ keyword }) => keyword === plan?.type);
  if (!plan || !checker) throw new Error(`${head} made no check`);
  return checker.check(plan.spec, makeContext({ sockets, ...given }));
}

/** The verdict in one line. */
export function verdictOf(result: CheckResult): string {
  if (result.ok) return `ok: ${result.detail}`;
  return `${result.inconclusive ? 'no verdict, ' : ''}${result.reason}: ${result.detail}`;
}

function hide(line: string): string {
  return `@checkalived ${line}`;
}
