import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import * as assert from 'uvu/assert';
import type { CommandOutcome, CommandRequest } from '../../../src/model/ports.ts';
import { createCommandRunner } from '../../../src/sys/command-runner.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('command runner');
const folder = mkdtempSync(join(tmpdir(), 'checkalived-test-'));
const clock = new VirtualClock();
const runner = createCommandRunner({ slots: 2 }, { clock });
const isRoot = process.geteuid?.() === 0;
let names = 0;

test.after(async () => {
  await runner.close();
  rmSync(folder, { recursive: true });
});

const forever = new AbortController().signal;
const run = (request: Partial<CommandRequest> & Pick<CommandRequest, 'argv'>, signal = forever, by = runner) =>
  by.run({ timeout: 1000, killAfter: 2000, keepOutput: 2000, ...request }, signal);
const shell = (script: string, ...args: string[]): [string, ...string[]] => ['/bin/sh', '-c', script, 'sh', ...args];

test('an exit code is told apart from a signal', async () => {
  assert.equal(await run({ argv: ['/bin/true'] }), { kind: 'exited', code: 0, output: '' });
  assert.equal(await run({ argv: shell('exit 143') }), { kind: 'exited', code: 143, output: '' });
  assert.equal(await run({ argv: shell('exit 255') }), { kind: 'exited', code: 255, output: '' });
  assert.equal(await run({ argv: shell('kill -TERM $$') }), { kind: 'signalled', signal: 'SIGTERM', output: '' });
  assert.equal(await run({ argv: shell('kill -INT $$') }), { kind: 'signalled', signal: 'SIGINT', output: '' });
});

test('a command does not pass for us at the service manager', async () => {
  process.env['NOTIFY_SOCKET'] = '/run/systemd/notify';
  const own = createCommandRunner({ slots: 1 }, { clock });
  try {
    assert.is(outputOf(await run({ argv: shell('echo "<$NOTIFY_SOCKET>"') }, forever, own)), '<>\n');
  } finally {
    delete process.env['NOTIFY_SOCKET'];
    await own.close();
  }
});

test('a signal without a name is no exit code 0', async () => {
  assert.equal(await run({ argv: shell('kill -34 $$') }), { kind: 'signalled', signal: 'signal 34', output: '' });
});

test('many commands that end at the same time are all told apart, whoever they run as, and none is left', async () => {
  const own = createCommandRunner({ slots: 12 }, { clock });
  const codes = Array.from({ length: 12 }, (_, index) => index + 100);
  const gates = codes.map(() => makeFifo());
  const go = join(folder, `fifo-${names++}`);
  execFileSync('mkfifo', [go]);
  for (const path of [go, ...gates.map(gate => gate.path)]) chmodSync(path, 0o666);
  chmodSync(folder, 0o755);
  const script = 'echo up >"$1"; read -r line <"$2"; exit "$3"';
  const outcomes = codes.map((code, index) => {
    const argv = shell(script, gates[index]?.path ?? '', go, String(code));
    // As another user a command is started in another way.
    return run({ argv, ...(isRoot && index % 2 === 1 && { user: { name: 'nobody' } }) }, forever, own);
  });
  for (const gate of gates) await gate.opened();
  const held = openSync(go, 'r+');
  writeSync(held, 'go\n'.repeat(codes.length));
  assert.equal(
    await Promise.all(outcomes),
    codes.map(code => ({ kind: 'exited', code, output: '' })),
  );
  closeSync(held);
  const left = await run({ argv: shell('echo $$ ""; cat /proc/$PPID/task/$PPID/children') }, forever, own);
  const [self, children] = outputOf(left).split('\n');
  assert.is(children, self);
  await own.close();
});

test('a command that has ended before the signal was in time, even if its end has not been told', async () => {
  const alive = makeFifo();
  const outcome = run({ argv: shell('exec 5>"$1"; echo $$ >&5', alive.path) });
  await untilDead(await alive.opened());
  await clock.advance(1000);
  assert.equal(await outcome, exitedWith(''));
});

test('a command gets none of our descriptors, and no signal is blocked or ignored in it', async () => {
  const users = isRoot ? [undefined, { name: 'nobody' }] : [undefined];
  // Whoever started us may have left some to everybody.
  const inherited = execFileSync('/bin/ls', ['/proc/self/fd'], { encoding: 'utf8' });
  for (const user of users) {
    const seen = await run({ argv: ['/bin/ls', '/proc/self/fd'], ...(user && { user }) });
    assert.equal(seen, exitedWith(inherited));
    const signals = await run({ argv: ['grep', '-E', '^Sig(Blk|Ign)', '/proc/self/status'], ...(user && { user }) });
    const [blocked, ignored] = outputOf(signals).match(/(?<=\t)[0-9a-f]{16}$/gm) ?? [];
    assert.is(blocked, '0000000000000000');
    // 32 and 33 are the C library's own, and its posix_spawn ignores them in every child.
    assert.is(BigInt(`0x${ignored}`) & ~0x1_8000_0000n, 0n);
  }
});

test('a bare name is looked for in PATH, and in that of the request if it has one', async () => {
  const file = writeScript('#!/bin/sh\necho found\n');
  const name = basename(file);
  assert.equal(await run({ argv: ['true'] }), exitedWith(''));
  assert.is((await run({ argv: [name] })).kind, 'not-started');
  assert.equal(await run({ argv: [name], environment: { PATH: folder } }), exitedWith('found\n'));
});

test('a command that is not there is not started, with supplementary groups too', async () => {
  if (!isRoot) return;
  const user = { name: 'root', group: 'daemon', supplementary: true };
  const outcome = await run({ argv: [join(folder, 'missing')], user });
  assert.is(outcome.kind, 'not-started');
});

test('words reach the command as they are, and no shell reads them', async () => {
  const words = [
    "it's",
    '"quoted"',
    'two\nlines',
    '$HOME',
    '`id`',
    '$(id)',
    '*',
    '?',
    '~',
    '\\',
    'a b',
    '',
    'žluťoučký',
    '-n',
    ';',
    '&',
  ];
  const outcome = await run({ argv: shell('for word do printf "%s|" "$word"; done', ...words) });
  assert.equal(outcome, { kind: 'exited', code: 0, output: words.map(word => `${word}|`).join('') });
});

test('a file without an interpreter line is run by the shell, as execvp does', async () => {
  const file = writeScript('echo "$1"');
  assert.equal(await run({ argv: [file, "it's"] }), { kind: 'exited', code: 0, output: "it's\n" });
});

test('standard input is empty, and output goes nowhere unless it is kept', async () => {
  assert.equal(await run({ argv: shell('cat; readlink /proc/self/fd/0') }), exitedWith('/dev/null\n'));
  const outcome = await run({ argv: shell('test "$(readlink /proc/$$/fd/1)" = /dev/null'), keepOutput: 0 });
  assert.equal(outcome, { kind: 'exited', code: 0, output: '' });
});

test('standard output and error are kept in order and can be opened anew', async () => {
  const argv = shell('echo one; echo two >&2; echo three >/dev/stderr; echo four >/dev/stdout');
  assert.equal(await run({ argv }), exitedWith('one\ntwo\nthree\nfour\n'));
});

test('of much output the last bytes are kept, whole characters only', async () => {
  const argv = shell('head -c 3000000 /dev/zero | tr "\\0" x; printf "%s" "žž"');
  assert.equal(await run({ argv, keepOutput: 3 }), exitedWith('ž'));
  assert.equal(await run({ argv, keepOutput: 6 }), exitedWith('xxžž'));
});

test('a command has a session and a process group of its own', async () => {
  const outcome = await run({ argv: shell('cut -d" " -f5,6 /proc/$$/stat; echo $$ $$') });
  const [seen, expected] = outputOf(outcome).split('\n');
  assert.is(seen, expected);
});

test('additions to the environment are for one command only', async () => {
  const argv = shell('echo "<$CHECKALIVED_TEST>"');
  assert.equal(await run({ argv, environment: { CHECKALIVED_TEST: "it's\n$HOME" } }), exitedWith("<it's\n$HOME>\n"));
  assert.equal(await run({ argv }), exitedWith('<>\n'));
});

test('what cannot be started says why', async () => {
  const plain = writeScript('true');
  chmodSync(plain, 0o644);
  const orphan = writeScript('#!/no/such/interpreter\n');
  const detailOf = async (...argv: [string, ...string[]]) => {
    const outcome = await run({ argv });
    return outcome.kind === 'not-started' ? outcome.detail : outcome.kind;
  };
  assert.is(await detailOf('/no/such/file'), '/no/such/file: no such file');
  assert.is(await detailOf('no-such-command'), 'no-such-command: no such file');
  assert.is(await detailOf(folder), `${folder}: is a directory`);
  assert.is(await detailOf(plain), `${plain}: not executable`);
  assert.is(await detailOf(orphan), `${orphan}: its interpreter is missing`);
  assert.match(await detailOf('/bin/echo', 'a\0b'), /null bytes/);
});

test('exit codes that a shell would use for missing commands are the own codes of the command', async () => {
  assert.equal(await run({ argv: shell('exit 127') }), { kind: 'exited', code: 127, output: '' });
  assert.equal(await run({ argv: shell('exit 126') }), { kind: 'exited', code: 126, output: '' });
});

test('a user who does not exist is refused', async () => {
  const outcome = await run({ argv: ['/bin/true'], user: { name: 'no-such-user' } });
  assert.equal(outcome, { kind: 'not-started', detail: '/bin/true: no such user no-such-user' });
  const group = await run({ argv: ['/bin/true'], user: { name: 'root', group: 'no-such-group' } });
  assert.equal(group, { kind: 'not-started', detail: '/bin/true: no such group no-such-group' });
});

test('a command runs as the user and group that are asked for', async () => {
  const argv: [string, ...string[]] = ['/usr/bin/id'];
  const user = { name: 'nobody', group: 'daemon' };
  if (!isRoot) {
    const outcome = await run({ argv, user });
    assert.equal(outcome, { kind: 'not-started', detail: '/usr/bin/id: only root can run it as user nobody' });
    return;
  }
  const outcome = await run({ argv, user });
  assert.match(outputOf(outcome), /^uid=65534\(nobody\) gid=1\(daemon\) groups=1\(daemon\)\n$/);
  const supplementary = await run({ argv, user: { name: 'root', group: 'daemon', supplementary: true } });
  assert.match(outputOf(supplementary), /gid=1\(daemon\) groups=.*root/);
});

test('after the timeout the command gets TERM, and is timed out even if it then exits with 0', async () => {
  const alive = makeFifo();
  const outcome = run({
    argv: shell('trap "echo bye; exit 0" TERM; exec 5>"$1"; echo up >&5; while :; do sleep 0.01; done', alive.path),
  });
  await alive.opened();
  await clock.advance(1000);
  assert.match(outputOf(await outcome), /bye\n$/);
  assert.is((await outcome).kind, 'timed-out');
  await alive.ended();
});

test('what ignores TERM is killed after killAfter, grandchildren included', async () => {
  const alive = makeFifo();
  const outcome = run({
    argv: shell('trap "" TERM; exec 5>"$1"; (sleep 1000; :) & echo up >&5; wait; sleep 1000', alive.path),
  });
  await alive.opened();
  await clock.advance(1000);
  await clock.advance(2000);
  assert.equal(await outcome, { kind: 'timed-out', output: '' });
  await alive.ended();
});

test('grandchildren that ignore TERM do not outlive a command that obeys it', async () => {
  const alive = makeFifo();
  const script = 'exec 5>"$1"; (trap "" TERM; echo up >&5; sleep 1000; :) & wait';
  const outcome = run({ argv: shell(script, alive.path) });
  await alive.opened();
  await clock.advance(1000);
  assert.equal(await outcome, { kind: 'timed-out', output: '' });
  await alive.ended();
});

test('an abort settles at once and ends the command', async () => {
  const alive = makeFifo();
  const controller = new AbortController();
  const outcome = run({ argv: shell('exec 5>"$1"; echo up >&5; sleep 1000; :', alive.path) }, controller.signal);
  await alive.opened();
  controller.abort();
  assert.equal(await outcome, { kind: 'aborted' });
  await alive.ended();
});

test('commands beyond the slots wait in order, and those aborted meanwhile never run', async () => {
  const gates = [makeFifo(), makeFifo()];
  const mark = join(folder, 'mark');
  const held = gates.map(gate => run({ argv: shell('echo up >"$1"; read -r line <"$1.go"; echo done', gate.path) }));
  for (const gate of gates) await gate.opened();
  const controller = new AbortController();
  const dropped = run({ argv: ['/usr/bin/touch', mark] }, controller.signal);
  const last = run({ argv: shell('ls "$1" 2>/dev/null; echo last', mark) });
  controller.abort();
  assert.equal(await dropped, { kind: 'aborted' });
  for (const gate of gates) writeFileSync(`${gate.path}.go`, 'go\n');
  assert.equal(await last, exitedWith('last\n'));
  assert.equal(await Promise.all(held), [exitedWith('done\n'), exitedWith('done\n')]);
});

test('when the helper dies its commands are aborted, and a new one is started a second later', async () => {
  const own = createCommandRunner({ slots: 1 }, { clock });
  const alive = makeFifo();
  const lost = run(
    { argv: shell('exec 5>"$1"; echo $PPID $$ >&5; sleep 1000; :', alive.path), keepOutput: 0 },
    forever,
    own,
  );
  const [helper = '', command = ''] = (await alive.opened()).split(' ');
  process.kill(Number(helper), 'SIGKILL');
  assert.equal(await lost, { kind: 'aborted' });
  const next = run({ argv: ['/bin/echo', 'again'] }, forever, own);
  await clock.advance(1000);
  assert.equal(await next, exitedWith('again\n'));
  process.kill(-Number(command), 'SIGKILL');
  await alive.ended();
  await own.close();
});

test('closing ends every command, and later ones are aborted', async () => {
  const own = createCommandRunner({ slots: 1 }, { clock });
  const alive = makeFifo();
  const outcome = run(
    { argv: shell('trap "" TERM; exec 5>"$1"; echo up >&5; sleep 1000; :', alive.path) },
    forever,
    own,
  );
  const queued = run({ argv: ['/bin/true'] }, forever, own);
  await alive.opened();
  await own.close();
  assert.is((await outcome).kind, 'aborted');
  assert.equal(await queued, { kind: 'aborted' });
  assert.equal(await run({ argv: ['/bin/true'] }, forever, own), { kind: 'aborted' });
  await alive.ended();
});

test('when the agent is killed its helper and its commands end too', async () => {
  const alive = makeFifo();
  const source = `
    import { createCommandRunner } from ${JSON.stringify(join(import.meta.dirname, '../../../src/sys/command-runner.ts'))};
    import { systemClock } from ${JSON.stringify(join(import.meta.dirname, '../../../src/sys/clock.ts'))};
    const runner = createCommandRunner({ slots: 1 }, { clock: systemClock });
    const argv = ['/bin/sh', '-c', 'exec 5>"$1"; echo up >&5; sleep 1000; :', 'sh', ${JSON.stringify(alive.path)}];
    runner.run({ argv, timeout: 60000, killAfter: 1000, keepOutput: 0 }, new AbortController().signal);`;
  const agent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], { stdio: 'ignore' });
  await alive.opened();
  agent.kill('SIGKILL');
  await once(agent, 'exit');
  await alive.ended();
});

/** A named pipe: a command that opens it tells that it runs, and its end that nobody holds it any more. */
function makeFifo() {
  const path = join(folder, `fifo-${names++}`);
  execFileSync('mkfifo', [path, `${path}.go`]);
  // Opened without waiting for a writer: a blocked open would hold the whole run.
  const stream = new Socket({
    fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
  stream.setEncoding('utf8');
  const opened = once(stream, 'data');
  const ended = once(stream, 'end');
  return {
    path,
    opened: async (): Promise<string> => String(await opened).trim(),
    ended: () => ended,
  };
}

/** Resolves once the process is a zombie, or not even that any more. */
async function untilDead(pid: string): Promise<void> {
  const state = (): string => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) (.).*/s, '$1');
    } catch {
      return 'Z';
    }
  };
  while (state() !== 'Z') await new Promise(resolve => setImmediate(resolve));
}

function writeScript(text: string): string {
  const path = join(folder, `script-${names++}`);
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

function exitedWith(output: string): CommandOutcome {
  return { kind: 'exited', code: 0, output };
}

function outputOf(outcome: CommandOutcome): string {
  return 'output' in outcome ? outcome.output : outcome.kind;
}

test.run();
