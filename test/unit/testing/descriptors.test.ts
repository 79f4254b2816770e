import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import * as assert from 'uvu/assert';
import { assertNoDescriptorLeft, listDescriptors } from '../../../testing/descriptors.ts';
import { suite } from '../../support/suite.ts';

const test = suite('testing/descriptors');

test('what is closed meanwhile is no fault', async () => {
  const other = openSync('/dev/null', 'r');
  const before = listDescriptors();
  closeSync(other);
  await assertNoDescriptorLeft(before);
});

test('what is closed meanwhile does not make up for a descriptor that is left', async () => {
  const other = openSync('/dev/null', 'r');
  const before = listDescriptors();
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  closeSync(other);
  assert.match(await faultOf(before), /^a descriptor is left: \d+ -> socket:\[\d+\]$/);
  await new Promise(resolve => server.close(resolve));
  await assertNoDescriptorLeft(before);
});

test('a file that is about to be closed is waited for, as the loader of the tests has such', async () => {
  const before = listDescriptors();
  const file = openSync(import.meta.filename, 'r');
  setImmediate(() => closeSync(file));
  await assertNoDescriptorLeft(before);
});

test('a file that stays open is left', async () => {
  const before = listDescriptors();
  const file = openSync(import.meta.filename, 'r');
  assert.match(await faultOf(before), `a descriptor is left: ${file} -> ${import.meta.filename}`);
  closeSync(file);
});

async function faultOf(before: ReturnType<typeof listDescriptors>): Promise<string> {
  return assertNoDescriptorLeft(before, 0).then(
    () => 'nothing',
    (fault: Error) => fault.message,
  );
}

test.run();
