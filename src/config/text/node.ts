import type { Param, Word } from '../../model/params.ts';
import { cutArguments, cutWords, type Piece, type SourceLine } from './lexer.ts';

/** One keyword as it stands in the file, with its arguments and what is in its block. */
export interface ConfigNode {
  readonly param: Param;
  readonly keyword: Word;
  readonly words: readonly Word[];
  /** The whole logical line, for the words that are cut like a shell does it. */
  readonly source: SourceLine;
  /** Of a block with keywords. */
  readonly nodes: readonly ConfigNode[];
  /** Of a list block: one entry a line. */
  readonly entries: readonly (readonly Word[])[];
  /** Of a list block its lines, of one that is read over all that stands in it, braces included: to be written again. */
  readonly body: readonly Piece[];
  /** The first error in the block, if there is one. */
  readonly fault: string | null;
}

/** A whole configuration, one node for each keyword of the root. */
export type ConfigTree = readonly ConfigNode[];

/** Of the many nodes without a block. */
const none: readonly never[] = [];

/**
 * A node that keeps its line and cuts it anew for whoever asks: a large configuration has a hundred thousand of them,
 * and most words are looked at once.
 */
export class LineNode implements ConfigNode {
  readonly param: Param;
  readonly source: SourceLine;
  nodes: readonly ConfigNode[] = none;
  entries: readonly (readonly Word[])[] = none;
  body: readonly Piece[] = none;
  fault: string | null = null;
  #keyword: Word | undefined;

  constructor(param: Param, source: SourceLine) {
    this.param = param;
    this.source = source;
  }

  /** Always the same object, so that its span can be told from others. */
  get keyword(): Word {
    this.#keyword ??= firstWord(this.source);
    return this.#keyword;
  }

  get words(): readonly Word[] {
    if (recent.node !== this) {
      recent.words = cutArguments(this.source);
      recent.node = this;
    }
    return recent.words;
  }
}

/** The words that were asked for last: whoever reads a keyword asks for its words several times in a row. */
const recent: { node: LineNode | null; words: readonly Word[] } = { node: null, words: none };

/** To be called at the end of a reading: a line is a part of its file, and keeps all of it in memory. */
export function forgetWords(): void {
  recent.node = null;
  recent.words = none;
}

/** The first word of a line that has one. */
export function firstWord(source: SourceLine): Word {
  const [word] = cutWords(source);
  if (word === undefined) throw new Error('a line without a word is no keyword');
  return word;
}
