import type { DashboardFile, VariableFile } from './dashboard.ts';
import type { Prometheus, TimeRange } from './prometheus.ts';

/** Variable → what stands for it in a query. */
export type Values = Readonly<Record<string, string>>;

export interface RunRange extends TimeRange {
  /** Seconds between two scrapes. */
  readonly scrapeInterval: number;
}

/**
 * What Grafana's Prometheus data source puts in place of each variable: of several values a regular expression, of one
 * the value as it is. `chosen` has values that are not the first one, or all.
 */
export async function readVariables(
  { templating }: DashboardFile,
  chosen: Values,
  range: RunRange,
  prometheus: Prometheus,
): Promise<Values> {
  const values: Record<string, string> = { ...globals(range) };
  for (const variable of templating.list) {
    values[variable.name] = await readVariable(variable, chosen[variable.name], values, range, prometheus);
  }
  return values;
}

async function readVariable(
  variable: VariableFile,
  chosen: string | undefined,
  values: Values,
  range: RunRange,
  prometheus: Prometheus,
): Promise<string> {
  if (variable.type !== 'query') return chosen ?? '';
  const query = typeof variable.query === 'string' ? variable.query : (variable.query?.query ?? '');
  const [, selector, label] = /^label_values\((.+), *(\w+)\)$/s.exec(query) ?? [];
  if (selector === undefined || label === undefined) throw new Error(`${variable.name}: ${query} is not understood`);
  const found = await prometheus.labelValues(substitute(selector, values), label, range);
  // All of none are asked for without a complaint; one of none would be a query for nothing.
  if (found.length === 0 && !variable.includeAll) throw new Error(`the variable ${variable.name} has no value`);
  if (chosen !== undefined && !found.includes(chosen))
    throw new Error(`${variable.name}: ${chosen} is none of its values`);
  if (variable.includeAll) return chosen === undefined ? (variable.allValue ?? escapeAll(found)) : escapeAll([chosen]);
  return (chosen ?? (found[0] as string)).replaceAll('\\', '\\\\');
}

/** Puts the values in place of `$name`, `${name}` and `${name:format}`. */
export function substitute(text: string, values: Values): string {
  return text.replace(/\$(?:(\w+)|\{(\w+)(?::\w+)?\})/g, (whole, bare, braced) => {
    const value = values[bare ?? braced];
    if (value === undefined) throw new Error(`${whole} is no variable (in ${text})`);
    return value;
  });
}

function globals({ from, to, step, scrapeInterval }: RunRange): Values {
  return {
    __interval: `${step}s`,
    __rate_interval: `${Math.max(step + scrapeInterval, 4 * scrapeInterval)}s`,
    __range: `${Math.round(to - from)}s`,
    __range_s: `${Math.round(to - from)}`,
    __from: `${Math.round(from * 1000)}`,
    __to: `${Math.round(to * 1000)}`,
  };
}

function escapeAll(values: readonly string[]): string {
  const escaped = values.map(value => value.replace(/[\\^$*+?.()|[\]{}]/g, '\\\\$&'));
  return escaped.length === 1 ? (escaped[0] as string) : `(${escaped.join('|')})`;
}
