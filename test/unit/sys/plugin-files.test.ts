import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { pluginFiles } from '../../../src/sys/plugin-files.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/plugin-files');
let directory = '';
test.before(() => {
  directory = mkdtempSync(join(tmpdir(), 'checkalived-plugin-'));
});
test.after(() => rmSync(directory, { recursive: true, force: true }));

test('a module is loaded with all that it exports, whatever characters are in its path', async () => {
  const path = join(directory, 'a #1?.mjs');
  writeFileSync(path, 'export default 1;\nexport const two = 2;\n');
  assert.equal({ ...(await pluginFiles.load(path, 0)) }, { default: 1, two: 2 });
});

test('a module that failed is loaded anew when it is tried again', async () => {
  const path = join(directory, 'broken.mjs');
  writeFileSync(path, 'throw new Error("broken");\n');
  const failed = await pluginFiles.load(path, 0).catch((fault: unknown) => fault);
  assert.is(failed instanceof Error && failed.message, 'broken');
  writeFileSync(path, 'export default 1;\n');
  assert.equal({ ...(await pluginFiles.load(path, 1)) }, { default: 1 });
});

test('a stamp changes with the file, and only a file has one', () => {
  const path = join(directory, 'stamped.mjs');
  writeFileSync(path, '1');
  const before = pluginFiles.stampOf(path);
  assert.is(pluginFiles.stampOf(path), before);
  writeFileSync(path, '12');
  assert.is.not(pluginFiles.stampOf(path), before);
  assert.is(pluginFiles.stampOf(directory), null);
  assert.is(pluginFiles.stampOf(join(directory, 'missing.mjs')), null);
});

test.run();
