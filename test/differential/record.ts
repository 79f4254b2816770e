// Writes the verdicts of the real keepalived beside the project's own cases (npm run record).
import { writeFileSync } from 'node:fs';
import { listConfigFixtures, verdictTable } from '../support/config-fixtures.ts';
import { startKeepalived, whyNoKeepalived } from './keepalived.ts';

const missing = whyNoKeepalived();
if (missing !== null) throw new Error(`No verdicts can be recorded: ${missing}.`);
const keepalived = startKeepalived();
const rows = ['file\toptions\texit\tlines'];
for (const { name, path, options } of listConfigFixtures()) {
  const { exit, messages } = await keepalived.test(path, options);
  const lines = messages.map(message => /^\((?:.*: )?Line (\d+)\)/.exec(message)?.[1] ?? '-');
  rows.push([name, options.join(' '), exit ?? 'hangs', [...new Set(lines)].join(' ')].join('\t'));
}
await keepalived.close();
writeFileSync(verdictTable, `${rows.join('\n')}\n`);
