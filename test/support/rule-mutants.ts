/** A rule as it stands in the file. */
export interface YamlRule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Mutant {
  /** What was changed. */
  readonly change: string;
  readonly rule: YamlRule;
}

/** Finds places in an expression, and says what may stand there instead. */
type Change = readonly [pattern: RegExp, instead: (found: string) => readonly string[]];

const changes: readonly Change[] = [
  [/ == (?=\d)/g, () => [' != ']],
  [/ > (?=\d)/g, () => [' >= ', ' < ']],
  [/ >= (?=\d)/g, () => [' > ', ' < ']],
  [/ < (?=[\d(]|checkalived)/g, () => [' <= ', ' > ']],
  [/(?<=[=<>] )\d+(?:\.\d+)?/g, found => moveNumber(Number(found))],
  [/\band\b(?= |\n)/g, () => ['unless']],
  [/\bunless\b/g, () => ['and']],
  [/\bor\b/g, () => ['and', 'unless']],
  [/(?<=\[)\d+[mhw](?=\])/g, found => [moveSpan(found, 0.5), moveSpan(found, 2)]],
  [/(?<==~?)"[^"]+"/g, () => ['"other"']],
  [/\b(?:sum|count|min|max)\b(?= (?:by|without))/g, found => [found === 'max' ? 'min' : 'max']],
  [/(?<= )[/](?= )/g, () => ['*']],
  [/(?<= )-(?= )/g, () => ['+']],
  [/(?<=quantile\()0\.99/g, () => ['0.95', '0.999']],
];

/** The rule with one thing changed, in every way that we know. */
export function* mutateRule(rule: YamlRule): Generator<Mutant> {
  for (const [pattern, instead] of changes) {
    for (const match of rule.expr.matchAll(pattern)) {
      for (const text of instead(match[0])) {
        const expr = rule.expr.slice(0, match.index) + text + rule.expr.slice(match.index + match[0].length);
        yield {
          change: `${match[0].trim()} → ${text.trim()} at ${match.index} of ${rule.expr}`,
          rule: { ...rule, expr },
        };
      }
    }
  }
  if (!rule.alert) return;
  yield* mutateSpan(rule, 'for');
  yield* mutateSpan(rule, 'keep_firing_for');
  const severity = rule.labels?.['severity'] === 'info' ? 'warning' : 'info';
  yield { change: `severity ${severity}`, rule: { ...rule, labels: { ...rule.labels, severity } } };
}

function* mutateSpan(rule: YamlRule, key: 'for' | 'keep_firing_for'): Generator<Mutant> {
  const span = rule[key];
  const seconds = span === undefined ? 0 : secondsOf(span);
  for (const other of [seconds - 30, seconds + 30]) {
    if (other >= 0) yield { change: `${key} ${span} → ${other}s`, rule: { ...rule, [key]: `${other}s` } };
  }
}

function moveNumber(number: number): readonly string[] {
  if (!Number.isInteger(number)) return [String(number * 0.9), String(number * 1.1)];
  if (number > 1_000) return [String(number - 60), String(number + 60)];
  return number === 0 ? ['1'] : [String(number - 1), String(number + 1)];
}

function moveSpan(span: string, factor: number): string {
  return `${Math.round(secondsOf(span) * factor)}s`;
}

function secondsOf(span: string): number {
  const unit = { s: 1, m: 60, h: 3_600, w: 604_800 }[span.at(-1) ?? ''] ?? Number.NaN;
  return Number.parseInt(span, 10) * unit;
}
