import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { checkers } from '../../../checks/index.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { patterns } from '../../../src/sys/patterns.ts';
import { suite } from '../../support/suite.ts';

const test = suite('config/recorded');
const shared = resolve(import.meta.dirname, '../../../../shared');
const options = { configId: 'checkalived', checkers, hostName: 'lb1.example.com', patterns };

/** Cases whose fault is an interface that keepalived's host did not have; everything else must have its verdict. */
const notCovered: ReadonlySet<string> = new Set(['130', '408']);
/** Where the file as a whole is no configuration, or merges and drops on purpose, the crude count is wrong. */
const otherCounts: Readonly<Record<string, string>> = {
  '041': 'no-break spaces before its real servers',
  '055': 'a placeholder for its address',
  '121': 'the same virtual server twice',
  '122': 'real servers of another family',
  '128': 'made by a sequence',
  '131': 'made by variables',
  '142': 'a variable that is defined for another id',
  '143': 'the same addresses twice',
};

function listCases(folder: string): readonly string[] {
  const directory = resolve(shared, folder);
  if (existsSync(directory))
    return readdirSync(directory)
      .filter(name => name.endsWith('.conf'))
      .sort();
  console.log(`${directory} is not here: its cases are skipped`);
  return [];
}

const cases = listCases('malformed');
if (cases.length > 0) {
  const rows = readFileSync(resolve(shared, 'malformed/VERDICTS.tsv'), 'utf8').trim().split('\n').slice(1);
  const verdicts = new Map(rows.map(row => row.split('\t')).map(fields => [fields[0] ?? '', fields]));
  for (const name of cases) {
    const number = name.slice(0, 3);
    const [, title = '', extra = '', exit = ''] = verdicts.get(number) ?? [];
    if (notCovered.has(number)) continue;
    test(`${name} (${title}) has the verdict of keepalived`, () => {
      const id = /-i (\S+)/.exec(extra)?.[1] ?? 'checkalived';
      const { diagnostics } = loadConfig(resolve(shared, 'malformed', name), { ...options, configId: id });
      const shown = diagnostics.map(each => `${each.line}: ${each.message}`).join('\n');
      assert.is(
        diagnostics.some(each => each.keepalived),
        exit !== '0',
        `keepalived exits ${exit}; found:\n${shown}`,
      );
    });
  }
  test('the cases that are left out still load', () => {
    for (const number of notCovered) loadConfig(resolve(shared, 'malformed', `${number}.conf`), options);
  });
}

for (const name of listCases('corpus')) {
  test(`${name}, found in the wild, loads with its virtual servers`, () => {
    const path = resolve(shared, 'corpus', name);
    const { config, diagnostics } = loadConfig(path, options);
    for (const each of diagnostics)
      assert.ok(each.line > 0 && each.column > 0 && each.message !== '' && each.hint !== '');
    if (name.slice(0, 3) in otherCounts) return;
    const written = readFileSync(path, 'utf8').match(/^\s*virtual_server\s/gm)?.length ?? 0;
    assert.is(config.virtualServers.length, written);
  });
}

test.run();
