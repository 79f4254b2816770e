import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { channels } from '../../../alerts/index.ts';
import { checkers } from '../../../checks/index.ts';
import { type Block, listChapters } from '../../../scripts/docs/blocks.ts';
import { createTables } from '../../../src/config/keywords/tables.ts';
import { diskFiles } from '../../../src/config/load.ts';
import { readConfig } from '../../../src/config/read.ts';
import type { Params } from '../../../src/model/params.ts';
import { patterns } from '../../../src/sys/patterns.ts';
import { suite } from '../../support/suite.ts';

const test = suite('docs/blocks');
const docs = resolve(import.meta.dirname, '../../../docs');
const page = readFileSync(resolve(docs, 'reference/configuration.md'), 'utf8');
const manual = readFileSync(resolve(docs, 'man/checkalived.conf.5'), 'utf8');
const blocks = listChapters().flatMap(chapter => chapter.blocks);
const rows = blocks.flatMap(({ title, params }) =>
  params.map(param => ({ ...param, where: `${param.name} in ${title}` })),
);

test('every block of the tables is in a chapter, and in one only', () => {
  const known = blocks.map(({ path }) => path.join(' ')).sort();
  assert.equal(known, [...pathsOf(createTables(checkers, channels).root, '')].sort());
});

test('no two blocks have the same title', () => {
  assert.is(new Set(blocks.map(({ title }) => title)).size, blocks.length);
});

test('every keyword of every block has its place in the section of the block', () => {
  for (const { title, params } of blocks) {
    const section = sectionOf(page, `\n### ${title}\n`);
    for (const { name } of params) assert.ok(section.includes(`\`${name}\``), `${name} is missing in ${title}`);
  }
});

test('every keyword of every block stands in the manual page, in the section of the block', () => {
  for (const { title, params } of blocks) {
    const section = sectionOf(manual, `\n.SS ${title}\n`).replaceAll('\\%', '');
    for (const { name } of params)
      assert.ok(section.includes(`\\fB${name.replaceAll('-', '\\-')}\\fR`), `${name} is missing in ${title}`);
  }
});

test('the sentence of every keyword is one', () => {
  for (const { doc, where } of rows) assert.match(doc, /^[A-Z0-9].*\.$|^keepalived .*\.$/, where);
});

test('a default is a value and no sentence, and no version but a version', () => {
  for (const { default: value, since, where } of rows) {
    if (value !== undefined) assert.match(value, /^\S(?:.*[^\s.])?$/, where);
    if (since !== undefined) assert.match(since, /^\d+\.\d+(?:\.\d+)?$/, where);
  }
});

test('what a deprecated keyword is to be replaced by is a keyword, or nothing', () => {
  const names = new Set(rows.map(({ name }) => name));
  for (const { deprecated, where } of rows)
    if (deprecated)
      assert.ok(
        deprecated.split(' ').some(word => names.has(word)),
        `${deprecated} for ${where}`,
      );
});

test('a default is within the range of its numbers, unless it is 0 for off', () => {
  for (const { default: value, type, where } of rows) {
    if ((type.kind !== 'int' && type.kind !== 'timer') || value === undefined || !/^[\d.]+$/.test(value)) continue;
    if (Number(value) === 0) continue;
    assert.ok(Number(value) >= type.min && Number(value) <= type.max, `${value} of ${where}`);
  }
});

test('the examples of whole blocks have no fault', () => {
  const examples = [...page.matchAll(/^```text\n([\s\S]*?)^```/gm)].map(match => match[1] ?? '');
  const whole = examples.filter(text => /^(?:virtual_server|@checkalived checkalived)/.test(text));
  assert.ok(whole.length >= 3);
  for (const text of whole) {
    const { diagnostics } = readConfig('example.conf', text, {
      configId: 'checkalived',
      checkers,
      channels,
      hostName: 'director',
      patterns,
      files: diskFiles,
      environment: {},
    });
    const faults = diagnostics.filter(({ severity }) => severity !== 'hint');
    assert.equal(
      faults.map(({ code, line }) => `${code} in line ${line}`),
      [],
      text,
    );
  }
});

test('a block of keepalived alone says so in both pages', () => {
  const alone = blocks.filter((block: Block) => block.keepalivedOnly);
  for (const { title } of alone) {
    assert.match(sectionOf(page, `\n### ${title}\n`), 'keepalived alone acts on this block');
  }
});

function* pathsOf(params: Params, path: string): Generator<string> {
  yield path.trim();
  for (const { name, type } of params) if (type.kind === 'block') yield* pathsOf(type.params, `${path} ${name}`);
}

/** The text from this heading to the next one, in Markdown or roff. */
function sectionOf(text: string, title: string): string {
  const start = text.indexOf(title);
  assert.ok(start >= 0, `there is no section ${title.trim()}`);
  const rest = text.slice(start + title.length);
  const end = rest.search(/^(?:##|\.S[HS] )/m);
  return end < 0 ? rest : rest.slice(0, end);
}

test.run();
