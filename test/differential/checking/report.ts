import type { Judgement } from './judge.ts';

/** The table at the end of a run, a line for each theme and one for all. */
export function formatReport(themes: ReadonlyMap<string, readonly Judgement[]>): string {
  const rows = [...themes].map(([theme, judgements]) => row(theme, judgements));
  const table = [head, ...rows, row('all', [...themes.values()].flat())];
  const widths = head.map((_, column) => Math.max(...table.map(cells => (cells[column] ?? '').length)));
  return table
    .map(cells =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

const head = ['theme', 'scenarios', 'equal', 'documented differences', 'unexplained', 'played again'];

function row(theme: string, judgements: readonly Judgement[]): string[] {
  const count = (outcome: Judgement['outcome']): string =>
    String(judgements.filter(judgement => judgement.outcome === outcome).length);
  return [
    theme,
    String(judgements.length),
    count('equal'),
    count('documented'),
    count('unexplained'),
    String(judgements.filter(({ isReplayed }) => isReplayed).length),
  ];
}
