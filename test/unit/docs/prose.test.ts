import * as assert from 'uvu/assert';
import { splitPieces } from '../../../scripts/docs/document.ts';
import { splitHelp } from '../../../scripts/docs/help-parts.ts';
import { readProse } from '../../../scripts/docs/prose.ts';
import { suite } from '../../support/suite.ts';

const test = suite('docs/prose');

test('headings, paragraphs, examples and terms are told apart', () => {
  assert.equal(
    readProse('# A\n\n## B\n\none\ntwo\n\n```\n# x\n\n  y\n```\n\n- `a`, `b`: first\n  more: words\n- c: second\n'),
    [
      { kind: 'heading', level: 1, title: 'A' },
      { kind: 'heading', level: 2, title: 'B' },
      { kind: 'text', text: 'one two' },
      { kind: 'example', text: '# x\n\n  y' },
      {
        kind: 'terms',
        terms: [
          { term: '`a`, `b`', text: 'first more: words' },
          { term: 'c', text: 'second' },
        ],
      },
    ],
  );
});

test('a list without a term is refused', () => {
  assert.throws(() => readProse('- nothing of the kind\n'), 'is no term');
});

test('asterisks in code mark nothing, and a lone one neither', () => {
  assert.equal(splitPieces('`*/10 *` is *ours*, 2 * 3'), [
    { style: 'code', text: '*/10 *' },
    { style: 'plain', text: ' is ' },
    { style: 'emphasis', text: 'ours' },
    { style: 'plain', text: ', 2 * 3' },
  ]);
});

test('a help text falls into paragraphs, examples and exit codes', () => {
  const { text, examples, exitCodes } = splitHelp(
    'Some words\nmore.\n\nModes:\n  one  the first\n       goes on\n  two  the second\n\nExamples:\n  a -b  c\n\nExit codes:\n  0  good',
  );
  assert.equal(text, [
    { kind: 'text', text: 'Some words more.' },
    { kind: 'text', text: 'Modes:' },
    {
      kind: 'terms',
      terms: [
        { term: '`one`', text: 'the first goes on' },
        { term: '`two`', text: 'the second' },
      ],
    },
  ]);
  assert.equal(examples, [{ kind: 'example', text: 'a -b  c' }]);
  assert.equal(exitCodes, [{ kind: 'terms', terms: [{ term: '`0`', text: 'good' }] }]);
});

test.run();
