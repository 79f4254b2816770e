import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { bundleProgram } from '../../../scripts/bundle/bundle-program.ts';
import { answer, type FaultServer, startFaultServer } from '../../../testing/fault-server.ts';
import { suite } from '../../support/suite.ts';

// A plug-in in a directory of its own, with the package as npm installs it.
const test = suite('testing/outside', 120_000);
const root = resolve(import.meta.dirname, '../../..');
const directories = { temporary: '', installed: '', site: '' };
const program = (): string => join(directories.installed, 'bin/checkalived');

test.before(async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'checkalived-outside-'));
  const [source, installed, site] = ['source', 'installed', 'site'].map(name => join(temporary, name)) as [
    string,
    string,
    string,
  ];
  Object.assign(directories, { temporary, installed, site });
  for (const name of ['package.json', 'bin', 'docs/man', 'examples', 'README.md', 'LICENSE'])
    cpSync(join(root, name), join(source, name), { recursive: true });
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules/typescript/package.json'), 'utf8'));
  const compiler = join(root, 'node_modules/typescript', bin.tsc);
  await succeed(root, process.execPath, compiler, '-p', 'tsconfig.build.json', '--outDir', join(source, 'dist'));
  bundleProgram(join(source, 'dist/bundle'));
  await succeed(source, 'npm', 'pack', '--ignore-scripts', '--pack-destination', temporary);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  mkdirSync(installed);
  await succeed(installed, 'tar', 'xzf', join(temporary, `checkalived-${version}.tgz`), '--strip-components=1');
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  cpSync(join(root, 'examples/plugin'), site, { recursive: true });
  mkdirSync(join(site, 'node_modules'));
  symlinkSync(installed, join(site, 'node_modules/checkalived'));
  symlinkSync(join(root, 'node_modules/@types'), join(site, 'node_modules/@types'));
});
test.after(() => rmSync(directories.temporary, { recursive: true, force: true }));

test('the example conforms, under node --test', async () => {
  const { exit, stdout } = await run(directories.site, process.execPath, '--test', 'memcached-check.test.mjs');
  assert.is(exit, 0, stdout);
  assert.match(stdout, /^# pass (1[89]|[2-9]\d)$/m);
  assert.match(stdout, '# fail 0');
});

test('the example is what the types of the package say', async () => {
  const options =
    '--noEmit --strict --checkJs --allowJs --target es2023 --module nodenext --types node --skipLibCheck false';
  const files = ['memcached-check.mjs', 'memcached-check.test.mjs'];
  const compiler = join(root, 'node_modules/.bin/tsc');
  await succeed(directories.site, compiler, ...options.split(' '), ...files);
});

for (const [title, body, fault] of [
  [
    'that leaves a descriptor open',
    'openSync(new URL(import.meta.url));\n  return memcached.check(spec, context);',
    'a descriptor is left',
  ],
  [
    'that leaves a timer',
    'context.clock.at(context.clock.now() + 1e9, () => {});\n  return memcached.check(spec, context);',
    'a timer is left',
  ],
  [
    'that throws for a sick target',
    'const result = await memcached.check(spec, context);\n  if (!result.ok) throw new Error("sick");\n  return result;',
    'sick',
  ],
] as const) {
  test(`a checker ${title} does not conform`, async () => {
    writeSite(
      'bad.test.mjs',
      `import { openSync } from 'node:fs';
import { test } from 'node:test';
import { conform } from 'checkalived/testing';
import { memcached } from './memcached-check.mjs';
const check = async (spec, context) => {
  ${body}
};
void openSync;
const talk = { replies: ['VERSION 1.6.21\\r\\n'], greets: false, until: '\\r\\n' };
conform(test, { checker: { ...memcached, check }, given: {}, tls: false, talk });
`,
    );
    const only = ['--test-name-pattern', 'healthy server|nothing listens'];
    const { exit, stdout } = await run(directories.site, process.execPath, ...only, '--test', 'bad.test.mjs');
    assert.is(exit, 1);
    assert.match(stdout, fault);
  });
}

test('the checks of a plug-in are run by checkalived check', async () => {
  for (const [says, exit, reason] of [
    ['VERSION 1.6.21\r\n', 0, 'ok'],
    ['SERVER_ERROR out of memory\r\n', 2, 'status'],
  ] as const) {
    const server = await startFaultServer(answer([says], { greets: false, until: '\r\n' }));
    try {
      writeSite('one.conf', configOf(server, 'memcached-check.mjs'));
      const { exit: found, stdout } = await checkalived('check', '-f', 'one.conf', '--json');
      assert.equal(
        [found, JSON.parse(stdout).checks.map((each: Found) => `${each.type} ${each.reason}`)],
        [exit, [`MEMCACHED_CHECK ${reason}`]],
      );
    } finally {
      await server.close();
    }
  }
});
interface Found {
  readonly type: string;
  readonly reason: string;
}

test('the agent takes a plug-in in with a reload, and runs its checks', async () => {
  const server = await startFaultServer(answer(['VERSION 1.6.21\r\n'], { greets: false, until: '\r\n' }));
  const file = join(directories.site, 'agent.conf');
  writeFileSync(file, '# nothing yet\n');
  const options = ['--ipvs', 'memory', '--listen', '127.0.0.1:0', '--state-dir', join(directories.temporary, 'state')];
  const agent = spawn(program(), ['run', '-f', file, '--log-format', 'json', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  agent.stdout.on('data', bytes => {
    log += bytes;
  });
  const ended = once(agent, 'close');
  try {
    while (!log.includes('checking 0 times')) await once(agent.stdout, 'data');
    writeFileSync(file, configOf(server, './memcached-check.mjs'));
    agent.kill('SIGHUP');
    await server.heard(text => text.includes('version\r\n'));
    agent.kill('SIGTERM');
    assert.equal(await ended, [0, null], log);
    assert.match(log, 'reloaded: 1 checks are new');
  } finally {
    agent.kill('SIGKILL');
    await server.close();
  }
});

test('what is wrong with a plug-in is said at its line, with what to do', async () => {
  const elsewhere = join(directories.temporary, 'elsewhere');
  mkdirSync(elsewhere);
  cpSync(join(directories.site, 'memcached-check.mjs'), join(elsewhere, 'lost.mjs'));
  writeSite('broken.mjs', 'export default {;\n');
  for (const [path, code, hint] of [
    [join(elsewhere, 'lost.mjs'), 'plugin-not-loaded', `ln -s ${directories.installed} ${elsewhere}/node_modules/`],
    ['broken.mjs', 'plugin-not-loaded', 'Mend the plug-in'],
    ['missing.mjs', 'plugin-not-loaded', 'Write the path of a file'],
  ] as const) {
    writeSite('bad.conf', configOf({ port: 1 }, path));
    const { exit, stdout } = await checkalived('test', '-f', 'bad.conf', '--json');
    const [fault] = JSON.parse(stdout).diagnostics;
    assert.equal([exit, fault.severity, fault.code, fault.line, fault.column], [1, 'error', code, 2, 21], stdout);
    assert.match(fault.hint, hint);
  }
});

if (process.geteuid?.() === 0) {
  test('root does not load what others may write to', async () => {
    const open = join(directories.site, 'open.mjs');
    cpSync(join(directories.site, 'memcached-check.mjs'), open);
    chmodSync(open, 0o666);
    writeSite('open.conf', configOf({ port: 1 }, 'open.mjs'));
    const { exit, stdout } = await checkalived('test', '-f', 'open.conf');
    assert.is(exit, 1);
    assert.match(stdout, `${open} is writable for everybody. [plugin-insecure]`);
  });
}

test('the configuration of the example has no fault, for keepalived neither', async () => {
  const { exit, stdout } = await checkalived('test', '-f', 'memcached.conf', '--strict');
  assert.is(exit, 0, stdout);
  assert.match(stdout, 'memcached.conf: nothing to complain about; 1 virtual server, 2 real servers, 2 checks');
  const { stdout: printed } = await checkalived('config', 'print', '-f', 'memcached.conf');
  const seen = printed.split('\n').filter(line => !line.startsWith('@'));
  assert.not.match(seen.join('\n'), 'MEMCACHED_CHECK');
  assert.match(printed, '@checkalived         MEMCACHED_CHECK {\n@checkalived             version 1.6\n');
});

function configOf({ port }: Pick<FaultServer, 'port'>, plugin: string): string {
  return `@checkalived checkalived {
@checkalived plugin ${plugin}
@checkalived }
virtual_server 192.0.2.10 11211 {
  lb_algo rr
  lb_kind NAT
  protocol TCP
  warmup 0
  real_server 127.0.0.1 ${port} {
@checkalived MEMCACHED_CHECK {
@checkalived }
  }
}
`;
}

function writeSite(name: string, text: string): void {
  writeFileSync(join(directories.site, name), text);
}

function checkalived(...words: readonly string[]) {
  return run(directories.site, program(), ...words);
}

async function succeed(directory: string, file: string, ...words: readonly string[]): Promise<void> {
  const { exit, stdout, stderr } = await run(directory, file, ...words);
  if (exit !== 0) throw new Error(`${file} ${words.join(' ')} ended with ${exit}:\n${stdout}${stderr}`);
}

async function run(directory: string, file: string, ...words: readonly string[]) {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const child = spawn(file, words, { cwd: directory, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', bytes => {
    stdout += bytes;
  });
  child.stderr.on('data', bytes => {
    stderr += bytes;
  });
  const [exit] = await once(child, 'close');
  return { exit, stdout, stderr };
}

test.run();
