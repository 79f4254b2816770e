/** Where the runbooks are read; `checkalived rules` can put another address in its place. */
export const runbookBase = 'https://github.com/checkalived/checkalived/blob/main/docs/runbooks/';

type Span = `${number}${'s' | 'm' | 'h'}`;

/** critical: somebody is woken. warning: somebody looks at it in working hours. info: nobody is told, dashboards show it. */
export type Severity = 'critical' | 'warning' | 'info';

/** One rule of an alert. Texts are templates of Prometheus, of one line. */
export interface AlertRule {
  readonly severity: Severity;
  readonly expr: string;
  readonly for?: Span;
  /** Bridges a scrape that fails and an agent that restarts, so that one cause is not told twice. */
  readonly keepFiringFor?: Span;
  readonly summary: string;
  readonly description: string;
}

export interface Alert {
  /** In Prometheus with Checkalived before it. */
  readonly name: string;
  /** One sentence, for docs/reference/alerts.md. */
  readonly meaning: string;
  /** Path in Grafana; a template. */
  readonly dashboard: string;
  /** Of one severity each. */
  readonly rules: readonly AlertRule[];
}

interface Recording {
  readonly record: string;
  readonly expr: string;
  /** One sentence, for docs/reference/alerts.md. */
  readonly meaning: string;
}

export interface RuleGroup {
  readonly name: string;
  readonly alerts: readonly Alert[];
  readonly recordings: readonly Recording[];
}

export function fullName({ name }: Alert): string {
  return `Checkalived${name}`;
}

/** The file in docs/runbooks: RealServerDown is explained in real-server-down.md. */
export function runbookFile({ name }: Alert): string {
  return `${name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.md`;
}
