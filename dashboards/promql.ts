import type { MetricFamily } from '../src/metrics/catalogue.ts';

/** What must be known of a metric to select its series. */
export type Family = Pick<MetricFamily, 'name' | 'labels'>;

/** Metrics that are not ours: `up` is Prometheus' own, the others are written by prom-client. */
export const foreign = {
  up: { name: 'up', labels: [] },
  cpu: { name: 'process_cpu_seconds_total', labels: [] },
  residentMemory: { name: 'process_resident_memory_bytes', labels: [] },
  heapUsed: { name: 'nodejs_heap_size_used_bytes', labels: [] },
  openFiles: { name: 'process_open_fds', labels: [] },
  maxFiles: { name: 'process_max_fds', labels: [] },
  garbage: { name: 'nodejs_gc_duration_seconds', labels: ['kind'] },
} as const satisfies Readonly<Record<string, Family>>;

const programs = new Set<string>(Object.values(foreign).map(({ name }) => name));
/** The scrape jobs of agents, as the alert rules want them: the variable's All is all jobs that there are. */
const agentJobs = '=~"checkalived.*"';

/** The labels that a dashboard has a variable for: of several values, or of one. */
export type Scope = Readonly<Record<string, 'several' | 'one'>>;

interface Narrowing {
  /** Label → what is behind it, operator included: `="down"`. */
  readonly where?: Readonly<Record<string, string>>;
  /** The part of a histogram. */
  readonly part?: 'bucket' | 'sum' | 'count';
  /** On purpose over all instances of the job: what is asked is whether they agree. */
  readonly allInstances?: true;
  /** Labels whose variable is not meant. */
  readonly without?: readonly string[];
}

/** Writes the selector of a metric, with a matcher for each variable of the dashboard that it has a label for. */
export type Select = (family: Family, narrowing?: Narrowing) => string;

/**
 * The only place where a selector is written. A variable of one value is compared with `=`: Grafana puts its value there
 * as it is, and the address `tcp/[2001:db8::1]:80` is no regular expression of itself.
 */
export function createSelect(scope: Scope): Select {
  return ({ name, labels }, { where = {}, part, allInstances, without = [] } = {}) => {
    const matchers = [
      ...(programs.has(name) ? [['job', agentJobs]] : []),
      ['job', '=~"$job"'],
      ['instance', allInstances ? '=~".+"' : '=~"$instance"'],
      ...Object.entries(scope)
        .filter(([label]) => labels.includes(label) && !without.includes(label))
        .map(([label, values]) => [label, values === 'one' ? `="$${label}"` : `=~"$${label}"`]),
      ...Object.entries(where),
    ];
    const text = matchers.map(matcher => matcher.join('')).join(',');
    return `${part === undefined ? name : `${name}_${part}`}{${text}}`;
  };
}

/** What a virtual server is told apart by: two directors may see it differently. */
export const byVirtualServer = 'instance, virtual_server';
/** What a real server is told apart by. */
export const byRealServer = 'instance, virtual_server, real_server';

/** `max by (labels) (expression)`: leaves these labels alone, so that the answers of several queries fit together. */
export function only(labels: string, expression: string): string {
  return `max by (${labels}) (${expression})`;
}

/** The sum of what a counter grows in a second. */
export function ratePer(labels: string, selector: string): string {
  return `sum by (${labels}) (rate(${selector}[$__rate_interval]))`;
}

/** A percentile of a histogram, over the labels that are left. */
export function percentile(quantile: number, labels: string, buckets: string): string {
  const by = labels === '' ? 'le' : `le, ${labels}`;
  return `histogram_quantile(${quantile}, sum by (${by}) (rate(${buckets}[$__rate_interval])))`;
}

/** How many series there are, 0 with none. */
export function count(expression: string): string {
  return `count(${expression}) or vector(0)`;
}

/** The largest ones, the same over the whole time that is shown: chosen by their value in it. */
export function largest(most: number, labels: string, expression: string, chosenBy: string): string {
  return `${expression} and on (${labels}) topk(${most}, ${chosenBy})`;
}
