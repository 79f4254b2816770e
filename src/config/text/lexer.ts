import type { Word } from '../../model/params.ts';
import type { Span } from '../../model/span.ts';

/** A line, or a part of one, that knows where its characters stood in the file. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** Columns left of the text, when nothing was replaced in it. */
  readonly offset: number;
  /** 1-based column of each character, when something was replaced. */
  readonly columns: readonly number[] | null;
  /** It stood behind `@ID`: others than those of this id do not see it. */
  readonly onlyFor?: string;
}

/** A line without its comment. */
export interface StrippedLine {
  readonly line: SourceLine;
  /** A backslash stood at the end; it is not part of the text any more. */
  readonly continued: boolean;
  /** The comment ends with a backslash: a definition of several lines goes on behind it. */
  readonly commentContinues: boolean;
  /** Where a quotation mark stands that is never closed; the text ends before it. */
  readonly unterminated: Span | null;
  /** Where a comment sign stands right behind a word. */
  readonly cutsWord: Span | null;
}

/** What a line falls into: braces, and the text between them. */
export type Piece = { readonly kind: 'text' | 'open' | 'close'; readonly line: SourceLine };

const carriageReturn = 13;
const quotationMark = 34;

/** Cuts a text into lines: gives the next one, and undefined behind the last. A carriage return at the end of a line belongs to its end. */
export function readLines(file: string, text: string): () => SourceLine | undefined {
  let line = 0;
  let from = 0;
  return () => {
    if (from >= text.length) return undefined;
    const feed = text.indexOf('\n', from);
    const end = feed < 0 ? text.length : feed;
    let to = end;
    while (to > from && text.charCodeAt(to - 1) === carriageReturn) to--;
    const row = text.slice(from, to);
    from = end + 1;
    line++;
    return { file, line, text: row, offset: 0, columns: null };
  };
}

/** Removes the comment, the blanks around and the backslash of `\#` and `\!` (keepalived lib/parser.c:decomment). */
export function stripLine(line: SourceLine): StrippedLine {
  const { text } = line;
  if (!/[\\"#!]/.test(text))
    return { line: trimLine(line), continued: false, commentContinues: false, unterminated: null, cutsWord: null };
  const dropped: number[] = [];
  let end = text.length;
  let quote = -1;
  let continued = false;
  let cutsWord: Span | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') {
      if (at === text.length - 1) {
        continued = true;
        end = at;
      } else if (quote < 0 && isCommentSign(text[at + 1])) dropped.push(at);
      at++;
    } else if (char === '"') quote = quote < 0 ? at : -1;
    else if (quote < 0 && isCommentSign(char)) {
      const before = text.charAt(at - 1);
      const cutsInside = at > 0 && !isBlank(before.charCodeAt(0)) && !'{}"#!;'.includes(before);
      if (cutsInside || (char === '!' && /^![^\s!]/.test(text.slice(at)) && takesPattern(text)))
        cutsWord = spanOf(line, at, text.length);
      end = at;
      break;
    }
  }
  const unterminated = quote < 0 ? null : spanOf(line, quote, text.length);
  if (quote >= 0) end = Math.min(end, quote);
  const kept = dropped.length === 0 ? sliceLine(line, 0, end) : withoutAt(sliceLine(line, 0, end), dropped);
  const commentContinues = !continued && end < text.length && text.endsWith('\\');
  return { line: trimLine(kept), continued, commentContinues, unterminated, cutsWord };
}

/** Whether the line says what is to be found in an answer: a sign in it is hardly meant for a comment. */
export function takesPattern(text: string): boolean {
  return /^\s*(?:@\S+\s+)?(?:regex|expect(?:_\w+)?|refuse(?:_\w+)?)\s/.test(text);
}

/** Splits at the braces outside of quotation marks; each brace is a piece of its own. */
export function splitBraces(line: SourceLine): readonly Piece[] {
  const first = line.text.search(/["{}]/);
  if (first < 0) return [{ kind: 'text', line }];
  if (first === line.text.length - 1 && line.text[first] !== '"') {
    const kind = line.text[first] === '{' ? 'open' : 'close';
    const before = trimLine(sliceLine(line, 0, first));
    const brace: Piece = { kind, line: sliceLine(line, first) };
    return before.text === '' ? [brace] : [{ kind: 'text', line: before }, brace];
  }
  const pieces: Piece[] = [];
  let start = 0;
  const push = (kind: Piece['kind'], from: number, to: number) => {
    const piece = trimLine(sliceLine(line, from, to));
    if (piece.text !== '') pieces.push({ kind, line: piece });
  };
  for (const at of findBraces(line.text)) {
    push('text', start, at);
    push(line.text[at] === '{' ? 'open' : 'close', at, at + 1);
    start = at + 1;
  }
  push('text', start, line.text.length);
  return pieces;
}

/**
 * Index behind a brace, and the blanks that follow it, where something stands that is not for the parser: keepalived reads
 * what is left behind a brace as if it stood on a line of its own (lib/parser.c:read_line). -1 where there is none.
 */
export function findResidue({ text }: SourceLine): number {
  if (!/[{}][ \t]*(?:[@$~]|include)/.test(text)) return -1;
  for (const at of findBraces(text)) {
    const [blanks = ''] = /^[ \t]*/.exec(text.slice(at + 1)) ?? [];
    const from = at + 1 + blanks.length;
    if (/^(?:@|\$[A-Za-z_]\w*=|~SEQ|~LST|include[rmwba]?[ \t])/.test(text.slice(from, from + 256))) return from;
  }
  return -1;
}

/** Indexes of the braces that open and close blocks: those outside of quotation marks and of undefined variables. */
function* findBraces(text: string): Generator<number, undefined> {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (!quoted && char === '$') at += undefinedVariable(text.slice(at, at + 256));
    else if (!quoted && (char === '{' || char === '}')) yield at;
  }
  return undefined;
}

/** Length behind the `$` of a `${NAME}` that nothing was put in for: its braces must not open a block. */
function undefinedVariable(text: string): number {
  return (/^\$\{[A-Za-z_]\w*(?:[ \t][^{}$"]*)?\}/.exec(text)?.[0].length ?? 1) - 1;
}

/** keepalived's usual word cutter: a quotation mark begins or ends a word, even in the middle of one; no escapes. */
export function cutWords(line: SourceLine): readonly Word[] {
  return cutWordsFrom(line, 0);
}

/** The same, without the first word. */
export function cutArguments(line: SourceLine): readonly Word[] {
  const end = endOfWord(line.text, 0);
  return end === 0 ? cutWords(line).slice(1) : cutWordsFrom(line, end);
}

/** Index behind a bare word that begins here. */
export function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== quotationMark && !isBlank(text.charCodeAt(at))) at++;
  return at;
}

function cutWordsFrom(line: SourceLine, start: number): readonly Word[] {
  let words: Word[] | null = null;
  // Of a line with one word or none the list is as short as that: nearly all lines have no more.
  const push = (word: Word) => {
    if (words === null) words = [word];
    else words.push(word);
  };
  const { text } = line;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) at++;
    else if (code === quotationMark) {
      const closing = text.indexOf('"', at + 1);
      const end = closing < 0 ? text.length : closing;
      push(new LineWord(detach(text.slice(at + 1, end)), line, at, end + 1));
      at = end + 1;
    } else {
      const from = at;
      at = endOfWord(text, at);
      push(new LineWord(detach(text.slice(from, at)), line, from, at));
    }
  }
  return words ?? [];
}

/** V8 copies parts of a text up to this length; a longer part keeps all of the text in memory. */
const copied = 12;

/** The same text in a place of its own: what is kept of a configuration must not keep its whole file. */
function detach(text: string): string {
  if (text.length <= copied) return text;
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += copied) pieces.push(text.slice(at, at + copied));
  return pieces.join('');
}

/** Most words are never complained about, and so their place is worked out when somebody asks for it. */
class LineWord implements Word {
  readonly text: string;
  readonly #from: number;
  readonly #to: number;
  readonly #line: SourceLine;
  #span: Span | undefined;

  constructor(text: string, line: SourceLine, from: number, to: number) {
    this.text = text;
    this.#line = line;
    this.#from = from;
    this.#to = to;
  }

  get span(): Span {
    this.#span ??= spanOf(this.#line, this.#from, this.#to);
    return this.#span;
  }
}

/** The part of a line from one index to another. */
export function sliceLine(line: SourceLine, from: number, to: number = line.text.length): SourceLine {
  const text = line.text.slice(from, to);
  return { ...line, text, offset: line.offset + from, columns: line.columns?.slice(from, to) ?? null };
}

export function trimLine(line: SourceLine): SourceLine {
  let from = 0;
  let to = line.text.length;
  while (from < to && isBlank(line.text.charCodeAt(from))) from++;
  while (to > from && isBlank(line.text.charCodeAt(to - 1))) to--;
  return from === 0 && to === line.text.length ? line : sliceLine(line, from, to);
}

/** A part of a line, and what is to stand in its place. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Puts other text in place of parts, given from left to right; all of it stands, as far as spans go, where its part stood. */
export function replaceInLine(line: SourceLine, replacements: readonly Replacement[]): SourceLine {
  let text = '';
  let done = 0;
  const columns: number[] = [];
  const keep = (to: number): void => {
    text += line.text.slice(done, to);
    for (; done < to; done++) columns.push(columnAt(line, done));
  };
  for (const { from, to, text: other } of replacements) {
    keep(from);
    const column = columnAt(line, from);
    text += other;
    for (let index = 0; index < other.length; index++) columns.push(column);
    done = to;
  }
  keep(line.text.length);
  return { ...line, text, columns };
}

export function spanOf(line: SourceLine, from: number, to: number): Span {
  const column = columnAt(line, from);
  const last = columnAt(line, Math.max(from, Math.min(to, line.text.length) - 1));
  return { file: line.file, line: line.line, column, length: Math.max(1, last - column + 1) };
}

function columnAt(line: SourceLine, index: number): number {
  if (line.columns === null) return line.offset + index + 1;
  return line.columns[index] ?? (line.columns.at(-1) ?? line.offset) + 1;
}

function withoutAt(line: SourceLine, dropped: readonly number[]): SourceLine {
  const columns = line.columns ?? Array.from({ length: line.text.length }, (_, index) => line.offset + index + 1);
  const gone = new Set(dropped);
  return {
    ...line,
    text: [...Array(line.text.length).keys()]
      .filter(at => !gone.has(at))
      .map(at => line.text.charAt(at))
      .join(''),
    columns: columns.filter((_, index) => !gone.has(index)),
  };
}

/** Space, tab, line feed, vertical tab, form feed, carriage return. */
function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isCommentSign(char: string | undefined): boolean {
  return char === '#' || char === '!';
}
