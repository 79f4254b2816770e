import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { createHost } from '../../../src/sys/keepalived-host.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/keepalived-host');
let root = '';

test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'checkalived-host-'));
});
test.afterEach(() => rmSync(root, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
const runs = () => createHost(root).isKeepalivedRunning();
const isUp = (name: string) => createHost(root).isLinkUp(name);
const stat = (name: string, state = 'S') => `42 (${name}) ${state} 1 42 42 0 -1`;

test('keepalived runs when its pid file names a process of that name', async () => {
  for (const file of [
    'run/keepalived.pid',
    'var/run/keepalived.pid',
    'run/keepalived/keepalived.pid',
    'run/keepalived/keepalived_web.pid',
  ]) {
    assert.not(await runs(), file);
    write({ [file]: '42\n', 'proc/42/stat': stat('keepalived') });
    assert.ok(await runs(), file);
    rmSync(join(root, dirname(file)), { recursive: true });
    rmSync(join(root, 'proc'), { recursive: true });
  }
});

test('a process that has gone, is another, or is a zombie is no keepalived', async () => {
  write({ 'run/keepalived.pid': '42\n' });
  assert.not(await runs());
  for (const each of [stat('nginx'), stat('keepalived', 'Z'), stat('sh) (keepalived')]) {
    write({ 'proc/42/stat': each });
    assert.not(await runs(), each);
  }
  write({ 'proc/42/stat': stat('keepalived', 'R') });
  assert.ok(await runs());
});

test('a process of another name is known by its program', async () => {
  write({ 'run/keepalived.pid': '42\n', 'proc/42/stat': stat('director') });
  assert.not(await runs());
  symlinkSync('/usr/sbin/keepalived (deleted)', join(root, 'proc/42/exe'));
  assert.ok(await runs());
});

test('a pid file that is no number is none, and one of a child does not count', async () => {
  write({ 'proc/42/stat': stat('keepalived') });
  for (const text of ['', '../42', '42 43']) {
    write({ 'run/keepalived.pid': text });
    assert.not(await runs(), text);
  }
  write({ 'run/keepalived/vrrp.pid': '42\n', 'run/keepalived/checkers.pid': '42\n' });
  assert.not(await runs());
});

test('a link is up when it is switched on and running', async () => {
  const link = (flags: string, state: string) =>
    write({ 'sys/class/net/eth0/flags': `${flags}\n`, 'sys/class/net/eth0/operstate': `${state}\n` });
  for (const state of ['up', 'unknown']) {
    link('0x1003', state);
    assert.ok(await isUp('eth0'), state);
  }
  for (const state of ['down', 'lowerlayerdown', 'dormant', 'notpresent']) {
    link('0x1003', state);
    assert.not(await isUp('eth0'), state);
  }
  link('0x1002', 'unknown');
  assert.not(await isUp('eth0'));
});

test('a link that is not there is not up', async () => {
  write({ 'sys/class/net/eth0/flags': '0x1003\n', 'sys/class/net/eth0/operstate': 'up\n' });
  assert.not(await isUp('eth1'));
  assert.not(await isUp('../net/eth0'));
});

if (process.platform === 'linux') {
  test('of this host the loopback is told with its addresses', async () => {
    const host = createHost();
    assert.ok(await host.isLinkUp('lo'));
    assert.ok(host.listAddresses().some(entry => entry.interface === 'lo' && entry.address === '127.0.0.1'));
  });
}

test.run();
