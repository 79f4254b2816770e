import type { VirtualServer } from '../../model/server.ts';
import { exampleService, tcpCheck } from './example.ts';
import { childrenOf } from './nodes.ts';
import type { LintContext, LintRule } from './rule.ts';

const reals = { '10.0.0.2 80': tcpCheck, '10.0.0.3 80': tcpCheck };

export const quorumChanged: LintRule = {
  code: 'quorum-changed',
  severity: 'warning',
  keepalived: true,
  meaning: 'The quorum or its hysteresis can never be reached.',
  why: `The quorum is compared with the sum of the weights of the real servers that are up, not with their number. One that is
larger than all weights together could never be gained, and so it is lowered to that sum: a single server that goes down then
means that the whole service is down.`,
  bad: { text: exampleService({ lines: ['protocol TCP', 'quorum 3'], reals }) },
  good: { text: exampleService({ lines: ['protocol TCP', 'quorum 2'], reals }) },
  find(context) {
    const settled = new Map(context.config.virtualServers.map(server => [server.span, server]));
    for (const draft of context.drafts) {
      if (draft.realServers.length > 0) findInServer(draft, settled.get(draft.span), context);
    }
  },
};

/** `settled`: with the real servers of all that are the same service; none where it was joined to another one. */
function findInServer(draft: VirtualServer, settled: VirtualServer | undefined, { nodeAt, report }: LintContext): void {
  const { name, span, quorum, hysteresis, realServers } = draft;
  const total = (settled?.realServers ?? realServers).reduce((sum, real) => sum + real.weight, 0);
  const reached = settled?.quorum ?? Math.max(1, Math.min(quorum, total));
  const spanOf = (keyword: string) => childrenOf(nodeAt(span), keyword).at(-1)?.keyword.span ?? span;
  if (total === 0) {
    const message = `All weights of ${name} are 0: its quorum of ${quorum} can never be gained.`;
    report(spanOf('quorum'), message, 'Give a real server a weight above 0.');
  } else if (reached !== quorum) {
    const taken = settled === undefined ? '.' : `; ${reached} is taken.`;
    const message = `The quorum ${quorum} of ${name} is more than the weights of its real servers add up to${taken}`;
    report(spanOf('quorum'), message, `Write quorum ${reached} or less.`);
  }
  const most = settled?.hysteresis ?? Math.min(hysteresis, reached - 1);
  if (most !== hysteresis) {
    const message = `The hysteresis ${hysteresis} of ${name} must be less than its quorum of ${reached}; ${most} is taken.`;
    report(spanOf('hysteresis'), message, `Write hysteresis ${most} or less.`);
  }
}
