import * as assert from 'uvu/assert';
import { makeMutations, mutate } from '../../differential/mutations.ts';
import { suite } from '../../support/suite.ts';

const test = suite('differential/mutations');
const text = 'virtual_server 192.0.2.1 80 {\n    lb_algo rr # fair\n    delay_loop 6\n}\n';

test('a seed always makes the same mutations', () => {
  assert.equal(makeMutations(7, 50), makeMutations(7, 50));
  assert.not.equal(makeMutations(7, 50), makeMutations(8, 50));
});

test('a longer run begins as a shorter one', () => {
  assert.equal(makeMutations(7, 50).slice(0, 20), makeMutations(7, 20));
});

test('every kind of change comes up, and nearly all of them change the text', () => {
  const mutations = makeMutations(7, 500);
  const kinds = new Set(mutations.flatMap(({ edits }) => edits.map(({ kind }) => kind)));
  const changed = mutations.filter(({ edits }) => mutate(text, edits, ['quorum', 'alpha']) !== text);
  assert.is(kinds.size, 22);
  assert.ok(changed.length > 450, `${changed.length} of 500`);
});

test('the empty text survives every change', () => {
  for (const { edits } of makeMutations(7, 300)) mutate('', edits, ['quorum']);
});

test.run();
