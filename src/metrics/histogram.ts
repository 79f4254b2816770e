import type { ExpositionFormat } from '../model/exposition.ts';
import type { EpochMs } from '../model/time.ts';
import { formatLabels } from './text.ts';

/** One observation by name, for whoever asks what stands behind a bucket. */
export interface Exemplar {
  readonly realServer: string;
  /** When the check began: its `time_ms` in SQLite. */
  readonly startedAt: EpochMs;
  /** In seconds. */
  readonly value: number;
}

/** OpenMetrics takes no more characters in the names and values of an exemplar's labels. */
const longestExemplar = 128;
const exemplarLabels = ['real_server', 'event_id'] as const;

/** Counts by size, without an allocation for each: ten thousand checks a second are counted here. */
export class Histogram {
  readonly #buckets: readonly number[];
  /** Not cumulated; the last one is for all above the bounds. */
  readonly #counts: Float64Array;
  #sum = 0;
  /** Of each bucket the last; null: of none. */
  #exemplars: (Exemplar | undefined)[] | null = null;

  constructor(buckets: readonly number[]) {
    this.#buckets = buckets;
    this.#counts = new Float64Array(buckets.length + 1);
  }

  /** Returns the number of the bucket. */
  observe(value: number): number {
    const buckets = this.#buckets;
    let index = 0;
    while (index < buckets.length && value > (buckets[index] as number)) index++;
    (this.#counts[index] as number) += 1;
    this.#sum += value;
    return index;
  }

  /** Takes the place of the bucket's last exemplar. */
  exemplify(bucket: number, exemplar: Exemplar): void {
    this.#exemplars ??= [];
    this.#exemplars[bucket] = exemplar;
  }

  /** Its lines; `labels` without braces, empty for none. Exemplars stand in OpenMetrics only. */
  format(name: string, labels: string, format: ExpositionFormat): string {
    const more = labels === '' ? '' : `,${labels}`;
    const own = labels === '' ? '' : `{${labels}}`;
    let text = '';
    let count = 0;
    for (let index = 0; index < this.#counts.length; index++) {
      count += this.#counts[index] as number;
      const exemplar = format === 'openmetrics' ? formatExemplar(this.#exemplars?.[index]) : '';
      text += `${name}_bucket{le="${this.#buckets[index] ?? '+Inf'}"${more}} ${count}${exemplar}\n`;
    }
    return `${text}${name}_sum${own} ${this.#sum}\n${name}_count${own} ${count}\n`;
  }
}

/** Its time is the end of the check: later ones of a bucket are never older, which Prometheus would refuse. */
function formatExemplar(exemplar: Exemplar | undefined): string {
  if (!exemplar) return '';
  const { realServer, startedAt, value } = exemplar;
  const size = [...exemplarLabels, realServer, String(startedAt)].reduce((sum, text) => sum + text.length, 0);
  if (size > longestExemplar) return '';
  const labels = formatLabels(exemplarLabels, [realServer, startedAt]);
  return ` # {${labels}} ${value} ${Math.round(startedAt + value * 1000) / 1000}`;
}
