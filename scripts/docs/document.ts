/**
 * A part of a page, whatever it is printed as. Texts are prose with `code` in backticks and *emphasis* in asterisks, as in
 * Markdown; the text of an example is printed as it stands.
 */
export type Part =
  /** 1 = a chapter of the page, 2 = a section in it. */
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly title: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'example'; readonly text: string }
  | { readonly kind: 'terms'; readonly terms: readonly Term[] }
  | { readonly kind: 'keywords'; readonly entries: readonly KeywordEntry[] };

interface Term {
  readonly term: string;
  readonly text: string;
}

/** One keyword of a block. */
export interface KeywordEntry {
  readonly name: string;
  /** Empty = it takes none. */
  readonly arguments: string;
  /** Empty = there is none. */
  readonly default: string;
  /** Version of keepalived that brought it; empty = it was always there, or it is ours. */
  readonly since: string;
  /** Sentences. */
  readonly meaning: string;
}

/** A piece of a text: what is within a pair of backticks or asterisks, or what is around it. */
export interface Piece {
  readonly style: 'plain' | 'code' | 'emphasis';
  readonly text: string;
}

export function heading(level: 1 | 2, title: string): Part {
  return { kind: 'heading', level, title };
}

export function paragraph(text: string): Part {
  return { kind: 'text', text };
}

export function example(text: string): Part {
  return { kind: 'example', text };
}

export function terms(pairs: readonly (readonly [term: string, text: string])[]): Part {
  return { kind: 'terms', terms: pairs.map(([term, text]) => ({ term, text })) };
}

export function splitPieces(text: string): readonly Piece[] {
  return text
    .split(/(`[^`]*`|\*[^*\s](?:[^*]*[^*\s])?\*)/)
    .filter(piece => piece !== '')
    .map(piece => {
      if (piece.length > 1 && piece.startsWith('`')) return { style: 'code', text: piece.slice(1, -1) };
      if (piece.length > 2 && piece.startsWith('*')) return { style: 'emphasis', text: piece.slice(1, -1) };
      return { style: 'plain', text: piece };
    });
}
