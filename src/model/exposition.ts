/** The text of `GET /metrics`. */
export interface Exposition {
  readonly contentType: string;
  /** Piece by piece: each is made when it is asked for, on a turn of the loop of its own. */
  scrape(): AsyncGenerator<string, void>;
}

/** What became of a reload that was asked for. `invalid`: the new configuration was refused. */
export type ReloadResult = 'ok' | 'invalid' | 'failed';
