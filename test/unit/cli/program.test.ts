import * as assert from 'uvu/assert';
import { checkers } from '../../../checks/index.ts';
import { commands } from '../../../src/cli/help.ts';
import type { ComposeOptions, Modules } from '../../../src/cli/io.ts';
import { defaultListen, defaultStateDir } from '../../../src/cli/options.ts';
import { runCommandLine, runGenhash } from '../../../src/cli/program.ts';
import { diskFiles, UnreadableConfig } from '../../../src/config/load.ts';
import { readConfig } from '../../../src/config/read.ts';
import { httpClient } from '../../../src/sys/http-client.ts';
import { patterns } from '../../../src/sys/patterns.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { makeConnection } from '../../../testing/check-context.ts';
import { noMetrics } from '../../support/no-metrics.ts';
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
    load: async (file, configId) => {
      loads.push(`${file} ${configId}`);
      if (file === 'missing.conf')
        throw new UnreadableConfig(file, { ok: false, reason: 'missing', detail: 'no file' });
      const diagnostics = file === 'bad.conf' ? [createDiagnostic()] : [];
      return { config: createConfig(), diagnostics, sources: new Map(), secrets: [], checkers: [] };
    },
    loadTree: async (file, configId) => {
      loads.push(`${file} ${configId}`);
      return { tree: [], diagnostics: [], sources: new Map() };
    },
    readFile: file => {
      loads.push(file);
      return { ok: true, text: '', executable: false };
    },
    checkers: [],
    sockets,
    http: httpClient,
    resolve: () => {
      throw new Error('no name here');
    },
    editFile: () => {
      throw new Error('nothing is edited here');
    },
    writeFile: path => {
      loads.push(path);
      return { ok: true };
    },
    readPackaged: directory => new Map([[`rules/of-${directory}.yml`, 'groups: []']]),
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
        metrics: noMetrics,
        reloaded: () => {},
        unjudged: () => [],
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
  assert.match(
    io.stderr.text,
    'no command is called tset; there are run, test, check, config, status, history, dashboards, rules, demo, genhash',
  );
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
    [1, 'genhash', '-s', '127.0.0.1', '-p', '80'],
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
  assert.equal([...new Set(loads)], ['one.conf east', 'two.conf east']);
  const print = await type('config', 'print', '-f', 'some.conf');
  assert.equal([print.exit, print.loads], [0, ['some.conf checkalived']]);
  const convert = await type('config', 'convert', '--from', 'ldirectord', 'some.cf');
  assert.equal([convert.exit, convert.loads], [0, ['some.cf']]);
  const explain = await type('config', 'explain', 'quorum', '--block', 'virtual_server');
  assert.match(explain.io.stdout.text, 'Weight that must be up');
});

test('help finds the commands of config, and says of others that there are none', async () => {
  for (const words of [
    ['help', 'config', 'diff'],
    ['config', 'help', 'diff'],
  ]) {
    const { exit, io } = await type(...words);
    assert.is(exit, 0);
    assert.match(io.stdout.text, 'Usage: checkalived config diff [options] <old> <new>');
  }
  const other = await type('help', 'nothing');
  assert.is(other.exit, 1);
  assert.match(other.io.stderr.text, /^checkalived: no command is called nothing; there are run, /);
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

/** The program genhash, with sockets that note what they are asked for and cannot connect. */
async function typeGenhash(...words: readonly string[]) {
  const io = createFakeIo();
  const connects: unknown[] = [];
  const modules: Modules = {
    ...createModules(io).modules,
    sockets: {
      connect: (to, tls, handler) => {
        connects.push({ ...to, tls });
        queueMicrotask(() => handler.closed({ code: 'ECONNREFUSED', message: 'connection refused' }));
        return makeConnection();
      },
    },
  };
  return { exit: await runGenhash(words, io, modules), io, connects };
}
const server = ['-s', '2001:DB8::0:2', '-p', '443', '-u', '/'];

test('genhash is a program of its own, with options long, short and together', async () => {
  for (const words of [
    [...server, '-SIV', 'www.example.org', '-t', '7'],
    [
      '--server=2001:db8::2',
      '--port=443',
      '--url=/',
      '--use-ssl',
      '--use-sni',
      '--use-virtualhost=www.example.org',
      '-t7',
    ],
  ]) {
    const { exit, connects, io } = await typeGenhash(...words);
    assert.is(exit, 1);
    assert.equal(connects, [
      { address: '2001:db8::2', port: 443, timeout: 7000, tls: { serverName: 'www.example.org' } },
    ]);
    assert.is(io.stderr.text, 'genhash: [2001:db8::2]:443: connection refused\n');
  }
});

test('genhash without a timeout waits as long as that of keepalived', async () => {
  const { connects } = await typeGenhash(...server);
  assert.equal(connects, [{ address: '2001:db8::2', port: 443, timeout: 4_294_967, tls: null }]);
});

test('genhash says under its own name what is wrong with its command line', async () => {
  for (const [told, ...words] of [
    ['required option', '-s', '127.0.0.1', '-p', '80'],
    ['It takes an address', '-s', '10.0.0.2/24', '-p', '80', '-u', '/'],
    ['It takes an address', '-s', '10.0.0.256', '-p', '80', '-u', '/'],
    ['Allowed choices are md5, sha1, sha256', ...server, '-H', 'crc32'],
    ["'--config <file>' cannot be used with option '-p, --port <port>'", '--config', 'a.conf', '-p', '80'],
    ["'--config <file>' cannot be used with option '-H, --hash <algorithm>'", '--config', 'a.conf', '-H', 'md5'],
    ["option '--write' needs --config <file>", ...server, '--write'],
    ["option '-i, --config-id <id>' needs --config <file>", ...server, '-i', 'x'],
    ['It takes a number from 1 to 65535', '-s', '127.0.0.1', '-p', '65536', '-u', '/'],
    ['Allowed choices are 1.0, 1.0C, 1.0c, 1.1', ...server, '-P', '2'],
    ['It takes whole seconds', ...server, '-t', '0'],
    ['It takes whole seconds', ...server, '-t', '4295'],
    ['It takes a number from 0 to 4294967295', ...server, '-m', '4294967296'],
    ['It takes a number from 0 to 4294967295', ...server, '-m', 'x'],
    ['too many arguments', ...server, 'stray'],
    ['unknown option', ...server, '-x'],
  ] as const) {
    const { exit, io, connects } = await typeGenhash(...words);
    assert.is(exit, 1, words.join(' '));
    assert.match(io.stderr.text, told);
    assert.match(io.stderr.text, /^genhash: .*\n\(see genhash --help\)\n$/);
    assert.equal([io.stdout.text, connects], ['', []]);
  }
});

test('a mark is on the packets, and 0 is none', async () => {
  const connection = { address: '2001:db8::2', port: 443, timeout: 4_294_967, tls: null };
  assert.equal((await typeGenhash(...server, '-m', '7')).connects, [{ ...connection, mark: 7 }]);
  assert.equal((await typeGenhash(...server, '-m', '0')).connects, [connection]);
});

test('-v is verbose for genhash and the version before a command', async () => {
  const { io } = await typeGenhash(...server, '-v');
  assert.match(io.stdout.text, 'Global response time for [/] = 0 usecs');
  assert.is((await type('-v')).io.stdout.text, '1.2.3\n');
  assert.match((await type('genhash', '-v')).io.stderr.text, 'required option');
});

test('the help of genhash is under its own name', async () => {
  const { exit, io } = await typeGenhash('-h');
  assert.is(exit, 0);
  assert.match(io.stdout.text, 'Usage: genhash [options]');
  assert.match(io.stdout.text, /\nExit codes:\n {2}0 {2}\w/);
});

test('defaults of the command line are those of a configuration that says nothing', () => {
  const { settings } = readConfig('empty.conf', '', {
    configId: 'checkalived',
    checkers,
    hostName: 'test',
    patterns,
    files: diskFiles,
    environment: {},
  }).config;
  assert.is(settings.stateDir, defaultStateDir);
  assert.equal(settings.listen, defaultListen);
});

test('dashboards and rules are copied to the directory that is named', async () => {
  const { exit, loads, io } = await type('rules', '/nowhere', '--runbooks', 'https://wiki.example.net/', '--force');
  assert.is(exit, 0);
  assert.equal(loads, ['/nowhere/rules/of-alerts.yml', '/nowhere/rules/of-alerts.yml']);
  assert.match(io.stdout.text, '/nowhere/rules/of-alerts.yml: written\n');
  const none = await type('dashboards', '/nowhere');
  assert.is(none.exit, 1, 'of these modules none is a dashboard');
  assert.match((await type('dashboards')).io.stderr.text, "missing required argument 'dir'");
});

test('an address of runbooks that is none is refused', async () => {
  for (const address of ['wiki', 'ftp://wiki', 'https://a b/', 'https://"/'])
    assert.is((await type('rules', '/nowhere', '--runbooks', address)).exit, 1, address);
});

test.run();
