/** Where something stands in a configuration: 1-based line and column, length in characters. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}
