// Writes the generated pages of docs/reference and docs/man (npm run docs).
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatePages } from './docs/pages.ts';

for (const [name, text] of generatePages()) {
  const path = join(import.meta.dirname, '..', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
