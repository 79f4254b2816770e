import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import * as assert from 'uvu/assert';
import { allAlerts } from '../../../alerts/rules/groups.ts';
import { fullName } from '../../../alerts/rules/rule.ts';
import { checkers } from '../../../checks/index.ts';
import { describeCommands, flattenCommands } from '../../../scripts/docs/program.ts';
import { explainKeyword } from '../../../src/config/explain.ts';
import { createTables } from '../../../src/config/keywords/tables.ts';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import { failureReasons } from '../../../src/model/check.ts';
import { migrate } from '../../../src/store/migrations.ts';
import { suite } from '../../support/suite.ts';

const test = suite('docs/runbooks');
const folder = resolve(import.meta.dirname, '../../../docs/runbooks');
const pages = readdirSync(folder).map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
const commands = flattenCommands(describeCommands());
const headings = ['What it means', 'What users feel', 'Look', 'Do', 'Silence', 'False alarm'];
/** What Prometheus, Alertmanager and prom-client call theirs. */
const foreign = /^(?:process|nodejs|prometheus|alertmanager)_/;

for (const { name, text } of pages) {
  test(`${name} says what it means, where to look and what to do`, () => {
    const found = [...text.matchAll(/^## (.+)$/gm)].map(match => match[1]);
    assert.equal(found, headings);
    for (const section of text.split(/^## .+$/m).slice(1)) assert.match(section, /\S{2}/, name);
    assert.match(text, 'amtool silence add alertname=');
  });

  test(`${name} names commands and options that there are`, () => {
    assert.equal(commandLinesOf(text).flatMap(findFault), []);
  });

  test(`${name} names metrics and alerts that there are`, () => {
    const metrics = Object.values(catalogue).map(family => family.name);
    const alerts = new Set(allAlerts.map(fullName));
    for (const [word] of text.matchAll(/\bcheckalived_\w+/g)) assert.ok(metrics.includes(word), word);
    for (const [word] of text.matchAll(/\bCheckalived\w+/g)) assert.ok(alerts.has(word), word);
    for (const [, word = ''] of text.matchAll(/`([a-z]+_[a-z_]+_(?:total|bytes|seconds))`/g))
      assert.ok(metrics.includes(word) || foreign.test(word), word);
  });

  test(`${name} asks the database what it can answer`, () => {
    const database = new Database(':memory:');
    try {
      migrate(database, 0);
      for (const [, query = ''] of text.matchAll(/^sqlite3 -readonly [^"]+"([^"]+)"/gm)) database.prepare(query).all();
    } finally {
      database.close();
    }
  });
}

test('the reasons of failed checks are all in the runbook of real servers', () => {
  const page = pages.find(({ name }) => name === 'real-server-down.md')?.text ?? '';
  for (const reason of failureReasons) assert.ok(page.includes(`\`${reason}\``), reason);
});

test('the pages have commands and queries', () => {
  const lines = pages.flatMap(({ text }) => commandLinesOf(text));
  assert.ok(lines.length > 50, String(lines.length));
  assert.ok(pages.filter(({ text }) => /^sqlite3 -readonly /m.test(text)).length >= 9);
  const wrong = ['checkalived stats', 'checkalived status --since 1h', 'checkalived config explain delay_lop'];
  assert.equal(wrong.flatMap(findFault), [
    'there is no command checkalived stats',
    'no option --since in checkalived status --since 1h',
    'no keyword in checkalived config explain delay_lop',
  ]);
});

/** What begins with checkalived, in blocks and in the text. */
function commandLinesOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(match => match[1] ?? '');
  const spans = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '');
  return [...blocks.flatMap(block => block.split('\n')), ...spans]
    .map(line => line.replace(/\s+#.*$/, '').split(/ && | \| |; /)[0] ?? '')
    .filter(line => line.startsWith('checkalived '));
}

/** What the program would not take. */
function findFault(line: string): string[] {
  const named = commands
    .filter(({ path }) => `${line} `.startsWith(`${path} `))
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (!named || named.commands.length > 0) return [`there is no command ${line}`];
  const rest = line.split(/\s+/).slice(named.path.split(' ').length);
  const known = named.command.options.flatMap(({ short, long }) => [short, long]);
  const unknown = rest.find(word => word.startsWith('-') && !known.includes(word));
  if (unknown) return [`no option ${unknown} in ${line}`];
  if (named.path !== 'checkalived config explain') return [];
  const answer = explainKeyword(createTables(checkers), rest[0] ?? '', null);
  return answer.kind === 'found' ? [] : [`no keyword in ${line}`];
}

test.run();
