/** `text`: Prometheus' own, version 0.0.4; `openmetrics`: OpenMetrics 1.0.0. */
export type ExpositionFormat = 'text' | 'openmetrics';

/** `GET /metrics`. */
export interface Exposition {
  /** One answer, in the format that the header `Accept` asks for; undefined: the client has sent none. */
  scrape(accept: string | undefined): Scrape;
}

interface Scrape {
  readonly contentType: string;
  /** Each piece is made when it is asked for, on a turn of the loop of its own. */
  readonly pieces: AsyncGenerator<string, void>;
}

/** What became of a reload that was asked for. `invalid`: the new configuration was refused. */
export type ReloadResult = 'ok' | 'invalid' | 'failed';
