import { readLines, splitBraces, stripLine } from './lexer.ts';

/** The line of a text in which the block ends that begins on `line`; that line itself when there is no brace to close. */
export function findBlockEnd(text: string, line: number): number {
  const next = readLines('', text);
  let depth = 0;
  for (let row = next(); row !== undefined; row = next()) {
    if (row.line < line) continue;
    for (const { kind } of splitBraces(stripLine(row).line)) {
      if (kind === 'open') depth++;
      else if (kind === 'close' && --depth <= 0) return row.line;
    }
    if (depth === 0 && row.line > line) return line;
  }
  return line;
}
