import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { checkFiles } from '../../../src/sys/check-files.ts';
import { suite } from '../../support/suite.ts';

const test = suite('check files');

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'check-files-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the beginning of a file is read, and one that is not there is null', () =>
  inFolder(async folder => {
    writeFileSync(join(folder, 'value'), '12345');
    assert.is(Buffer.from((await checkFiles.read(join(folder, 'value'), 3)) ?? []).toString(), '123');
    assert.is(await checkFiles.read(join(folder, 'none'), 3), null);
  }));

test('what cannot be read is told', () =>
  inFolder(async folder => {
    const fault = await checkFiles.read(folder, 3).catch((error: unknown) => error);
    assert.match(String(fault), 'EISDIR');
  }));

test('a file is watched though it comes later and is replaced', () =>
  inFolder(async folder => {
    let heard = (): void => {};
    const next = (): Promise<void> => new Promise(resolve => (heard = resolve));
    const cancel = checkFiles.watch(join(folder, 'value'), () => heard());
    let change = next();
    writeFileSync(join(folder, 'value'), '1');
    await change;
    writeFileSync(join(folder, 'new'), '2');
    change = next();
    renameSync(join(folder, 'new'), join(folder, 'value'));
    await change;
    change = next();
    rmSync(join(folder, 'value'));
    await change;
    cancel();
  }));

test('a directory that is not there is no fault', () => {
  checkFiles.watch('/no/such/directory/value', () => {})();
});

test.run();
