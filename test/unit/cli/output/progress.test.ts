import * as assert from 'uvu/assert';
import { openProgress } from '../../../../src/cli/output/progress.ts';
import { suite } from '../../../support/suite.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/output/progress');

test('a bar grows on one line, and leaves it empty', () => {
  const { stderr } = createFakeIo({ terminal: true });
  const progress = openProgress(stderr, 2, 'check');
  progress.step();
  progress.step();
  progress.close();
  assert.equal(stderr.text.split('\r'), [
    '',
    `[${' '.repeat(30)}] 0 of 2 checks done`,
    `[${'='.repeat(15)}${' '.repeat(15)}] 1 of 2 checks done`,
    `[${'='.repeat(30)}] 2 of 2 checks done`,
    '\u001b[K',
  ]);
});

test('without a terminal there is none', () => {
  const { stderr } = createFakeIo();
  const progress = openProgress(stderr, 1, 'check');
  progress.step();
  progress.close();
  assert.is(stderr.text, '');
});

test.run();
