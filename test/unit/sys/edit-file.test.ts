import { Buffer } from 'node:buffer';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { editFile } from '../../../src/sys/edit-file.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/edit-file');
let directory = '';
test.beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'edit-file-'));
});
test.afterEach(() => rmSync(directory, { recursive: true }));
const shout = (bytes: Uint8Array): Uint8Array =>
  Buffer.from(Buffer.from(bytes).toString('latin1').toUpperCase(), 'latin1');

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

test('the file has the new bytes, its mode, and its owner, and nothing else is left', () => {
  const path = write('a.conf', 'hello');
  chmodSync(path, 0o2640);
  const root = process.getuid?.() === 0;
  if (root) chownSync(path, 65_534, 65_533);
  // A change of owner takes the bit away.
  if (root) chmodSync(path, 0o2640);
  const before = statSync(path);
  assert.equal(editFile(path, shout), { ok: true });
  const after = statSync(path);
  assert.is(readFileSync(path, 'utf8'), 'HELLO');
  assert.equal([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid]);
  assert.is.not(after.ino, before.ino);
  assert.equal(readdirSync(directory), ['a.conf']);
});

test('bytes that are no text stay what they are', () => {
  const path = join(directory, 'bytes');
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  writeFileSync(path, bytes);
  assert.equal(
    editFile(path, same => same),
    { ok: true },
  );
  assert.equal(readFileSync(path), bytes);
});

test('a symbolic link stays one, and what it leads to is edited in its own directory', () => {
  mkdirSync(join(directory, 'real'));
  const target = write('real/a.conf', 'hello');
  const link = join(directory, 'a.conf');
  symlinkSync('real/a.conf', link);
  assert.equal(editFile(link, shout), { ok: true });
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.is(readFileSync(target, 'utf8'), 'HELLO');
  assert.equal(readdirSync(directory).sort(), ['a.conf', 'real']);
});

test('an edit that throws leaves the file alone, and its sentence is told', () => {
  const path = write('a.conf', 'hello');
  const before = statSync(path);
  const outcome = editFile(path, () => {
    throw new Error('not like this');
  });
  assert.equal(outcome, { ok: false, detail: 'not like this' });
  assert.equal([readFileSync(path, 'utf8'), statSync(path).ino], ['hello', before.ino]);
  assert.equal(readdirSync(directory), ['a.conf']);
});

test('what is in the way is told in the words of the system', () => {
  assert.equal(editFile(join(directory, 'none'), shout), { ok: false, detail: 'no such file or directory' });
});

test.run();
