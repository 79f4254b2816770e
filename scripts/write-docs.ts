// Writes the generated pages of docs/reference (npm run docs).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatePages } from './docs/pages.ts';

for (const [path, text] of await generatePages()) writeFileSync(join(import.meta.dirname, '..', path), text);
