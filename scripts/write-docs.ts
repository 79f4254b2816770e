// Writes what is generated: pages of docs/reference and docs/man, and the dashboards (npm run docs).
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateDashboards } from '../dashboards/all.ts';
import { generatePages } from './docs/pages.ts';

for (const [name, text] of [...generatePages(), ...generateDashboards()]) {
  const path = join(import.meta.dirname, '..', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
