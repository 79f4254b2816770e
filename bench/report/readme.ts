import type { Row } from './rows.ts';

/**
 * The text with these rows in the table between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. A row takes the place
 * of the one whose first cell is the same; new rows come last, the others stay. Throws when there are no such marks.
 */
export function replaceRows(text: string, name: string, titles: Row, rows: readonly Row[]): string {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`there is no ${open} ... ${close}`);
  const inside = text.slice(from + open.length, to);
  const kept = inside
    .split('\n')
    .filter(line => line.startsWith('|'))
    .slice(2);
  const lines = new Map(kept.map(line => [line.split('|')[1]?.trim() ?? '', line]));
  for (const row of rows) lines.set(row[0] ?? '', formatLine(row));
  const table = [formatLine(titles), `|${titles.map(() => '---').join('|')}|`, ...lines.values()];
  return `${text.slice(0, from + open.length)}\n${table.join('\n')}\n${text.slice(to)}`;
}

function formatLine(cells: Row): string {
  return `| ${cells.join(' | ')} |`;
}
