import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('cli/main', 60_000);
const root = new URL('../../..', import.meta.url);
let directory = '';
test.before(() => {
  directory = mkdtempSync(join(tmpdir(), 'checkalived-main-'));
});
test.after(() => rmSync(directory, { recursive: true, force: true }));

test('the process prints its version and ends with 0', async () => {
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  assert.equal(await finish(start('--version')), { exit: 0, stdout: `${version}\n`, stderr: '' });
});

test('the process ends with the exit code of its command', async () => {
  const file = join(directory, 'bad.conf');
  writeFileSync(
    file,
    'virtual_server 10.0.0.1 80 {\n  protocol TCP\n  real_server 10.0.0.2 80 {\n    HTTP_GET {\n    }\n  }\n}\n',
  );
  const { exit, stdout } = await finish(start('test', '-f', file, '--json'));
  assert.is(exit, 1);
  assert.is(JSON.parse(stdout).ok, false);
});

test('the other program of the package is genhash', async () => {
  const { exit, stdout, stderr } = await finish(startAs('genhash', '--help'));
  assert.equal([exit, stderr], [0, '']);
  assert.match(stdout, 'Usage: genhash [options]');
});

test('the agent goes on when nobody reads its output any more, and stops when asked', async () => {
  const file = join(directory, 'empty.conf');
  writeFileSync(file, '# nothing to check\n');
  const child = start(
    '-f',
    file,
    '--ipvs',
    'memory',
    '--state-dir',
    join(directory, 'state'),
    '--listen',
    '127.0.0.1:0',
  );
  try {
    await outliveReader(child);
  } finally {
    child.kill('SIGKILL');
  }
});

async function outliveReader(child: ReturnType<typeof start>): Promise<void> {
  const [line] = await once(child.stdout, 'data');
  const [, url = ''] = /(http:[^"\s]+)/.exec(String(line)) ?? [];
  child.stdout.destroy();
  child.stderr.destroy();
  child.kill('SIGHUP');
  const { version } = (await (await fetch(url)).json()) as { version: string };
  assert.type(version, 'string');
  child.kill('SIGTERM');
  const [exit] = await once(child, 'close');
  assert.is(exit, 0);
}

/** The command line in a process of its own, as bin/checkalived starts it. */
function start(...words: readonly string[]) {
  return startAs('checkalived', ...words);
}

function startAs(name: 'checkalived' | 'genhash', ...words: readonly string[]) {
  const source = new URL('src/cli/main.ts', root).href;
  const script = `const { main } = await import(${JSON.stringify(source)}); await main('${name}');`;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, name, ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function finish(child: ReturnType<typeof start>) {
  let stdout = '';
  let stderr = '';
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
