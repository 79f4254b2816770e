import type { PlannedCheck, ProbePlan } from '../../engine/probe-plan.ts';
import { planProbes } from '../../engine/probe-plan.ts';
import type { Checker } from '../../model/check.ts';
import type { Io } from '../io.ts';
import { formatTable } from '../output/table.ts';

/** Of a thousand groups nobody reads all. */
const mostShown = 20;

/** Prints what the checks are merged to, and runs nothing. */
export function printPlan(
  checks: readonly PlannedCheck[],
  checkers: readonly Checker[],
  json: boolean,
  { stdout }: Pick<Io, 'stdout'>,
): void {
  const plan = planProbes(checks, checkers);
  stdout.write(json ? `${JSON.stringify(plan, null, 2)}\n` : `${describe(plan).join('\n')}\n`);
}

function describe({ checks, probes, checksPerSecond, probesPerSecond, apart, solitary }: ProbePlan): string[] {
  const lines = [
    `${count(checks)} checks → ${count(probes)} probes (${rate(checksPerSecond)} → ${rate(probesPerSecond)} a second)`,
  ];
  for (const { type, checks: number, because } of solitary) {
    lines.push('', `${count(number)} ${type} not shared: ${because}`);
  }
  if (apart.length > 0) {
    lines.push('', 'Not merged though they check the same address, and in what they differ:');
    lines.push(
      ...formatTable(
        [
          { title: 'CHECK' },
          { title: 'ADDRESS' },
          { title: 'CHECKS', align: 'right' },
          { title: 'PROBES', align: 'right' },
          { title: 'DIFFERENT' },
        ],
        apart
          .slice(0, mostShown)
          .map(group => [group.type, group.peer, `${group.checks}`, `${group.probes}`, group.differ.join(', ')]),
        { colours: false },
      ),
    );
    if (apart.length > mostShown) lines.push(`and ${apart.length - mostShown} more: --json shows all`);
  }
  return lines;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function rate(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 });
}
