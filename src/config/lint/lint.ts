import type { Span } from '../../model/span.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigNode, ConfigTree } from '../text/node.ts';
import type { LintContext } from './rule.ts';
import { lintRules } from './rules.ts';

/** Runs every rule over a configuration that was read. */
export function lint(given: Omit<LintContext, 'nodeAt' | 'report'>, diagnostics: Diagnostics): void {
  const nodeAt = indexNodes(given.tree);
  for (const { code, severity, keepalived, find } of lintRules) {
    find({
      ...given,
      nodeAt,
      report: (span, message, hint) => diagnostics.add({ severity, code, message, hint, ...span, keepalived }),
    });
  }
}

/** The index is made when it is first asked: a clean configuration never needs it. */
function indexNodes(tree: ConfigTree): (span: Span) => ConfigNode | undefined {
  let nodes: Map<Span, ConfigNode> | null = null;
  const add = (index: Map<Span, ConfigNode>, list: ConfigTree): void => {
    for (const node of list) {
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
