import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { readIpvsFile } from '../../../src/sys/ipvs-file.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/ipvs-file');
const folder = mkdtempSync(join(tmpdir(), 'ipvs-file-'));
const path = join(folder, 'ip_vs');
test.after(() => rmSync(folder, { recursive: true }));

test('a file of any size is read whole, and nothing of the one before is in it', async () => {
  for (const size of [200_000, 65_536, 65_535, 131_072, 10, 0]) {
    const text = Array.from({ length: size }, (_, index) => (index * 7) % 10).join('');
    writeFileSync(path, text);
    assert.is(await readIpvsFile(path), text, `${size} bytes`);
  }
});

test('what is not there is null', async () => {
  assert.is(await readIpvsFile(join(folder, 'none')), null);
});

test.run();
