import { execFile } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import type { Fifo } from '../../../src/model/config.ts';
import type { Execute } from '../../../src/model/ports.ts';
import { createFifos } from '../../../src/notify/fifo.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';
import { FakeCommands } from './fake-commands.ts';

const test = suite('notify/fifo');
let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkalived-fifo-'));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

const line = 'RS [10.0.0.2]:tcp:80 [10.0.0.1]:tcp:80 DOWN';

function setUp(fifos: readonly Fifo[]) {
  const [commands, log] = [new FakeCommands(), new RecordingLog()];
  const calls: string[] = [];
  const execute: Execute = async (file, args) => {
    calls.push([file, ...args].join(' '));
    // Only root may give a file away.
    if (file === 'chown') return { code: 0, stdout: '', stderr: '' };
    return promisify(execFile)(file, args).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      fault => ({ code: 1, stdout: '', stderr: String(fault.stderr) }),
    );
  };
  const scriptUser = { name: 'keepalived_script' };
  return { calls, commands, log, fifos: createFifos({ fifos, scriptUser }, { execute, commands, log }) };
}
const fifoAt = (name: string, more: Partial<Fifo> = {}): Fifo => ({ path: join(folder, name), script: null, ...more });
const openReader = (path: string): number => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
function readAll(descriptor: number): string {
  const bytes = Buffer.alloc(1 << 20);
  return bytes.toString('latin1', 0, readSync(descriptor, bytes));
}

test('each FIFO gets each line, ended by one line feed', async () => {
  const { fifos } = setUp([fifoAt('all'), fifoAt('lvs')]);
  await fifos.open();
  const readers = ['all', 'lvs'].map(name => openReader(join(folder, name)));
  fifos.write(line);
  fifos.write('VS [10.0.0.1]:tcp:80 DOWN');
  for (const reader of readers) {
    assert.is(readAll(reader), `${line}\nVS [10.0.0.1]:tcp:80 DOWN\n`);
    closeSync(reader);
  }
  await fifos.close();
});

test('a FIFO is created for all to read, and removed at the end', async () => {
  const { calls, fifos, log } = setUp([fifoAt('all', { user: { name: 'nobody', group: 'nogroup' } })]);
  const path = join(folder, 'all');
  await fifos.open();
  assert.is(statSync(path).mode & 0o777, 0o644);
  assert.equal(calls, [`mkfifo -m 0644 -- ${path}`, `chown -h -- nobody:nogroup ${path}`]);
  await fifos.close();
  assert.not(existsSync(path));
  assert.equal(log.lines, []);
});

test('a FIFO that was there is used and stays', async () => {
  const path = join(folder, 'all');
  await promisify(execFile)('mkfifo', [path]);
  const { calls, fifos } = setUp([fifoAt('all', { user: { name: 'nobody' } })]);
  await fifos.open();
  const reader = openReader(path);
  fifos.write(line);
  assert.is(readAll(reader), `${line}\n`);
  closeSync(reader);
  await fifos.close();
  assert.equal(calls, []);
  assert.ok(existsSync(path));
});

test('two FIFOs of one path are one', async () => {
  const { fifos } = setUp([fifoAt('all'), fifoAt('all')]);
  await fifos.open();
  const reader = openReader(join(folder, 'all'));
  fifos.write(line);
  assert.is(readAll(reader), `${line}\n`);
  closeSync(reader);
  await fifos.close();
});

test('a line for which there is no room is dropped whole and counted, and said once', async () => {
  const { fifos, log } = setUp([fifoAt('all')]);
  await fifos.open();
  const reader = openReader(join(folder, 'all'));
  // A FIFO of Linux holds 64 KiB.
  for (let count = 0; count < 2000; count++) fifos.write(line);
  const dropped = fifos.dropped();
  assert.ok(dropped > 0);
  assert.is(readAll(reader), `${line}\n`.repeat(2000 - dropped));
  fifos.write(line);
  assert.is(readAll(reader), `${line}\n`);
  assert.is(fifos.dropped(), dropped);
  assert.equal(
    log.lines.map(entry => entry.message),
    [
      `FIFO ${folder}/all does not take lines, they are dropped: it is full, nobody reads it.`,
      `FIFO ${folder}/all takes lines again.`,
    ],
  );
  closeSync(reader);
  await fifos.close();
});

test('a line too long to be written in one piece is dropped', async () => {
  const { fifos } = setUp([fifoAt('all')]);
  await fifos.open();
  fifos.write('x'.repeat(4096));
  assert.is(fifos.dropped(), 1);
  fifos.write('x'.repeat(4095));
  assert.is(fifos.dropped(), 1);
  await fifos.close();
});

test('what is no FIFO is left alone, and the others work', async () => {
  writeFileSync(join(folder, 'file'), 'precious');
  symlinkSync('file', join(folder, 'link'));
  const { commands, fifos, log } = setUp([
    fifoAt('file', { script: { argv: ['/bin/reader'] } }),
    fifoAt('link'),
    fifoAt('missing/all'),
    fifoAt('all'),
  ]);
  await fifos.open();
  const reader = openReader(join(folder, 'all'));
  fifos.write(line);
  assert.is(readAll(reader), `${line}\n`);
  closeSync(reader);
  await fifos.close();
  assert.is(statSync(join(folder, 'file')).size, 8);
  assert.equal(commands.requests, []);
  const messages = log.lines.map(entry => entry.message);
  assert.is(
    messages[0],
    `FIFO ${folder}/file is not used: there is something else of that name, which is no FIFO; remove it or name another path.`,
  );
  assert.is(messages[1], `FIFO ${folder}/link is not used: it is a symbolic link, which is not followed.`);
  assert.match(messages[2] ?? '', /missing\/all is not used: mkfifo: cannot create fifo/);
  assert.is(messages.length, 3);
});

test('the script is started once with the path as its last argument, and ends with the FIFO', async () => {
  const { commands, fifos, log } = setUp([fifoAt('all', { script: { argv: ['/bin/reader', '-v'] } })]);
  await fifos.open();
  assert.equal(commands.requests[0]?.argv, ['/bin/reader', '-v', join(folder, 'all')]);
  assert.equal(commands.requests[0]?.user, { name: 'keepalived_script' });
  await fifos.close();
  assert.equal(commands.running(), []);
  assert.equal(log.lines, []);
});

test('a script that ends early is logged and not started again', async () => {
  const { commands, fifos, log } = setUp([fifoAt('all', { script: { argv: ['/bin/reader'], user: { name: 'bin' } } })]);
  await fifos.open();
  await commands.end(join(folder, 'all'), { kind: 'exited', code: 3, output: '' });
  assert.equal(commands.requests[0]?.user, { name: 'bin' });
  assert.is(commands.requests.length, 1);
  assert.is(
    log.lines[0]?.message,
    `The script of FIFO ${folder}/all has ended (exit code 3); it is started again at the next start, or when a reload changes the FIFO.`,
  );
  await fifos.close();
});

test.run();
