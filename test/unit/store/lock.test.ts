import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { lockDirectory } from '../../../src/store/lock.ts';
import { suite } from '../../support/suite.ts';
import { makeDirectory } from './support.ts';

const test = suite('store/lock');

test('a state directory has one agent at a time', () => {
  const directory = makeDirectory();
  const path = join(directory.path, 'a', 'b');
  const release = lockDirectory(path);
  assert.throws(() => lockDirectory(path), /another checkalived runs with the state directory .*b; stop it/);
  release();
  lockDirectory(path)();
  directory.remove();
});

test('a directory that cannot be had stops nobody: the store will tell of it', () => {
  const directory = makeDirectory();
  writeFileSync(join(directory.path, 'file'), '');
  lockDirectory(join(directory.path, 'file', 'state'))();
  directory.remove();
});

test.run();
