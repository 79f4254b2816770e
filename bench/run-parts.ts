import { mkdirSync } from 'node:fs';
import { formatTable } from '../src/cli/output/table.ts';
import type { Bench } from './parts/bench.ts';
import type { Part, PartResult } from './parts/part.ts';
import { keepResult } from './report/results.ts';
import { type Row, tables } from './report/rows.ts';

/** Measures the parts one after another, then prints their tables; `write`: keeps the figures of each as soon as it is done. */
export async function runParts(parts: readonly Part[], bench: Bench, write: boolean): Promise<void> {
  const results: PartResult[] = [];
  for (const part of parts) {
    const result = await part.run(bench);
    results.push(result);
    if (write) keepResult(part.name, result);
  }
  for (const [name, titles] of Object.entries(tables)) {
    const rows = results.flatMap(result => result[name as keyof typeof tables] ?? []);
    if (rows.length > 0) print(titles, rows);
  }
}

/** Instead of figures: where our agent spends its time. */
export async function profileParts(parts: readonly Part[], bench: Bench, directory: string): Promise<void> {
  for (const part of parts) {
    if (!part.profile) throw new Error(`there is no profile of the part ${part.name}`);
    mkdirSync(directory, { recursive: true });
    await part.profile(bench, directory);
  }
}

function print(titles: Row, rows: readonly Row[]): void {
  const columns = titles.map(title => ({ title }));
  console.log(`\n${formatTable(columns, rows, { colours: false }).join('\n')}`);
}
