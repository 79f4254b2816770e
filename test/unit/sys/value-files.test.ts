import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { createValueFiles } from '../../../src/sys/value-files.ts';
import { suite } from '../../support/suite.ts';

const test = suite('value-files');
const place = mkdtempSync(join(tmpdir(), 'value-files-'));
test.after(() => rmSync(place, { recursive: true }));

test('the directory is made, and read by everybody', async () => {
  const directory = join(place, 'state', 'trackfiles');
  const files = createValueFiles(directory);
  await files.open();
  await files.open();
  assert.is(await files.read('a:80'), null);
  await files.write('a:80', '1\n');
  assert.is(await files.read('a:80'), '1\n');
  assert.is(statSync(directory).mode & 0o022, 0);
  assert.is(statSync(join(directory, 'a:80')).mode & 0o444, 0o444);
  assert.equal(readdirSync(directory).sort(), ['.new', 'a:80']);
  assert.equal(readdirSync(join(directory, '.new')), []);
});

test('a new value is a new file, so that who has the old one open reads it to its end', async () => {
  const directory = join(place, 'atomic');
  const files = createValueFiles(directory);
  await files.open();
  await files.write('a', '1\n');
  const before = statSync(join(directory, 'a')).ino;
  await files.write('a', '0\n');
  assert.is.not(statSync(join(directory, 'a')).ino, before);
});

test('who watches the directory is woken for the file by its name, and for nothing else', async () => {
  const directory = join(place, 'watched');
  const files = createValueFiles(directory);
  await files.open();
  const watcher = watch(directory);
  const events: string[] = [];
  watcher.on('change', (kind, name) => events.push(`${kind} ${name}`));
  await files.write('a', '1\n');
  writeFileSync(join(directory, 'end'), '');
  while (!events.some(event => event.endsWith(' end'))) await once(watcher, 'change');
  watcher.close();
  assert.equal(
    events.filter(event => !event.endsWith(' end')),
    ['rename a'],
  );
});

test('a directory that was removed is made again', async () => {
  const directory = join(place, 'removed');
  const files = createValueFiles(directory);
  await files.open();
  rmSync(directory, { recursive: true });
  await files.write('a', '1\n');
  assert.is(readFileSync(join(directory, 'a'), 'utf8'), '1\n');
});

test('what is no directory, or no file, rejects', async () => {
  const path = join(place, 'file');
  writeFileSync(path, '');
  chmodSync(path, 0o644);
  const code = (promise: Promise<unknown>) => promise.then(String, (fault: NodeJS.ErrnoException) => fault.code);
  assert.is(await code(createValueFiles(path).open()), 'ENOTDIR');
  assert.is(await code(createValueFiles(place).read('state')), 'EISDIR');
});

test.run();
