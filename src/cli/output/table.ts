import { paint, printable, type Style } from './style.ts';

export type Cell = string | { readonly text: string; readonly style: Style };
export interface Column {
  readonly title: string;
  readonly align?: 'right';
}
export interface TableOptions {
  readonly colours: boolean;
  /** Lines longer than this are cut; left out: none is. */
  readonly width?: number;
}

const gap = '  ';

/** Lines of a table: the titles, then one for each row. Columns are as wide as their widest cell. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { colours, width = Number.POSITIVE_INFINITY }: TableOptions,
): string[] {
  const titles: Cell[] = columns.map(({ title }) => ({ text: title, style: 'dim' }));
  const lines = [titles, ...rows];
  const widths = columns.map((_, index) => lines.reduce((most, line) => Math.max(most, textOf(line[index]).length), 0));
  return lines.map(line => {
    let left = width;
    let printed = '';
    for (const [index, column] of columns.entries()) {
      const cell = line[index] ?? '';
      const last = index === columns.length - 1;
      const text = cut(pad(textOf(cell), last && !column.align ? 0 : (widths[index] ?? 0), column.align), left);
      left -= text.length + gap.length;
      printed += paint(text, typeof cell === 'string' ? null : cell.style, colours);
      if (last || left <= 0) break;
      printed += gap;
    }
    return printed.trimEnd();
  });
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  return printable(typeof cell === 'string' ? cell : cell.text);
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  return align ? text.padStart(width) : text.padEnd(width);
}

/** The text in at most `width` characters. */
export function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 1 ? '' : `${text.slice(0, width - 1)}…`;
}
