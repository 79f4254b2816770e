import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { checkFiles } from '../../../src/sys/check-files.ts';
import { assertNoDescriptorLeft, listDescriptors } from '../../../testing/descriptors.ts';
import { suite } from '../../support/suite.ts';

const test = suite('check files');

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'check-files-'));
  const before = listDescriptors();
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  await assertNoDescriptorLeft(before);
  assert.is(process.listenerCount('SIGURG'), 0, 'a listener is left');
}

/** Listens to a file; `heard` resolves with the next change that was not waited for yet. */
function listen(path: string) {
  let changes = 0;
  let wake = (): void => {};
  const cancel = checkFiles.watch(path, () => {
    changes++;
    wake();
  });
  return {
    cancel,
    changes: () => changes,
    async heard(): Promise<void> {
      while (changes === 0) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
      changes--;
    },
  };
}

async function textOf(path: string): Promise<string | null> {
  const bytes = await checkFiles.read(path, 100).catch((error: unknown) => Buffer.from(codeOf(error)));
  return bytes === null ? null : Buffer.from(bytes).toString();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no code';
}

/** Whatever the kernel has to tell until now is told: another file in the same directory is heard. */
async function settle(folder: string): Promise<void> {
  const other = listen(join(folder, 'settle'));
  await textOf(join(folder, 'settle'));
  writeFileSync(join(folder, 'settle'), '');
  await other.heard();
  other.cancel();
}

test('the beginning of a file is read, and one that is not there is null', () =>
  inFolder(async folder => {
    writeFileSync(join(folder, 'value'), '12345');
    assert.is(Buffer.from((await checkFiles.read(join(folder, 'value'), 3)) ?? []).toString(), '123');
    assert.is(await checkFiles.read(join(folder, 'none'), 3), null);
    assert.is(await checkFiles.read(join(folder, 'value', 'below'), 3), null);
  }));

test('what cannot be read is told', () =>
  inFolder(async folder => {
    assert.is(await textOf(folder), 'EISDIR');
  }));

test('a pipe that nobody writes to is empty, and holds nobody', () =>
  inFolder(async folder => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    assert.is(await textOf(join(folder, 'pipe')), '');
  }));

test('a file is watched though it comes later and is replaced', () =>
  inFolder(async folder => {
    const path = join(folder, 'value');
    const { heard, cancel } = listen(path);
    assert.is(await textOf(path), null);
    writeFileSync(path, '1');
    await heard();
    assert.is(await textOf(path), '1');
    writeFileSync(join(folder, 'new'), '2');
    renameSync(join(folder, 'new'), path);
    await heard();
    assert.is(await textOf(path), '2');
    rmSync(path);
    await heard();
    assert.is(await textOf(path), null);
    cancel();
  }));

test('what is being written is not read, and not told before it is closed', () =>
  inFolder(async folder => {
    const path = join(folder, 'value');
    writeFileSync(path, '10');
    const { heard, changes, cancel } = listen(path);
    assert.is(await textOf(path), '10');
    const writer = openSync(path, 'w');
    await settle(folder);
    assert.is(await textOf(path), 'EBUSY', 'it is cut to nothing, and nothing would be 0');
    writeSync(writer, '1');
    await settle(folder);
    assert.is(await textOf(path), 'EBUSY');
    assert.is(changes(), 0);
    writeSync(writer, '5');
    closeSync(writer);
    await heard();
    assert.is(await textOf(path), '15');
    cancel();
  }));

test('what was cut before anybody listened is being written too', () =>
  inFolder(async folder => {
    const path = join(folder, 'value');
    const writer = openSync(path, 'w');
    const { heard, changes, cancel } = listen(path);
    assert.is(await textOf(path), 'EBUSY', 'of a cut that was not told nothing is left to hear');
    assert.is(changes(), 0);
    closeSync(writer);
    await heard();
    assert.is(await textOf(path), '', 'it was meant to be empty');
    cancel();
  }));

test('a disk that is slow to cut a file makes it no empty one', () =>
  inFolder(async folder => {
    const path = join(folder, 'value');
    writeFileSync(path, '1');
    const { cancel } = listen(path);
    const write = 'for (let n = 1; n < 200; n++) require("node:fs").writeFileSync(process.argv[1], String(n))';
    const writer = spawn(process.execPath, ['-e', write, path], { stdio: 'ignore' });
    let running = true;
    writer.once('close', () => {
      running = false;
    });
    const seen = new Set<string | null>();
    while (running) seen.add(await textOf(path));
    assert.not(seen.has(''));
    assert.is(await textOf(path), '199');
    cancel();
  }));

test('a file that is removed or replaced while it is written can be read again', () =>
  inFolder(async folder => {
    const path = join(folder, 'value');
    writeFileSync(path, '10');
    const { heard, cancel } = listen(path);
    await textOf(path);
    const writer = openSync(path, 'w');
    writeFileSync(join(folder, 'new'), '2');
    renameSync(join(folder, 'new'), path);
    await heard();
    assert.is(await textOf(path), '2');
    closeSync(writer);
    cancel();
  }));

test('a directory that is not there is looked for at each read', () =>
  inFolder(async folder => {
    const path = join(folder, 'late', 'value');
    const { heard, cancel } = listen(path);
    assert.is(await textOf(path), null);
    mkdirSync(join(folder, 'late'));
    assert.is(await textOf(path), null);
    writeFileSync(path, '1');
    await heard();
    assert.is(await textOf(path), '1');
    cancel();
  }));

test('a directory that is moved away is told, and what stands in its place is watched from the next read on', () =>
  inFolder(async folder => {
    const place = join(folder, 'place');
    const path = join(place, 'value');
    mkdirSync(place);
    writeFileSync(path, '1');
    const { heard, changes, cancel } = listen(path);
    assert.is(await textOf(path), '1');
    renameSync(place, join(folder, 'old'));
    await heard();
    assert.is(await textOf(path), null);
    mkdirSync(place);
    assert.is(await textOf(path), null);
    writeFileSync(join(folder, 'old', 'value'), '3');
    await settle(folder);
    assert.is(changes(), 0, 'the old one is nobody any more');
    writeFileSync(path, '2');
    await heard();
    assert.is(await textOf(path), '2');
    cancel();
  }));

test('a directory that is removed is told', () =>
  inFolder(async folder => {
    const path = join(folder, 'place', 'value');
    mkdirSync(join(folder, 'place'));
    const { heard, cancel } = listen(path);
    await textOf(path);
    rmSync(join(folder, 'place'), { recursive: true });
    await heard();
    assert.is(await textOf(path), null);
    cancel();
  }));

test('behind a symbolic link the target is watched', () =>
  inFolder(async folder => {
    mkdirSync(join(folder, 'target'));
    writeFileSync(join(folder, 'target', 'number'), '1');
    symlinkSync(join(folder, 'target', 'number'), join(folder, 'link'));
    const { heard, cancel } = listen(join(folder, 'link'));
    assert.is(await textOf(join(folder, 'link')), '1');
    writeFileSync(join(folder, 'target', 'number'), '2');
    await heard();
    assert.is(await textOf(join(folder, 'link')), '2');
    cancel();
  }));

test('two may listen to one file, and one of them goes on alone', () =>
  inFolder(async folder => {
    const path = join(folder, 'value');
    const one = listen(path);
    const other = listen(path);
    const neighbour = listen(join(folder, 'neighbour'));
    await Promise.all([textOf(path), textOf(path), textOf(join(folder, 'neighbour'))]);
    writeFileSync(path, '1');
    await Promise.all([one.heard(), other.heard()]);
    one.cancel();
    one.cancel();
    writeFileSync(path, '2');
    await other.heard();
    other.cancel();
    writeFileSync(join(folder, 'neighbour'), '3');
    await neighbour.heard();
    neighbour.cancel();
    assert.equal([one.changes(), other.changes(), neighbour.changes()], [0, 0, 0]);
  }));

test('whoever stops to listen while a read is under way leaves nothing behind', () =>
  inFolder(async folder => {
    const { cancel } = listen(join(folder, 'value'));
    const reading = textOf(join(folder, 'value'));
    cancel();
    assert.is(await reading, null);
  }));

test('a directory that is not there is no fault', () => {
  checkFiles.watch('/no/such/directory/value', () => {})();
});

test.run();
