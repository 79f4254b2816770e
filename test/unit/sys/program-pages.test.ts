import { spawnSync } from 'node:child_process';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { findUnchanged } from '../../../src/sys/program-pages.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/program-pages');

const mapping = (head: string, anonymous: number, dirty: number, swapped = 0): string =>
  `${head}\nSize: 8 kB\nRss: 8 kB\nPrivate_Dirty:         ${dirty} kB\nAnonymous:             ${anonymous} kB\nSwap:                  ${swapped} kB\nSwapPss:               0 kB\nVmFlags: rd mr mw me\n`;

test('only what is mapped from that file, is not written to and has not been', () => {
  const smaps = [
    mapping('00400000-00b6f000 r--p 00000000 fe:00 260689                             /usr/bin/node', 0, 0),
    mapping('00b72000-025fe000 r-xp 00772000 fe:00 260689                             /usr/bin/node', 0, 0),
    // Relocated when the program was loaded: the file has other bytes.
    mapping('05640000-05650000 r--p 05240000 fe:00 260689                             /usr/bin/node', 64, 64),
    mapping('05650000-05660000 r--p 05250000 fe:00 260689                             /usr/bin/node', 0, 4),
    // The same, but its changed pages are out in swap, where they would be lost.
    mapping('05658000-05660000 r--p 05258000 fe:00 260689                             /usr/bin/node', 0, 0, 16),
    mapping('05660000-05670000 rw-p 05260000 fe:00 260689                             /usr/bin/node', 0, 0),
    mapping('0e0fe000-0e83c000 rw-p 00000000 00:00 0                                  [heap]', 0, 0),
    mapping('7f0127944000-7f0127a9a000 r-xp 00026000 fe:00 339380                     /usr/lib/libc.so.6', 0, 0),
    mapping('7f0127b44000-7f0127b9a000 r-xp 00026000 fe:00 339380                     /usr/bin/node2', 0, 0),
    mapping('7f0127c44000-7f0127c9a000 r-xp 00000000 00:00 0', 0, 0),
  ].join('');
  assert.equal(findUnchanged(smaps, '/usr/bin/node'), [
    { start: 0x400000n, end: 0xb6f000n },
    { start: 0xb72000n, end: 0x25fe000n },
  ]);
});

// In a process of its own: what it has read of Node's file is then its own affair.
const program = `
  const { readFileSync } = await import('node:fs');
  const { createHash } = await import('node:crypto');
  const { releaseProgramPages } = await import(${JSON.stringify(new URL('../../../src/sys/program-pages.ts', import.meta.url).href)});
  const fromFiles = () => Number(/^RssFile:\\s+(\\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))[1]);
  const before = fromFiles();
  releaseProgramPages();
  const after = fromFiles();
  const digest = createHash('md5').update(new Intl.DateTimeFormat('en').format(0)).digest('hex');
  console.log(JSON.stringify([before, after, digest.length]));
`;

test('the process has half as much of files in its memory, and goes on', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  assert.is(stderr, '');
  const [before, after, length] = JSON.parse(stdout) as [number, number, number];
  assert.ok(after < before / 2, `${before} kB before, ${after} kB after`);
  assert.is(length, 32);
});

// A profile of AppArmor, or a kernel that counts no pages.
const denied = `
  const fs = (await import('node:fs')).default;
  const { readFileSync } = fs;
  fs.readFileSync = (path, ...how) => {
    if (path !== '/proc/self/smaps') return readFileSync(path, ...how);
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  };
  (await import('node:module')).syncBuiltinESMExports();
  const { releaseProgramPages } = await import(${JSON.stringify(new URL('../../../src/sys/program-pages.ts', import.meta.url).href)});
  releaseProgramPages();
  console.log('goes on');
`;

test('where the kernel does not say what is mapped nothing is let go of, and nothing fails', () => {
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', denied], {
    encoding: 'utf8',
  });
  assert.is(stdout, 'goes on\n');
});

test.run();
