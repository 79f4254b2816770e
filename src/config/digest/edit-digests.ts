import { type SourceLine, stripLine } from '../text/lexer.ts';
import type { ConfigNode } from '../text/node.ts';
import type { UrlPlace } from './url-places.ts';

/** One line of a file that is to say another digest. */
export interface DigestEdit {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly change: /** These characters become the digest; all in front of them on the line is ASCII. */
    | { readonly kind: 'replace'; readonly from: number; readonly to: number }
    /** A line of its own comes below this one. */
    | { readonly kind: 'insert' };
}

/** The lines of a file that was read. */
export type SourceLines = (file: string) => readonly string[];

/** Cuts each file into lines once: every url asks for a line of it. */
export function cutLines(sources: ReadonlyMap<string, string>): SourceLines {
  const cut = new Map<string, readonly string[]>();
  return file => {
    const lines = cut.get(file) ?? sources.get(file)?.split('\n') ?? [];
    cut.set(file, lines);
    return lines;
  };
}

/**
 * What must be edited for the digest of a url. Null where an edit could change more than it: the line says more than the
 * one keyword, or is not in the file as it is read, since a variable, a sequence or a condition made it.
 */
export function planDigestEdit({ path, digest }: UrlPlace, linesOf: SourceLines): DigestEdit | null {
  const node = digest ?? path;
  const { file, line } = node.keyword.span;
  const source = findOwnLine(node, linesOf);
  if (source === null) return null;
  if (digest === null) return { file, line, change: { kind: 'insert' } };
  const [word] = digest.words;
  if (word === undefined) return null;
  const from = word.span.column - 1;
  // Columns count characters and the file has bytes.
  if (!isAscii(source.text.slice(0, from + word.span.length))) return null;
  return { file, line, change: { kind: 'replace', from, to: from + word.span.length } };
}

/** The text with the edits made, each with its digest; a character of the text is a byte of the file. */
export function editDigests(text: string, edits: readonly (DigestEdit & { readonly digest: string })[]): string {
  const lines = text.split('\n');
  for (const { line, change, digest } of edits) {
    const old = lines[line - 1] ?? '';
    lines[line - 1] =
      change.kind === 'replace'
        ? old.slice(0, change.from) + digest + old.slice(change.to)
        : `${old}\n${indentationOf(old)}digest ${digest}${lineEndOf(old)}`;
  }
  return lines.join('\n');
}

/** The line of the file, if it says this keyword and nothing else. */
function findOwnLine({ keyword, source }: ConfigNode, linesOf: SourceLines): SourceLine | null {
  const { file, line } = keyword.span;
  const lines = linesOf(file);
  const text = lines[line - 1]?.replace(/\r+$/, '');
  if (text === undefined || source.columns !== null || isContinued(lines[line - 2] ?? '')) return null;
  const own: SourceLine = { file, line, text, offset: 0, columns: null };
  const { line: stripped, continued, commentContinues } = stripLine(own);
  return stripped.text === source.text && !continued && !commentContinues ? own : null;
}

/** What follows may belong to a variable of several lines. */
function isContinued(line: string): boolean {
  return line.trimEnd().endsWith('\\');
}

function isAscii(text: string): boolean {
  return [...text].every(character => character <= '\u007f');
}

function indentationOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function lineEndOf(line: string): string {
  return /\r*$/.exec(line)?.[0] ?? '';
}
