import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { createLog } from '../../../src/sys/log.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/log');
const keep = (isTerminal: boolean) => {
  const lines: string[] = [];
  return { lines, sink: { write: (line: string) => void lines.push(line), isTerminal } };
};

test('off a terminal a line is JSON with level, time, message and fields', () => {
  const { lines, sink } = keep(false);
  createLog({ format: 'auto', level: 'info', sink }).warn('the real server is down', { reason: 'refused' });
  const { time, ...rest } = JSON.parse(lines[0] ?? '');
  assert.equal(rest, { level: 'warn', reason: 'refused', msg: 'the real server is down' });
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('on a terminal a line is for people, without the fields', () => {
  const { lines, sink } = keep(true);
  createLog({ format: 'auto', level: 'info', sink, colours: false }).warn('the real server is down', {
    reason: 'refused',
  });
  assert.match(lines[0] ?? '', /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] WARN: the real server is down\n$/);
});

test('the format can be chosen against the kind of output', () => {
  const text = keep(false);
  createLog({ format: 'text', level: 'info', sink: text.sink }).info('hello');
  assert.match(text.lines[0] ?? '', /INFO: hello\n$/);
  const json = keep(true);
  createLog({ format: 'json', level: 'info', sink: json.sink }).info('hello');
  assert.is(JSON.parse(json.lines[0] ?? '').msg, 'hello');
});

test('lines below the level are left out', () => {
  const { lines, sink } = keep(false);
  const log = createLog({ format: 'json', level: 'info', sink });
  log.debug('too much');
  log.error('enough');
  assert.is(lines.length, 1);
});

test('lines written just before the exit are not lost', () => {
  const { stdout } = runScript('for (let i = 0; i < 500; i++) log.info("line " + i); process.exit(0);', 'pipe');
  assert.is(stdout.trimEnd().split('\n').length, 500);
});

test('a full disk below the log ends nothing', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = runScript(
    'log.info("lost"); setTimeout(() => { log.info("lost too"); process.stderr.write("still here"); }, 20);',
    full,
  );
  closeSync(full);
  assert.is(status, 0);
  assert.is(stderr, 'still here');
});

test('a reader that goes away ends nothing', async () => {
  const statements = `const again = n => { log.info('x'.repeat(100)); n ? setTimeout(again, 1, n - 1) : process.stderr.write('still here'); };
    again(20);`;
  const child = spawn(process.execPath, scriptArguments(statements), { stdio: ['ignore', 'pipe', 'pipe'], cwd });
  child.stdout.destroy();
  let told = '';
  child.stderr.on('data', bytes => {
    told += bytes;
  });
  const [status] = await once(child, 'close');
  assert.is(status, 0);
  assert.is(told, 'still here');
});

const cwd = new URL('../../..', import.meta.url);

/** Runs statements with a JSON `log` on standard output in a process of their own. */
function runScript(statements: string, stdout: 'pipe' | number) {
  return spawnSync(process.execPath, scriptArguments(statements), {
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'pipe'],
    cwd,
  });
}

function scriptArguments(statements: string): string[] {
  const source = new URL('../../../src/sys/log.ts', import.meta.url).href;
  const script = `import { createLog, openSink } from ${JSON.stringify(source)};
    const log = createLog({ format: 'json', level: 'info', sink: openSink(1) });
    ${statements}`;
  return ['--import', 'tsx', '--input-type=module', '-e', script];
}

test.run();
