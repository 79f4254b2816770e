import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as assert from 'uvu/assert';
import { loadConfig, loadTree, UnreadableConfig } from '../../../src/config/load.ts';
import { patterns } from '../../../src/sys/patterns.ts';
import { suite } from '../../support/suite.ts';
import { fakeChecker, realServer } from './read-text.ts';

const test = suite('config/load');
const options = { configId: 'checkalived', checkers: [fakeChecker('TCP_CHECK')], hostName: 'lb1', patterns };
let directory = '';
test.before(() => {
  directory = mkdtempSync(join(tmpdir(), 'config-load-'));
});
test.after(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function catchFault(run: () => unknown): unknown {
  try {
    run();
    return null;
  } catch (fault) {
    return fault;
  }
}

test('a configuration is read from the disk, with the files that it includes', () => {
  mkdirSync(join(directory, 'vs.d', 'a-directory.conf'), { recursive: true });
  const included = write('vs.d/web.conf', realServer('TCP_CHECK { }'));
  const path = write('main.conf', `include vs.d/*.conf\nglobal_defs {\nrouter_id "\${_PWD}"\n}\n`);
  const { config, diagnostics, sources } = loadConfig(path, options);
  assert.equal(diagnostics, []);
  assert.is(config.virtualServers[0]?.span.file, included);
  assert.is(config.globals.routerId, directory);
  assert.equal([...sources.keys()], [path, included]);
});
test('a main file that cannot be read throws, with a hint', () => {
  for (const path of [join(directory, 'none.conf'), directory, join(directory, 'main.conf', 'x')]) {
    const fault = catchFault(() => loadConfig(path, options));
    if (!(fault instanceof UnreadableConfig)) throw new Error(`no such fault: ${fault}`);
    assert.equal([fault.code, fault.message.startsWith(path), fault.hint !== ''], ['unreadable-config', true, true]);
  }
});
test('the keywords of a configuration are read in the same way, what they mean left aside', () => {
  const path = write('tree.conf', `global_defs {\nrouter_id "\${_PWD}"\nsmtp_server ???\n}\n`);
  const { tree, diagnostics } = loadTree(path, options);
  assert.equal(
    tree[0]?.nodes.map(node => node.words.map(word => word.text)),
    [[directory], ['???']],
  );
  assert.equal(diagnostics, []);
  assert.instance(
    catchFault(() => loadTree(directory, options)),
    UnreadableConfig,
  );
});
test('an executable file is read, with a warning that keepalived does not', () => {
  const path = write('executable.conf', realServer('TCP_CHECK { }'));
  chmodSync(path, 0o755);
  const { config, diagnostics } = loadConfig(path, options);
  assert.equal([config.virtualServers.length, diagnostics.map(each => each.code)], [1, ['executable-file']]);
});
test('a real server that holds a keyword of the environment takes it from what is given', () => {
  const path = write('environment.conf', `global_defs {\nrouter_id \${_ENV ROUTER}\n}\n`);
  assert.is(loadConfig(path, { ...options, environment: { ROUTER: 'r9' } }).config.globals.routerId, 'r9');
  assert.is(loadConfig(path, options).config.globals.routerId, 'lb1');
});

test('a configuration that is kept does not keep the text of its file', async () => {
  const path = join(directory, 'large.conf');
  writeFileSync(path, '');
  const line = `# ${'x'.repeat(20_000)}\n`;
  for (let count = 0; count < 400; count++) appendFileSync(path, line);
  appendFileSync(path, realServer('TCP_CHECK {\ndelay_loop          5\n}').replaceAll('10.0.0.2', '192.168.100.200'));
  const before = memoryInUse();
  const { config } = loadConfig(path, options);
  let kept = memoryInUse() - before;
  // V8 compiles the reader's functions meanwhile, and a function that waits for it holds what it is closed over.
  for (let times = 0; times < 100 && kept >= 2_000_000; times++) {
    await setImmediate();
    kept = memoryInUse() - before;
  }
  assert.is(config.virtualServers[0]?.realServers[0]?.address, '192.168.100.200');
  assert.ok(kept < 2_000_000, `${kept} bytes are kept of 8,000,000`);
});

/** Bytes, without what nobody holds any more; a long text lies outside of V8's heap. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // In a process that has run a thousand tests before, one collection leaves some of what is due.
  for (let times = 0; times < 3; times++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test.run();
