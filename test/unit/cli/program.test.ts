import * as assert from 'uvu/assert';
import { checkers } from '../../../checks/index.ts';
import { commands } from '../../../src/cli/help.ts';
import type { ComposeOptions, Modules } from '../../../src/cli/io.ts';
import { defaultListen, defaultStateDir } from '../../../src/cli/options.ts';
import { runCommandLine } from '../../../src/cli/program.ts';
import { diskFiles, UnreadableConfig } from '../../../src/config/load.ts';
import { readConfig } from '../../../src/config/read.ts';
import { suite } from '../../support/suite.ts';
import { createSnapshot } from '../web/snapshot.ts';
import { createConfig, createDiagnostic, createFakeIo, type FakeIo } from './fake-io.ts';

const test = suite('cli/program');

/** Modules that note what they were asked for; an agent stops at once. */
function createModules(io: FakeIo) {
  const loads: string[] = [];
  const composed: ComposeOptions[] = [];
  const stops: boolean[] = [];
  const modules: Modules = {
    load: (file, configId) => {
      loads.push(`${file} ${configId}`);
      if (file === 'missing.conf')
        throw new UnreadableConfig(file, { ok: false, reason: 'missing', detail: 'no file' });
      const diagnostics = file === 'bad.conf' ? [createDiagnostic()] : [];
      return { config: createConfig(), diagnostics, sources: new Map() };
    },
    loadTree: (file, configId) => {
      loads.push(`${file} ${configId}`);
      return { tree: [], diagnostics: [], sources: new Map() };
    },
    readFile: file => {
      loads.push(file);
      return { ok: true, text: '', executable: false };
    },
    checkers: [],
    openContext: () => {
      throw new Error('no check here');
    },
    compose: options => {
      composed.push(options);
      return {
        start: async () => io.send('SIGTERM'),
        stop: async ({ release }) => void stops.push(release),
        reload: async () => {},
        snapshot: () => createSnapshot(),
        ready: () => true,
      };
    },
  };
  return { modules, loads, composed, stops };
}

async function type(...words: readonly string[]) {
  const io = createFakeIo();
  const { modules, ...seen } = createModules(io);
  return { exit: await runCommandLine(words, io, modules), io, ...seen };
}

test('without a command it is run', async () => {
  const { exit, loads, composed, stops } = await type('-f', 'some.conf', '--dry-run');
  assert.is(exit, 0);
  assert.equal(loads, ['some.conf checkalived']);
  assert.is(composed[0]?.dryRun, true);
  assert.equal(stops, [true]);
});

test('without anything it is run with the configuration of keepalived', async () => {
  assert.equal((await type()).loads, ['/etc/keepalived/keepalived.conf checkalived']);
});

test('the options of run reach the agent', async () => {
  const { composed, stops, loads } = await type(
    ...['run', '-f', 'some.conf', '-i', 'east', '--ipvs', 'memory', '--state-dir', '/nonexistent/x'],
    ...['--listen', '[::1]:0', '--log-format', 'json', '--dont-release-ipvs'],
  );
  assert.equal(loads, ['some.conf east']);
  const { ipvs, stateDir, listen, logFormat } = composed[0]?.config.settings ?? createConfig().settings;
  assert.is(ipvs, 'memory');
  assert.is(stateDir, '/nonexistent/x');
  assert.equal(listen, { address: '::1', port: 0 });
  assert.is(logFormat, 'json');
  assert.equal(stops, [false]);
});

test('options that are left out leave the settings of the file', async () => {
  const { composed } = await type('-f', 'some.conf');
  assert.equal(composed[0]?.config, createConfig());
});

test('a word that is no command is named, with those that are', async () => {
  const { exit, io } = await type('tset', '-f', 'some.conf');
  assert.is(exit, 1);
  assert.match(io.stderr.text, 'no command is called tset; there are run, test, check, config, status, history, demo');
});

test('a wrong command line has the exit code of its command, and shows the way to its help', async () => {
  for (const [usage, ...words] of [
    [1, '--bogus'],
    [1, 'run', '--ipvs', 'bogus'],
    [1, 'run', 'stray'],
    [2, 'test', '--bogus'],
    [2, 'test', '-f'],
    [3, 'check', '--bogus'],
    [2, 'config', 'bogus'],
    [2, 'config', 'print', 'stray'],
    [2, 'config', 'diff', 'one'],
    [2, 'config', 'explain'],
    [2, 'config', 'convert', '--from', 'haproxy', 'x'],
    [3, 'status', '--listen', 'nowhere'],
    [1, 'history', '--since', 'yesterday'],
    [1, 'demo', '--listen', '127.0.0.1:99999'],
  ] as const) {
    const { exit, io } = await type(...words);
    assert.is(exit, usage, words.join(' '));
    assert.match(io.stderr.text, /^checkalived: .*\n\(see checkalived [\w ]+ --help\)\n$/);
    assert.is(io.stdout.text, '');
  }
});

test('test has the exit codes of its table', async () => {
  assert.is((await type('test', '-f', 'good.conf')).exit, 0);
  assert.is((await type('test', '-f', 'bad.conf')).exit, 1);
  assert.is((await type('test', '-f', 'missing.conf')).exit, 2);
});

test('a file with errors or none at all ends run with 1 and check with 3', async () => {
  for (const file of ['bad.conf', 'missing.conf']) {
    assert.is((await type('run', '-f', file)).exit, 1);
    assert.is((await type('check', '-f', file)).exit, 3);
  }
});

test('config alone shows its commands, and makes it 2', async () => {
  const { exit, io } = await type('config');
  assert.is(exit, 2);
  assert.match(io.stderr.text, 'diff [options] <old> <new>');
  assert.match((await type('config', '--help')).io.stdout.text, 'explain [options] <keyword>');
});

test('the commands of config reach their files', async () => {
  const { exit, loads } = await type('config', 'diff', 'one.conf', 'two.conf', '-i', 'east');
  assert.is(exit, 0);
  assert.equal(loads, ['one.conf east', 'two.conf east']);
  const print = await type('config', 'print', '-f', 'some.conf');
  assert.equal([print.exit, print.loads], [0, ['some.conf checkalived']]);
  const convert = await type('config', 'convert', '--from', 'ldirectord', 'some.cf');
  assert.equal([convert.exit, convert.loads], [0, ['some.cf']]);
  const explain = await type('config', 'explain', 'quorum', '--block', 'virtual_server');
  assert.match(explain.io.stdout.text, 'Weight that must be up');
});

test('help and version go to standard output and make it 0', async () => {
  const version = await type('--version');
  assert.is(version.exit, 0);
  assert.is(version.io.stdout.text, '1.2.3\n');
  const { exit, io } = await type('--help');
  assert.is(exit, 0);
  assert.match(io.stdout.text, 'Usage: checkalived');
  assert.is(io.stderr.text, '');
});

test('the help of every command says what it is for, shows examples and lists its exit codes', async () => {
  for (const command of Object.keys(commands)) {
    if (command === 'config') continue;
    const { exit, io } = await type(...command.split(' '), '--help');
    assert.is(exit, 0);
    assert.match(io.stdout.text, `Usage: checkalived ${command} [options]`);
    assert.match(io.stdout.text, `\n  checkalived ${command}`);
    assert.match(io.stdout.text, /\nExit codes:\n {2}0 {2}\w/);
    assert.not.match(io.stdout.text, '(default: false)');
  }
});

test('defaults of the command line are those of a configuration that says nothing', () => {
  const { settings } = readConfig('empty.conf', '', {
    configId: 'checkalived',
    checkers,
    hostName: 'test',
    files: diskFiles,
    environment: {},
  }).config;
  assert.is(settings.stateDir, defaultStateDir);
  assert.equal(settings.listen, defaultListen);
});

test.run();
