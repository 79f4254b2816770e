import type { CheckTiming, Detection } from '../../config/timing.ts';
import type { Ms } from '../../model/time.ts';
import { type Column, formatTable, type TableOptions } from './table.ts';

const columns: readonly Column[] = [
  { title: 'VIRTUAL SERVER' },
  { title: 'REAL SERVER' },
  { title: 'CHECK' },
  { title: 'OUT, BEST', align: 'right' },
  { title: 'WORST', align: 'right' },
  { title: 'BACK, BEST', align: 'right' },
  { title: 'WORST', align: 'right' },
];

/** A table of detection times, one line for each check. */
export function formatTiming(rows: readonly CheckTiming[], options: TableOptions): string {
  const cells = rows.map(({ virtualServer, realServer, check }) => [
    virtualServer,
    realServer,
    ...(check === null ? ['no check', 'never', 'never', 'never', 'never'] : [check.type, ...listTimes(check)]),
  ]);
  return `${formatTable(columns, cells, options).join('\n')}\n`;
}

/** The fields of `test --timing --json`: seconds; null = never. */
export function describeTiming({ virtualServer, realServer, check }: CheckTiming): object {
  if (check === null) return { virtualServer, realServer, check: null, out: null, back: null };
  const { type, leave, back } = check;
  return { virtualServer, realServer, check: type, out: describeBounds(leave), back: describeBounds(back) };
}

function listTimes({ leave, back }: Detection): readonly string[] {
  return [leave.best, leave.worst, back.best, back.worst].map(time =>
    Number.isFinite(time) ? `${toSeconds(time)} s` : 'never',
  );
}

function describeBounds({ best, worst }: Detection['leave']): object {
  return { best: toSeconds(best), worst: toSeconds(worst) };
}

/** Whole milliseconds are enough. */
function toSeconds(time: Ms): number | null {
  return Number.isFinite(time) ? Math.round(time) / 1000 : null;
}
