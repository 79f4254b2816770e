import * as assert from 'uvu/assert';
import { replaceRows } from '../../../../bench/report/readme.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('bench/report/readme');
const text = `# Figures

<!-- bench:ratios -->
| part | ratio |
|---|---|
| tcp | 1.10 |
| http | 1.20 |
<!-- /bench:ratios -->

| part | ratio |
|---|---|
| tcp | not ours |
`;

test('a row takes the place of the one of its name, and everything else stays', () => {
  const expected = text.replace('| http | 1.20 |', '| http | 0.90 |');
  assert.is(replaceRows(text, 'ratios', ['part', 'ratio'], [['http', '0.90']]), expected);
});

test('a row of a new name comes last', () => {
  const expected = text.replace('| http | 1.20 |', '| http | 1.20 |\n| ssl | 0.25 |');
  assert.is(replaceRows(text, 'ratios', ['part', 'ratio'], [['ssl', '0.25']]), expected);
});

test('without rows nothing changes', () => {
  assert.is(replaceRows(text, 'ratios', ['part', 'ratio'], []), text);
});

test('an empty table gets its titles', () => {
  const marks = '<!-- bench:bounds -->\n<!-- /bench:bounds -->\n';
  assert.is(
    replaceRows(marks, 'bounds', ['what', 'bound'], [['lag', '60 ms']]),
    '<!-- bench:bounds -->\n| what | bound |\n|---|---|\n| lag | 60 ms |\n<!-- /bench:bounds -->\n',
  );
});

test('a text without the marks is a fault', () => {
  assert.throws(() => replaceRows(text, 'bounds', ['what'], []), /no <!-- bench:bounds -->/);
});

test.run();
