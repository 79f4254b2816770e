import * as assert from 'uvu/assert';
import { openScreen } from '../../../../src/cli/output/screen.ts';
import { suite } from '../../../support/suite.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/output/screen');

test('lines are drawn over those before, from the top', () => {
  const { stdout } = createFakeIo({ terminal: true });
  const draw = openScreen(stdout);
  stdout.text = '';
  draw(['one', 'two']);
  assert.is(stdout.text, '\u001b[Hone\u001b[K\ntwo\u001b[K\n\u001b[J');
});

test('what does not fit on the terminal is counted, not scrolled', () => {
  const { stdout } = createFakeIo({ terminal: true });
  openScreen(stdout)(Array.from({ length: 100 }, (_, index) => `line ${index}`));
  assert.is(stdout.text.split('\n').length - 1, 29);
  assert.match(stdout.text, '... and 72 more lines');
});

test.run();
