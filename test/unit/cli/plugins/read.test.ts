import * as assert from 'uvu/assert';
import type { PluginLoader } from '../../../../src/cli/plugins/load.ts';
import { readWithPlugins } from '../../../../src/cli/plugins/read.ts';
import type { ReadResult } from '../../../../src/config/read.ts';
import type { Checker } from '../../../../src/model/check.ts';
import { suite } from '../../../support/suite.ts';
import { fakeChecker, faultsOf, readText, realServer } from '../../config/read-text.ts';
import { createDiagnostic } from '../fake-io.ts';

const test = suite('cli/plugins/read');
const builtIn = [fakeChecker('TCP_CHECK')];

/** Reads a text; `known` are the keywords of each reading. */
async function read(text: string, loader: PluginLoader) {
  const known: string[][] = [];
  const readOnce = (checkers: readonly Checker[]): ReadResult => {
    known.push(checkers.map(({ keyword }) => keyword));
    return readText(text, { checkers });
  };
  const result = await readWithPlugins(builtIn, readOnce, ({ config }) => config.settings.plugin, loader);
  return { known, result };
}

test('a configuration without plug-ins is read once', async () => {
  const loader = { load: () => assert.unreachable() as never };
  assert.equal((await read(realServer('TCP_CHECK {\n}'), loader)).known, [['TCP_CHECK']]);
});

test('plug-ins are loaded, and then their blocks are read, wherever the line stands', async () => {
  const own = `checkalived {\nplugin my.mjs\n}\n`;
  const server = realServer('MY_CHECK {\ndelay_loop 3\n}');
  for (const text of [own + server, server + own]) {
    const asked: string[] = [];
    const loader: PluginLoader = {
      load: async plugins => {
        asked.push(...plugins.map(({ path, span }) => `${path} at ${span.line}:${span.column}`));
        return { checkers: [fakeChecker('MY_CHECK', [], { ours: true })], diagnostics: [] };
      },
    };
    const { known, result } = await read(text, loader);
    assert.equal(known, [['TCP_CHECK'], ['TCP_CHECK', 'MY_CHECK']]);
    assert.match(asked.join(), /^my\.mjs at \d+:8$/);
    const [plan] = result.config.virtualServers[0]?.realServers[0]?.checks ?? [];
    assert.equal([plan?.type, plan?.schedule], ['MY_CHECK', { kind: 'interval', every: 3000 }]);
    assert.equal(
      result.checkers.map(({ keyword }) => keyword),
      known[1],
    );
  }
});

test('what is wrong with plug-ins stands before what is wrong with the configuration', async () => {
  const loader: PluginLoader = {
    load: async () => ({ checkers: [], diagnostics: [createDiagnostic({ code: 'plugin-not-loaded' })] }),
  };
  const { result } = await read(`checkalived {\nplugin my.mjs\n}\n${realServer('MY_CHECK {\n}')}`, loader);
  assert.equal(
    faultsOf(result).filter(fault => fault.startsWith('error')),
    ['error plugin-not-loaded 2', 'error unknown-checker 10'],
  );
});

test.run();
