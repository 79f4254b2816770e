import * as assert from 'uvu/assert';
import { createPluginLoader, type PluginHost } from '../../../../src/cli/plugins/load.ts';
import type { Diagnostic } from '../../../../src/config/diagnostics.ts';
import { suite } from '../../../support/suite.ts';
import { fakeChecker } from '../../config/read-text.ts';

const test = suite('cli/plugins/load');

/** A host whose plug-ins are in `modules`, by absolute path; a function is what loading does. */
function setUp(modules: Record<string, object>, over: Partial<PluginHost> = {}) {
  const loads: string[] = [];
  const stamps: Record<string, string> = {};
  const loader = createPluginLoader(new Set(['TCP_CHECK', 'SSL']), {
    absolute: path => (path.startsWith('/') ? path : `/etc/${path}`),
    stampOf: path => (path in modules ? (stamps[path] ?? 'at first') : null),
    findWeakness: () => null,
    load: async (path, attempt) => {
      loads.push(`${path} ${attempt}`);
      const module = modules[path];
      return typeof module === 'function' ? module() : { ...module };
    },
    packageRoot: '/opt/checkalived',
    ...over,
  });
  /** Keywords that were loaded, and faults. */
  const load = async (...paths: readonly string[]) => {
    const plugins = paths.map((path, index) => ({
      path,
      span: { file: 'main.conf', line: index + 1, column: 8, length: path.length },
    }));
    const { checkers, diagnostics } = await loader.load(plugins);
    return { keywords: checkers.map(({ keyword }) => keyword), faults: diagnostics.map(show), diagnostics };
  };
  return { load, loads, stamps };
}

function show({ severity, code, line, message }: Diagnostic): string {
  return `${line} ${severity} ${code}: ${message}`;
}

for (const [title, exports, keywords] of [
  ['its default export', { default: fakeChecker('A_CHECK'), other: fakeChecker('B_CHECK') }, ['A_CHECK']],
  ['a list as default export', { default: [fakeChecker('A_CHECK'), fakeChecker('B_CHECK')] }, ['A_CHECK', 'B_CHECK']],
  [
    'exports by name, whatever else it exports',
    { a: fakeChecker('A_CHECK'), help: () => {}, limit: 3, text: 'x', nothing: null },
    ['A_CHECK'],
  ],
  ['a list by name', { all: [fakeChecker('A_CHECK'), fakeChecker('B_CHECK')] }, ['A_CHECK', 'B_CHECK']],
] as const) {
  test(`the checkers of a plug-in are ${title}`, async () => {
    const { load } = setUp({ '/etc/a.mjs': exports });
    const { keywords: found, faults } = await load('a.mjs');
    assert.equal([found, faults], [keywords, []]);
  });
}

test('a file is loaded once, however often it is named and read', async () => {
  const { load, loads } = setUp({ '/etc/a.mjs': { default: fakeChecker('A_CHECK') } });
  assert.equal((await load('a.mjs', '/etc/a.mjs')).keywords, ['A_CHECK']);
  assert.equal((await load('a.mjs')).keywords, ['A_CHECK']);
  assert.equal(loads, ['/etc/a.mjs 0']);
});

test('a plug-in that changed stays as it is, with the advice to restart', async () => {
  const { load, loads, stamps } = setUp({ '/etc/a.mjs': { default: fakeChecker('A_CHECK') } });
  await load('a.mjs');
  stamps['/etc/a.mjs'] = 'later';
  const { keywords, diagnostics } = await load('a.mjs');
  assert.equal(keywords, ['A_CHECK']);
  assert.equal(diagnostics.map(show), [
    '1 warning plugin-changed: The plug-in /etc/a.mjs was changed after it was loaded: what was loaded stays in use.',
  ]);
  assert.match(diagnostics[0]?.hint ?? '', 'Restart checkalived');
  assert.is(loads.length, 1);
});

test('a file that is not there is an error at its line, and the others are loaded', async () => {
  const { load } = setUp({ '/etc/b.mjs': { default: fakeChecker('B_CHECK') } });
  const { keywords, faults } = await load('a.mjs', 'b.mjs');
  assert.equal(keywords, ['B_CHECK']);
  assert.equal(faults, ['1 error plugin-not-loaded: There is no plug-in /etc/a.mjs.']);
});

test('a plug-in that others may write to is not even loaded', async () => {
  const { load, loads } = setUp({ '/etc/a.mjs': {} }, { findWeakness: path => `${path} is open` });
  assert.equal((await load('a.mjs')).faults, [
    '1 error plugin-insecure: The plug-in /etc/a.mjs is not loaded: /etc/a.mjs is open.',
  ]);
  assert.equal(loads, []);
});

test('a plug-in that fails while it is loaded is an error, and is tried anew the next time', async () => {
  let broken = true;
  const { load, loads } = setUp({
    '/etc/a.mjs': () => {
      if (broken) throw new SyntaxError('Unexpected token\nand more');
      return { default: fakeChecker('A_CHECK') };
    },
  });
  assert.equal((await load('a.mjs')).faults, [
    '1 error plugin-not-loaded: The plug-in /etc/a.mjs cannot be loaded: Unexpected token.',
  ]);
  broken = false;
  assert.equal((await load('a.mjs')).keywords, ['A_CHECK']);
  assert.equal(loads, ['/etc/a.mjs 0', '/etc/a.mjs 1']);
});

test('a plug-in that does not find checkalived is told how to', async () => {
  const missing = Object.assign(new Error("Cannot find package 'checkalived' imported from /etc/x/a.mjs"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  const { load } = setUp({
    '/etc/x/a.mjs': () => {
      throw missing;
    },
  });
  assert.is(
    (await load('/etc/x/a.mjs')).diagnostics[0]?.hint,
    'Let it find checkalived: mkdir -p /etc/x/node_modules && ln -s /opt/checkalived /etc/x/node_modules/checkalived.',
  );
});

test('a plug-in without a checker is an error', async () => {
  const { load } = setUp({ '/etc/a.mjs': { help: () => {} } });
  assert.equal((await load('a.mjs')).faults, ['1 error plugin-contract: The plug-in /etc/a.mjs exports no checker.']);
});

test('a checker that does not keep the contract is left out with every reason, and its neighbour is not', async () => {
  const { load } = setUp({
    '/etc/a.mjs': { default: [{ ...fakeChecker('A_CHECK'), doc: 1, plan: 1 }, fakeChecker('B_CHECK')] },
  });
  const { keywords, faults } = await load('a.mjs');
  assert.equal(keywords, ['B_CHECK']);
  assert.equal(faults, [
    '1 error plugin-contract: The plug-in /etc/a.mjs does not keep the contract: in A_CHECK, doc is 1, not a sentence.',
    '1 error plugin-contract: The plug-in /etc/a.mjs does not keep the contract: in A_CHECK, plan is 1, not a function.',
  ]);
});

test('a keyword that is taken is an error, whoever has it', async () => {
  const { load } = setUp({
    '/etc/a.mjs': { default: [fakeChecker('TCP_CHECK'), fakeChecker('SSL'), fakeChecker('A_CHECK')] },
    '/etc/b.mjs': { default: fakeChecker('A_CHECK') },
  });
  const { keywords, faults } = await load('a.mjs', 'b.mjs');
  assert.equal(keywords, ['A_CHECK']);
  const taken = (line: number, keyword: string, file: string, owner: string): string =>
    `${line} error plugin-keyword: The keyword ${keyword} of the plug-in /etc/${file} is taken by ${owner}.`;
  assert.equal(faults, [
    taken(1, 'TCP_CHECK', 'a.mjs', 'the configuration language'),
    taken(1, 'SSL', 'a.mjs', 'the configuration language'),
    taken(2, 'A_CHECK', 'b.mjs', '/etc/a.mjs'),
  ]);
});

test.run();
