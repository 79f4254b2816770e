// Runs the test files below test/<folder> for each folder named on the command line; a word with a slash or a dot
// names files by a part of their path: `run.ts unit config/lexer`.
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

declare global {
  var UVU_DEFER: number | undefined;
  var UVU_INDEX: number | undefined;
  var UVU_QUEUE: unknown[][];
}

const root = resolve(import.meta.dirname, '..');
const words = process.argv.slice(2);
const folders = words.filter(word => !/[/.]/.test(word));
const filters = words.filter(word => /[/.]/.test(word));
const files = folders
  .flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(file => join(folder, file)),
  )
  .filter(file => file.endsWith('.test.ts') && (filters.length === 0 || filters.some(filter => file.includes(filter))))
  .sort();

// uvu decides when it is loaded whether it runs suites by itself.
globalThis.UVU_DEFER = 1;
const { exec } = await import('uvu');
const { tally } = await import('./suite.ts');
const silent: string[] = [];
for (const [index, file] of files.entries()) {
  globalThis.UVU_INDEX = index;
  globalThis.UVU_QUEUE[index] = [relative(root, join(root, file))];
  await import(pathToFileURL(join(root, file)).href);
  if (globalThis.UVU_QUEUE[index].length < 2) silent.push(file);
}

process.on('exit', () => {
  if (tally.running && !finished) {
    console.error(`\nThe run ended early, in "${tally.running}": nothing was left to wait for.`);
    process.exitCode = 1;
  }
});
let finished = false;
await exec();
finished = true;
for (const file of silent) console.error(`${file}: no suite was run; call .run() at its end.`);
for (const name of tally.unrun) console.error(`The suite "${name}" was never run.`);
if (files.length === 0) console.error('No test file matches.');
// uvu loses the tests of a suite whose before hook throws.
const lost = tally.registered - tally.passed - tally.failed;
if (lost > 0 && tally.unrun.size === 0) console.error(`${lost} tests did not run: a before hook failed.`);
if (tally.unrun.size === 0) tally.failed += lost;
tally.failed += silent.length + tally.unrun.size + (files.length === 0 ? 1 : 0);
// Whatever a test has left open must not keep the run alive unseen; what is just closing gets a moment.
for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
const left = process
  .getActiveResourcesInfo()
  .filter(kind => !/^(TTYWrap|PipeWrap|FSReqCallback|TickObject)$/.test(kind));
if (left.length > 0) console.error(`Left open by the tests: ${left.join(', ')}`);
if (left.length > 0) tally.failed++;
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed > 0 ? 1 : 0);
