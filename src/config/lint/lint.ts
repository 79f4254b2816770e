import type { Checker } from '../../model/check.ts';
import type { Span } from '../../model/span.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';
import type { LintContext } from './rule.ts';
import { lintRules } from './rules.ts';

export interface LintInput extends Omit<LintContext, 'nodeAt' | 'longest' | 'report'> {
  readonly checkers: readonly Checker[];
}

/** Runs every rule over a configuration that was read. */
export function lint({ checkers, ...given }: LintInput, diagnostics: Diagnostics): void {
  const nodeAt = indexBlocks(given.tree);
  const byKeyword = new Map(checkers.map(checker => [checker.keyword, checker]));
  for (const { code, severity, keepalived, find } of lintRules) {
    const places = new Set<string>();
    find({
      ...given,
      nodeAt,
      longest: ({ type, spec }) => byKeyword.get(type)?.longest(spec) ?? 0,
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

/** The index is made when it is first asked: a clean configuration never needs it. */
function indexBlocks(tree: ConfigTree): (span: Span) => ConfigNode | undefined {
  let nodes: Map<Span, ConfigNode> | null = null;
  const add = (index: Map<Span, ConfigNode>, list: ConfigTree): void => {
    for (const node of list) {
      if (node.param.type.kind !== 'block') continue;
      index.set(node.keyword.span, node);
      add(index, node.nodes);
    }
  };
  return span => {
    if (nodes === null) {
      nodes = new Map();
      add(nodes, tree);
    }
    return nodes.get(span);
  };
}
