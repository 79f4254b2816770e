import type { Checker } from '../../model/check.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { longestOf } from '../timing.ts';
import type { LintContext } from './rule.ts';
import { lintRules } from './rules.ts';
import { openTree, type TreeIndex } from './tree-index.ts';

export interface LintInput extends Omit<LintContext, keyof TreeIndex | 'longest' | 'report'> {
  readonly checkers: readonly Checker[];
}

/** Runs every rule over a configuration that was read. */
export function lint({ checkers, ...given }: LintInput, diagnostics: Diagnostics): void {
  const index = openTree(given.tree);
  const longest = longestOf(checkers);
  for (const { code, severity, keepalived, find } of lintRules) {
    const places = new Set<string>();
    find({
      ...given,
      ...index,
      longest,
      // A sequence makes many servers of one line; advice on it is given once.
      report: (span, message, hint) => {
        const place = `${span.file}\n${span.line}:${span.column}`;
        if (places.has(place)) return;
        places.add(place);
        diagnostics.add({ severity, code, message, hint, ...span, keepalived });
      },
    });
  }
}
