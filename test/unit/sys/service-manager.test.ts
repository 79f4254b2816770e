import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import * as assert from 'uvu/assert';
import { findServiceManager, noServiceManager } from '../../../src/sys/service-manager.ts';
import { suite } from '../../support/suite.ts';

const test = suite('service-manager');

/** Node has no such sockets: Python plays systemd. It prints each datagram as a Python literal. */
const receiver = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
path = sys.argv[1]
s.bind('\\0' + path[1:] if path.startswith('@') else path)
print('ready', flush=True)
for _ in range(2): print(ascii(s.recv(4096).decode()), flush=True)
`;

async function receive(path: string): Promise<string[]> {
  const child = spawn('python3', ['-c', receiver, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') {
      const manager = findServiceManager({ NOTIFY_SOCKET: path });
      manager.tell('READY=1', 'STATUS=größer');
      manager.tell('STOPPING=1');
    } else {
      lines.push(line);
    }
  }
  if (child.exitCode === null) await once(child, 'exit');
  return lines;
}

test('what is told is one datagram each, as sd_notify sends it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'checkalived-'));
  try {
    assert.equal(await receive(join(directory, 'notify')), ["'READY=1\\nSTATUS=gr\\xf6\\xdfer'", "'STOPPING=1'"]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a socket of the abstract name space is found too', async () => {
  assert.is((await receive(`@checkalived-test-${process.pid}`)).length, 2);
});

test('without a manager nothing happens', () => {
  assert.is(findServiceManager({}), noServiceManager);
  assert.is(findServiceManager({ NOTIFY_SOCKET: 'relative' }), noServiceManager);
  assert.is(findServiceManager({ NOTIFY_SOCKET: `/${'x'.repeat(200)}` }), noServiceManager);
});

test('a manager that is gone is no fault of ours', () => {
  findServiceManager({ NOTIFY_SOCKET: '/nowhere/notify' }).tell('READY=1');
});

test('the watchdog counts for the process that it names', () => {
  const of = (environment: NodeJS.ProcessEnv) => findServiceManager({ NOTIFY_SOCKET: '@x', ...environment }).watchdog;
  assert.is(of({}), null);
  assert.is(of({ WATCHDOG_USEC: '30000000' }), 30_000);
  assert.is(of({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: String(process.pid) }), 30_000);
  assert.is(of({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '1' }), null);
  assert.is(of({ WATCHDOG_USEC: 'soon' }), null);
});

test.run();
