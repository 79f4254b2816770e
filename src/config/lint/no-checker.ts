import type { LintRule } from './rule.ts';

const service = (lines: string): string => `virtual_server 192.0.2.10 80 {
    lb_algo wlc
    lb_kind NAT
    protocol TCP
    real_server 10.0.0.2 80 {
${lines}    }
}
`;

export const noChecker: LintRule = {
  code: 'no-checker',
  severity: 'hint',
  keepalived: false,
  meaning: 'A real server has no check: it is always up.',
  why: 'A real server without a checker gets its share of the traffic whether it answers or not.',
  bad: { text: service('        weight 1\n') },
  good: { text: service('        weight 1\n        TCP_CHECK {\n        }\n') },
  find({ drafts, report }) {
    for (const { realServers } of drafts) {
      for (const { checks, unchecked, name, span } of realServers) {
        if (checks.length > 0 || unchecked !== null) continue;
        report(span, `${name} has no check: it is always up.`, 'Write a checker, such as TCP_CHECK { }.');
      }
    }
  },
};
