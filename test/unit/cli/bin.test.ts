import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('bin');
const text = readFileSync(join(import.meta.dirname, '../../../bin/checkalived'), 'utf8');
const [first = ''] = text.split('\n');

test('what the first line sets for the allocator is taken back, so that no script or check finds it', () => {
  const set = [...first.matchAll(/([A-Z][A-Z_]+)=/g)].map(([, name]) => name ?? '');
  assert.equal(set, ['MALLOC_ARENA_MAX', 'MALLOC_TRIM_THRESHOLD_']);
  const body = text.slice(first.length).replace(/await import\([\s\S]*/, '');
  const [, list = ''] = /for \(const name of \[([^\]]*)\]\) delete process\.env\[name\];/.exec(body) ?? [];
  assert.equal(
    list.split(', ').map(name => name.slice(1, -1)),
    set,
  );
});

test('the first line is short enough for every kernel that checkalived runs on', () => {
  // BINPRM_BUF_SIZE of Linux 5.1 and later.
  assert.ok(first.length < 256);
});

test.run();
