import type { LintRule } from './rule.ts';
import { exampleInstance } from './vrrp-example.ts';

export const masterWithNopreempt: LintRule = {
  code: 'master-with-nopreempt',
  severity: 'warning',
  keepalived: true,
  meaning: 'A vrrp_instance with state MASTER has nopreempt, which does nothing then.',
  why: `A router that begins as MASTER takes the addresses at once, whoever has them: it preempts. So keepalived drops
nopreempt, and the addresses move back whenever this router is started.`,
  bad: { text: exampleInstance({ lines: ['state MASTER', 'priority 150', 'nopreempt'] }) },
  good: { text: exampleInstance({ lines: ['state BACKUP', 'priority 150', 'nopreempt'] }) },
  find({ config, nodeAt, report }) {
    for (const { name, state, preempt, span } of config.vrrp.instances) {
      if (state !== 'MASTER' || preempt) continue;
      const line = nodeAt(span)?.nodes.findLast(({ param }) => param.name === 'nopreempt');
      const message = `nopreempt of ${name} does nothing: state is MASTER.`;
      report(line?.keyword.span ?? span, message, 'Write state BACKUP on every router.');
    }
  },
};
