import { exampleService, tcpCheck } from './example.ts';
import { childrenOf } from './nodes.ts';
import type { LintRule } from './rule.ts';

/** Schedulers of the kernel that look at a weight only to see whether it is 0, and the one that does more. */
const weighted: Readonly<Record<string, string>> = { rr: 'wrr', lc: 'wlc' };
const reals = { '10.0.0.2 80': ['weight 100', ...tcpCheck], '10.0.0.3 80': ['weight 50', ...tcpCheck] };

export const weightsIgnored: LintRule = {
  code: 'weights-ignored',
  severity: 'hint',
  keepalived: false,
  meaning: 'Real servers have different weights that the scheduler does not look at.',
  why: `rr and lc treat all real servers alike, whatever their weights (but for 0, which drains). A small machine with weight 50
beside a large one with weight 100 gets as much as that one. The weights count for the quorum all the same.`,
  bad: { text: exampleService({ scheduler: 'rr', reals }) },
  good: { text: exampleService({ scheduler: 'wrr', reals }) },
  find({ drafts, nodeAt, report }) {
    for (const { scheduler, realServers, span, name } of drafts) {
      const instead = weighted[scheduler];
      const weights = [...new Set(realServers.map(real => real.weight).filter(weight => weight > 0))];
      if (instead === undefined || weights.length < 2) continue;
      const node = nodeAt(span);
      const line = [...childrenOf(node, 'lb_algo'), ...childrenOf(node, 'lvs_sched')].find(
        ({ words }) => words[0]?.text === scheduler,
      );
      const message = `${scheduler} does not look at the weights ${weights.slice(0, 4).join(', ')} of the real servers of ${name}.`;
      report(line?.words[0]?.span ?? span, message, `Write lb_algo ${instead}, or give all the same weight.`);
    }
  },
};
