import { exampleService } from './example.ts';
import type { LintRule } from './rule.ts';

const example = (line: string) => ({ text: exampleService({ lines: ['protocol TCP', line] }) });

export const ownKeyword: LintRule = {
  code: 'own-keyword',
  severity: 'hint',
  keepalived: true,
  meaning: 'A keyword of checkalived stands where keepalived would read it.',
  why: `keepalived skips a line that begins with @checkalived, and takes any other line for its own: a keyword of ours is unknown to it, and the braces of a
block of ours close blocks of its. In a file that only checkalived reads there is nothing to mend. It is told once, at the first such line.`,
  bad: example('schedule "*/10 * * * * *"'),
  good: example('@checkalived schedule "*/10 * * * * *"'),
  find({ ours, report }) {
    const [first, ...others] = ours().filter(({ source }) => source.onlyFor !== 'checkalived');
    if (first === undefined) return;
    const { ours: isOurs, name: keyword, type } = first.param;
    const name = isOurs ? keyword : `${keyword} ${first.words[0]?.text ?? ''}`;
    const more = others.length === 0 ? '' : ` (and ${others.length} more keywords)`;
    const lines = type.kind === 'block' ? 'every line of the block' : 'the line';
    report(
      first.keyword.span,
      `keepalived does not know ${name}${more}, and complains where it reads this file too.`,
      `Begin ${lines} with @checkalived, if keepalived reads this file.`,
    );
  },
};
