import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine } from './machine.ts';
import { replaceRows } from './readme.ts';
import { boundTitles, type Row, ratioTitles } from './rows.ts';

const folder = join(import.meta.dirname, '../../../bench');

/** Writes all that was measured to bench/results/NAME.json, and the rows into bench/README.md. */
export function keepResults(
  name: string,
  { ratios, bounds }: { readonly ratios: readonly Row[]; readonly bounds: readonly Row[] },
  measured: object,
): void {
  const date = new Date().toISOString();
  mkdirSync(join(folder, 'results'), { recursive: true });
  const result = { part: name, date, machine: describeMachine(), ratios, bounds, ...measured };
  writeFileSync(join(folder, `results/${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  const readme = join(folder, 'README.md');
  const dated = (rows: readonly Row[]): Row[] => rows.map(row => [...row, date.slice(0, 10)]);
  let text = readFileSync(readme, 'utf8');
  text = replaceRows(text, 'ratios', [...ratioTitles, 'date'], dated(ratios));
  text = replaceRows(text, 'bounds', [...boundTitles, 'date'], dated(bounds));
  writeFileSync(readme, text);
}
