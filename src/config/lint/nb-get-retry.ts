import { exampleService } from './example.ts';
import { childrenOf, walkTree } from './nodes.ts';
import type { LintRule } from './rule.ts';

const check = (line: string) => ({ '10.0.0.2 80': ['TCP_CHECK {', 'connect_timeout 3', line, '}'] });

export const nbGetRetry: LintRule = {
  code: 'nb-get-retry',
  severity: 'warning',
  keepalived: true,
  meaning: 'nb_get_retry stands in a checker that does not have it.',
  why: `Only HTTP_GET and SSL_GET ever had nb_get_retry, as an old name of retry. In TCP_CHECK and the others keepalived
ignores the line as an unknown keyword, so that the number of retries that was meant has never been in force; checkalived takes
it for retry.`,
  bad: { text: exampleService({ reals: check('nb_get_retry 3') }) },
  good: { text: exampleService({ reals: check('retry 3') }) },
  find({ nodesNamed, tree, report }) {
    const wrong = new Set(nodesNamed('nb_get_retry').filter(({ param }) => param.deprecated === undefined));
    if (wrong.size === 0) return;
    for (const checker of walkTree(tree)) {
      for (const node of childrenOf(checker, 'nb_get_retry')) {
        if (!wrong.has(node)) continue;
        const message = `${checker.param.name} has no nb_get_retry: keepalived ignores the line, checkalived takes it for retry.`;
        report(node.keyword.span, message, `Write retry ${node.words[0]?.text ?? 'N'}.`);
      }
    }
  },
};
