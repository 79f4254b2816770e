import * as assert from 'uvu/assert';
import { findPlugins } from '../../../src/config/plugins.ts';
import { suite } from '../../support/suite.ts';
import { fakeChecker, faultsOf, readText, readTextTree, realServer } from './read-text.ts';

const test = suite('config/plugins');
const paths = (text: string, files = {}): readonly string[] =>
  findPlugins(readTextTree(text, { files }).tree).map(({ path }) => path);

test('plug-ins are found in every block of ours, in their order', () => {
  assert.equal(
    paths(
      'checkalived {\nplugin /a.mjs\nplugin "b c.mjs"\n}\n@checkalived checkalived {\n@checkalived plugin d.mjs\n@checkalived }',
    ),
    ['/a.mjs', 'b c.mjs', 'd.mjs'],
  );
});

test('a relative path is relative to the file that names it', () => {
  const files = { 'sub/own.conf': 'checkalived {\nplugin ./my.mjs\n}\n' };
  assert.equal(paths('include sub/own.conf\n', files), ['sub/./my.mjs']);
});

test('a file of our own needs no prefix where the include has it', () => {
  const files = { 'own.conf': 'checkalived {\nplugin ./my.mjs\n}\n' };
  assert.equal(readText('@checkalived include own.conf\n', { files }).diagnostics, []);
  assert.equal(faultsOf(readText('include own.conf\n', { files })), ['hint own-keyword 1']);
});

test('blocks of checkers that nobody knows yet hide no plug-in', () => {
  assert.equal(paths(`${realServer('MY_CHECK {\ninner {\na b\n}\n}')}checkalived {\nplugin my.mjs\n}\n`), ['my.mjs']);
});

test('a plugin without a path is a fault, and none', () => {
  const result = readText(`checkalived {\nplugin\n}\n${realServer('TCP_CHECK {\n}')}`);
  assert.equal(result.config.settings.plugin, []);
  assert.ok(faultsOf(result).includes('warning missing-argument 2'), faultsOf(result).join());
});

test("keepalived is not said to judge a plug-in's block", () => {
  const own = fakeChecker('MY_CHECK', [], {
    ours: true,
    plan: (values, _, report) => {
      report('error', 'my-code', 'It is wrong.', values.span);
      return [];
    },
  });
  const { diagnostics } = readText(realServer('MY_CHECK {\n}'), { checkers: [own] });
  assert.equal(
    diagnostics.filter(({ severity }) => severity === 'error').map(({ code, keepalived }) => [code, keepalived]),
    [['my-code', false]],
  );
});

test.run();
