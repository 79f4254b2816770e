import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { readFolder } from '../../../src/sys/read-folder.ts';
import { writeFile } from '../../../src/sys/write-file.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/write-file');
let directory = '';
test.beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'write-file-'));
});
test.afterEach(() => rmSync(directory, { recursive: true }));

test('a file is written with the directories above it, and is all that is left', () => {
  assert.equal(writeFile(join(directory, 'a/b/c.txt'), 'text'), { ok: true });
  assert.equal([...readFolder(directory)], [['a/b/c.txt', 'text']]);
});

test('a file that is there gets the new text', () => {
  const path = join(directory, 'c.txt');
  writeFileSync(path, 'old and longer');
  assert.equal(writeFile(path, 'new'), { ok: true });
  assert.is(readFileSync(path, 'utf8'), 'new');
});

test('what is in the way is told, and nothing is left', () => {
  writeFileSync(join(directory, 'file'), '');
  const outcome = writeFile(join(directory, 'file/below'), 'text');
  assert.is(outcome.ok, false);
  assert.match(outcome.ok ? '' : outcome.detail, /not a directory|file already exists/);
  assert.equal([...readFolder(directory).keys()], ['file']);
});

test('where the kernel takes no directories it is told', () => {
  assert.is(writeFile('/proc/checkalived-none/below/file', 'text').ok, false);
});

test('a link to nowhere in place of a directory is told', () => {
  symlinkSync(join(directory, 'nowhere'), join(directory, 'link'));
  assert.is(writeFile(join(directory, 'link/file'), 'text').ok, false);
});

test('a directory of that name is left alone, and so is no half-written file', () => {
  writeFile(join(directory, 'taken/file'), 'text');
  assert.is(writeFile(join(directory, 'taken'), 'text').ok, false);
  assert.equal([...readFolder(directory).keys()], ['taken/file']);
});

test('a folder that is not there has no files, and those that are come sorted', () => {
  assert.is(readFolder(join(directory, 'nowhere')).size, 0);
  for (const name of ['b/y', 'a', 'b/x']) writeFile(join(directory, name), name);
  assert.equal([...readFolder(directory).keys()], ['a', 'b/x', 'b/y']);
});

test.run();
