import { mkdirSync } from 'node:fs';
import { formatTable } from '../src/cli/output/table.ts';
import type { Bench } from './parts/bench.ts';
import { type RatioPart, ratioParts } from './parts/ratio-parts.ts';
import { runInside, runRatio } from './parts/run-ratio.ts';
import { keepResults } from './report/results.ts';
import { boundTitles, findSlow, lagRows, memoryRow, type Row, ratioRow, ratioTitles } from './report/rows.ts';

/** Measures the parts one after another and prints their tables; `write`: keeps the figures of each as soon as it is done. */
export async function runParts(names: readonly string[], bench: Bench, write: boolean): Promise<void> {
  const ratios: Row[] = [];
  const bounds: Row[] = [];
  for (const part of ratioParts.filter(({ name }) => names.includes(name))) {
    if (bench.options.profile) {
      mkdirSync(bench.options.profile, { recursive: true });
      await runInside(part, bench);
      continue;
    }
    const rows = await runPart(part, bench, write);
    ratios.push(...rows.ratios);
    bounds.push(...rows.bounds);
  }
  if (ratios.length > 0) print(ratioTitles, ratios);
  if (bounds.length > 0) print(boundTitles, bounds);
}

async function runPart(part: RatioPart, bench: Bench, write: boolean): Promise<{ ratios: Row[]; bounds: Row[] }> {
  const stages = await runRatio(part, bench);
  const withLag = part.name === 'tcp';
  const inside = withLag ? await runInside(part, bench) : null;
  const ratios = [ratioRow(part, stages), ...(withLag ? [memoryRow(stages)] : [])];
  const bounds = inside ? lagRows(stages, inside) : [];
  const remarks = findSlow(part, stages);
  for (const remark of remarks) bench.progress(`${part.name}: ${remark}`);
  if (write) keepResults(part.name, { ratios, bounds }, { options: bench.options, remarks, stages, inside });
  return { ratios, bounds };
}

function print(titles: Row, rows: readonly Row[]): void {
  const columns = titles.map(title => ({ title }));
  console.log(`\n${formatTable(columns, rows, { colours: false }).join('\n')}`);
}
