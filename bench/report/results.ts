import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartResult } from '../parts/part.ts';
import { describeMachine } from './machine.ts';
import { replaceRows } from './readme.ts';
import { tables } from './rows.ts';

const folder = join(import.meta.dirname, '../../../bench');

/** Writes all that was measured to bench/results/NAME.json, and the rows into bench/README.md. */
export function keepResult(part: string, { measured, ...rows }: PartResult): void {
  const date = new Date().toISOString();
  mkdirSync(join(folder, 'results'), { recursive: true });
  const result = { part, date, machine: describeMachine(), ...rows, ...measured };
  writeFileSync(join(folder, `results/${part}.json`), `${JSON.stringify(result, null, 2)}\n`);
  const readme = join(folder, 'README.md');
  let text = readFileSync(readme, 'utf8');
  for (const [name, titles] of Object.entries(tables)) {
    const dated = (rows[name as keyof typeof tables] ?? []).map(row => [...row, date.slice(0, 10)]);
    text = replaceRows(text, name, [...titles, 'date'], dated);
  }
  writeFileSync(readme, text);
}
