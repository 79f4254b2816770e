import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { channels } from '../../alerts/index.ts';
import { checkers } from '../../checks/index.ts';
import { createTables } from '../../src/config/keywords/tables.ts';
import { loadConfig } from '../../src/config/load.ts';
import { patterns } from '../../src/sys/patterns.ts';
import { suite } from '../support/suite.ts';
import { readText } from '../unit/config/read-text.ts';
import { configurations } from './grammar.ts';

const test = suite('config (fuzz)', 300_000);
/** FUZZ_SEED=N repeats a run. */
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`seed of the fuzz run: FUZZ_SEED=${seed}`);
const examples = resolve(import.meta.dirname, '../../examples');
const corpus = resolve(import.meta.dirname, '../../../shared/corpus');
if (!existsSync(corpus)) console.log(`${corpus} is not here: only the examples are damaged`);
const texts = [examples, corpus]
  .filter(folder => existsSync(folder))
  .flatMap(folder => readdirSync(folder).map(name => join(folder, name)))
  .filter(path => path.endsWith('.conf'))
  .map(path => readFileSync(path, 'latin1'));

/**
 * Reads a text, which must neither throw nor take more than what stands in it allows. CPU time, not the wall's: a bound for
 * loops and for what grows faster than the text, a hundred times above what a KiB costs.
 */
function readBounded(text: string): void {
  const before = process.cpuUsage();
  const { diagnostics, config } = readText(text, { files: { 'main.conf': text, other: '}\n{', G: 'weight 1' } });
  const { user, system } = process.cpuUsage(before);
  const spent = (user + system) / 1000;
  // A sequence of one line can stand for thousands of real servers.
  const servers = config.virtualServers.reduce((sum, server) => sum + server.realServers.length, 0);
  assert.ok(spent < 1_000 + (text.length / 1024) * 50 + servers, `${spent} ms for ${text.length} characters`);
  for (const { line, column, length, message, hint } of diagnostics)
    assert.ok(line >= 1 && column >= 1 && length >= 1 && message !== '' && hint !== '', message);
}

test('bytes of any kind are read in bounded time', () => {
  const bytes = fc.uint8Array({ maxLength: 4_000 }).map(array => Buffer.from(array).toString('latin1'));
  fc.assert(fc.property(bytes, readBounded), { seed, numRuns: 500 });
});

test('real configurations with damaged bytes are read in bounded time', () => {
  const damages = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(40),
      put: fc.oneof(
        fc.constantFrom('{', '}', '"', '\\', '\n', '#', '$A', '~SEQ(N,1,9) ', '\0', '\r', '@x ', 'include main.conf\n'),
        fc.string({ maxLength: 20 }),
      ),
    }),
    { maxLength: 8 },
  );
  const damaged = fc.tuple(fc.constantFrom(...texts), damages).map(([text, list]) =>
    list.reduce((before, { at, cut, put }) => {
      const from = Math.floor(at * before.length);
      return before.slice(0, from) + put + before.slice(from + cut);
    }, text),
  );
  fc.assert(fc.property(damaged, readBounded), { seed, numRuns: 1_500 });
});

test('every keyword of the tables, with arguments that fit or nearly, is read in bounded time', () => {
  fc.assert(fc.property(configurations(createTables(checkers, channels).root), readBounded), { seed, numRuns: 3_000 });
});

test('long words, long lines and deep braces are read in bounded time', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '"',
    'a',
    '1',
    '.',
    ':',
    ',',
    '-',
    '\\',
    '$A',
    '${',
    '~LST(',
    "'",
    ' ',
    '@',
    '/',
  );
  const long = fc
    .tuple(
      fc.constantFrom('', 'virtual_server ', 'weight ', 'notify_up ', 'misc_path "', '$A=', '~SEQ(', 'include '),
      pieces,
    )
    .chain(([head, piece]) => fc.integer({ min: 1_000, max: 60_000 }).map(count => head + piece.repeat(count)));
  const some = fc.array(long, { minLength: 1, maxLength: 3 }).map(lines => lines.join('\n'));
  fc.assert(fc.property(some, readBounded), { seed, numRuns: 200 });
});

test('a line of 100 MB is a clear error', () => {
  const directory = mkdtempSync(join(tmpdir(), 'checkalived-fuzz-'));
  try {
    const path = join(directory, 'long.conf');
    writeFileSync(path, Buffer.alloc(100_000_000, 'x'));
    assert.throws(
      () => loadConfig(path, { configId: 'x', checkers, channels, hostName: 'x', patterns }),
      /100000000 bytes/,
    );
    writeFileSync(path, `weight ${'x'.repeat(30_000_000)}\nfoo\n`);
    const { diagnostics } = loadConfig(path, { configId: 'x', checkers, channels, hostName: 'x', patterns });
    assert.equal(
      diagnostics.map(({ code, line }) => `${code} ${line}`),
      ['line-too-long 1', 'unknown-keyword 2'],
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('sequences, variables and includes that multiply end with a clear error', () => {
  const bombs: Readonly<Record<string, string>> = {
    'too-many-lines': '~SEQ(A, 1, 60000) ~SEQ(B, 1, 60000) ~SEQ(C, 1, 60000) foo $A $B $C',
    'variable-loop': `$A=\${B}\${B}\n$B=\${A}\${A}\nfoo $A`,
    'bad-sequence': '~SEQ(A, 1, 99999999999) foo',
    'include-too-deep': 'include main.conf',
  };
  for (const [code, text] of Object.entries(bombs)) {
    const { diagnostics } = readText(text, { files: { 'main.conf': text } });
    assert.ok(
      diagnostics.some(each => each.code === code),
      code,
    );
  }
});

test.run();
