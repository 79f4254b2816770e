/** Counts by size, without an allocation for each: ten thousand checks a second are counted here. */
export class Histogram {
  readonly #buckets: readonly number[];
  /** Not cumulated; the last one is for all above the bounds. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(buckets: readonly number[]) {
    this.#buckets = buckets;
    this.#counts = new Float64Array(buckets.length + 1);
  }

  observe(value: number): void {
    const buckets = this.#buckets;
    let index = 0;
    while (index < buckets.length && value > (buckets[index] as number)) index++;
    (this.#counts[index] as number) += 1;
    this.#sum += value;
  }

  /** Its lines in the text format; `labels` without braces, empty for none. */
  format(name: string, labels: string): string {
    const more = labels === '' ? '' : `,${labels}`;
    const own = labels === '' ? '' : `{${labels}}`;
    let text = '';
    let count = 0;
    for (const [index, bound] of this.#buckets.entries()) {
      count += this.#counts[index] ?? 0;
      text += `${name}_bucket{le="${bound}"${more}} ${count}\n`;
    }
    count += this.#counts[this.#buckets.length] ?? 0;
    return `${text}${name}_bucket{le="+Inf"${more}} ${count}\n${name}_sum${own} ${this.#sum}\n${name}_count${own} ${count}\n`;
  }
}
