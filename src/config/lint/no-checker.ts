import { exampleService } from './example.ts';
import type { LintRule } from './rule.ts';

export const noChecker: LintRule = {
  code: 'no-checker',
  severity: 'hint',
  keepalived: false,
  meaning: 'A real server has no check: it is always up.',
  why: 'A real server without a checker gets its share of the traffic whether it answers or not.',
  bad: { text: exampleService({ reals: { '10.0.0.2 80': ['weight 1'] } }) },
  good: { text: exampleService({ reals: { '10.0.0.2 80': ['weight 1', 'TCP_CHECK {', '}'] } }) },
  find({ drafts, report }) {
    for (const { realServers } of drafts) {
      for (const { checks, unchecked, name, span } of realServers) {
        if (checks.length > 0 || unchecked !== null) continue;
        report(span, `${name} has no check: it is always up.`, 'Write a checker, such as TCP_CHECK { }.');
      }
    }
  },
};
