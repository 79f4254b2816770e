import { readLines, splitBraces, stripLine } from './lexer.ts';

/** The line of a text in which the block ends that begins on `line`; that line itself when there is no brace to close. */
export function findBlockEnd(text: string, line: number): number {
  const next = readLines('', text);
  let depth = 0;
  for (let row = next(); row !== undefined; row = next()) {
    if (row.line < line) continue;
    const pieces = splitBraces(stripLine(row).line);
    // The brace may stand on the line behind its keyword, but then it is the first there.
    if (row.line > line && depth === 0 && pieces[0]?.kind !== 'open') return line;
    for (const { kind } of pieces) {
      if (kind === 'open') depth++;
      else if (kind === 'close' && --depth <= 0) return row.line;
    }
  }
  return line;
}
