import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { printConfig } from '../../../src/config/print/print.ts';
import { suite } from '../../support/suite.ts';
import { readText, readTextTree } from '../../unit/config/read-text.ts';
import { hostile } from './hostile.ts';

const test = suite('config/print (properties)', 60_000);
const root = resolve(import.meta.dirname, '../../..');

test('what is printed of any text means what the text meant, and is printed as it stands', () => {
  fc.assert(
    fc.property(hostile, pieces => {
      const text = pieces.join('');
      checkRoundTrip(text, { 'main.conf': text, other: '}\n{' });
    }),
    { numRuns: 600 },
  );
});

const word = fc.oneof(
  fc.constantFrom(
    '"a b"',
    'a\\#b',
    '"a#b"',
    '"{x}"',
    '""',
    "'a b'",
    '\\"q\\"',
    '"say \\"hi\\""',
    'a\\ ',
    '"x\\"',
    '!c',
    '$A',
    '@a',
    '~SEQ(1)',
  ),
  fc.string({ maxLength: 6 }),
);
const line = fc
  .tuple(
    fc.constantFrom(
      'misc_path',
      'notify_up',
      'quorum_up',
      'virtualhost',
      'path',
      'router_id',
      'schedule',
      'weight',
      'misc_timeout',
    ),
    fc.array(word, { maxLength: 4 }),
  )
  .map(([keyword, words]) => `${keyword} ${words.join(' ')}`);

test('words keep their quotation marks, backslashes and signs', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), lines => {
      const inside = lines.join('\n');
      checkRoundTrip(
        `$A=1\nglobal_defs {\n${inside}\nnotification_email {\n${inside}\n}\n}\nvirtual_server 10.0.0.1 80 {\n${inside}\nreal_server 10.0.0.2 80 {\n${inside}\nMISC_CHECK {\n${inside}\n}\nHTTP_GET {\nurl {\n${inside}\n}\n}\n}\n}\n`,
      );
    }),
    { numRuns: 250 },
  );
});

test('every example and every fixture is printed as what it means', () => {
  for (const directory of ['examples', 'test/fixtures/config']) checkAll(join(root, directory));
});

for (const name of ['corpus', 'malformed']) {
  test(`every configuration of ${name} is printed as what it means`, () => {
    const directory = resolve(root, '../shared', name);
    if (existsSync(directory)) checkAll(directory);
    else console.log(`  skipped: ${directory} is not there`);
  });
}

function checkAll(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (name.endsWith('.conf')) checkRoundTrip(readFileSync(join(directory, name), 'utf8'));
  }
}

function checkRoundTrip(text: string, files: Readonly<Record<string, string>> = {}): void {
  const printed = printConfig(readTextTree(text, { files }).tree);
  const again = printConfig(readTextTree(printed.text).tree);
  assert.is(again.text, printed.text);
  assert.equal(again.unwritable, []);
  // What no text can say is left out, and told.
  if (printed.unwritable.length > 0) return;
  assert.is(meaningOf(printed.text, {}), meaningOf(text, files));
}

/** Without places, and without the reasons of faults: what is faulty is not printed. */
function meaningOf(text: string, files: Readonly<Record<string, string>>): string {
  return JSON.stringify(readText(text, { files }).config, (key, value) =>
    key === 'span' || key === 'unchecked' ? undefined : value,
  );
}

test.run();
