import { parser } from '@prometheus-io/lezer-promql';

/** What an expression asks for. */
export interface ReadPromql {
  /** Pieces that are no PromQL. */
  readonly errors: readonly string[];
  readonly selectors: readonly {
    readonly metric: string;
    /** Label → operator and value, as they are written. */
    readonly matchers: Readonly<Record<string, string>>;
  }[];
  /** Labels behind by, without, on, ignoring, group_left and group_right. */
  readonly groupings: readonly string[];
  /** Durations in brackets, as they are written. */
  readonly ranges: readonly string[];
}

/** Reads PromQL by its grammar; Grafana's variables may stand for durations and numbers. */
export function readPromql(expression: string): ReadPromql {
  const plain = expression.replace(/\$__(?:from|to)\b/g, '1').replace(/\[\$__\w+\]/g, '[1m]');
  const errors: string[] = [];
  const selectors: { metric: string; matchers: Record<string, string> }[] = [];
  const groupings: string[] = [];
  parser.parse(plain).iterate({
    enter({ name, type, node, from, to }) {
      const text = plain.slice(from, to);
      if (type.isError) errors.push(plain.slice(Math.max(0, from - 20), to + 20));
      if (name === 'GroupingLabels')
        groupings.push(...node.getChildren('LabelName').map(label => plain.slice(label.from, label.to)));
      if (name !== 'VectorSelector') return;
      const metric = node.getChild('Identifier');
      const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
      selectors.push({
        metric: metric ? plain.slice(metric.from, metric.to) : text,
        matchers: Object.fromEntries(
          matchers.map(({ from, to }) => {
            const [, label = '', rest = ''] = /^(\w+)\s*(.*)$/s.exec(plain.slice(from, to)) ?? [];
            return [label, rest];
          }),
        ),
      });
    },
  });
  return {
    errors,
    selectors,
    groupings,
    ranges: [...expression.matchAll(/\[([^\]"]+)\]/g)].map(([, range = '']) => range),
  };
}
