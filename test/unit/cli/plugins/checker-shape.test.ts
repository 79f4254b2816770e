import * as assert from 'uvu/assert';
import { checkers } from '../../../../checks/index.ts';
import { findShapeFaults } from '../../../../src/cli/plugins/checker-shape.ts';
import { suite } from '../../../support/suite.ts';
import { fakeChecker } from '../../config/read-text.ts';

const test = suite('cli/plugins/checker-shape');
const faultOf = (changes: object): string => findShapeFaults({ ...fakeChecker('MY_CHECK'), ...changes }).join('; ');
const rowFault = (row: object): string =>
  faultOf({ params: [{ name: 'a', doc: 'A.', type: { kind: 'flag' }, ...row }] });

test('a checker of ours has no fault but the keywords that a plug-in may not have', () => {
  for (const checker of checkers) {
    const faults = findShapeFaults(checker).filter(fault => !fault.includes('which every checker has already'));
    assert.equal(faults, [], checker.keyword);
  }
});

for (const [value, fault] of [
  [undefined, 'it exports nothing, not a checker or a list of checkers'],
  [() => {}, 'it exports a function, not a checker or a list of checkers'],
  [{ keyword: 'my check' }, "keyword is 'my check', not capital letters, digits and underscores such as REDIS_CHECK"],
  [{}, 'keyword is missing, not capital letters, digits and underscores such as REDIS_CHECK'],
] as const) {
  test(`no checker at all: ${fault}`, () => assert.equal(findShapeFaults(value), [fault]));
}

for (const [changes, fault] of [
  [{ doc: '' }, "in MY_CHECK, doc is '', not a sentence"],
  [{ defaultRetry: 1.5 }, 'in MY_CHECK, defaultRetry is 1.5, not a whole number'],
  [
    { defaultDelayBeforeRetry: '1' },
    "in MY_CHECK, defaultDelayBeforeRetry is '1', not a number of milliseconds or 'delay_loop'",
  ],
  [{ immediate: false }, 'in MY_CHECK, immediate is false, not true or left out'],
  [{ pace: 'slow' }, "in MY_CHECK, pace is 'slow', not 'end' or 'start'"],
  [{ mail: { up: 'up' } }, 'in MY_CHECK, mail lacks its texts up and down'],
  [{ plan: null }, 'in MY_CHECK, plan is null, not a function'],
  [{ check: undefined }, 'in MY_CHECK, check is missing, not a function'],
  [{ longest: 1000 }, 'in MY_CHECK, longest is 1000, not a function'],
  [{ params: {} }, 'in MY_CHECK, params is an object, not a list of rows'],
] as const) {
  test(`a member that is none: ${fault}`, () => assert.is(faultOf(changes), fault));
}

test('every member that is wrong is told at once', () => {
  assert.is(findShapeFaults({ ...fakeChecker('MY_CHECK'), doc: 1, plan: 1 }).length, 2);
});

for (const [row, fault] of [
  [{ name: 'Port' }, "in MY_CHECK, the name of params[0] is 'Port', not small letters, digits and underscores"],
  [{ name: 'retry' }, 'in MY_CHECK, params[0] is retry, which every checker has already'],
  [{ doc: undefined }, 'in MY_CHECK, the row a of params lacks doc, its sentence'],
  [{ name: 'connect_timeout' }, 'in MY_CHECK, connect_timeout is not of kind timer, as it is in all checkers'],
  [{ type: { kind: 'int', min: 1 } }, 'in MY_CHECK, the row a of params lacks its numbers min and max'],
  [{ type: { kind: 'int', min: 2, max: 1 } }, 'in MY_CHECK, the row a of params lacks its numbers min and max'],
  [{ type: { kind: 'choice', of: [] } }, 'in MY_CHECK, the row a of params lacks its words in of'],
  [{ type: { kind: 'script' } }, 'in MY_CHECK, the row a of params does not say in user whether it takes one'],
  [{ type: { kind: 'custom' } }, 'in MY_CHECK, the row a of params lacks its syntax and the function read'],
  [{ type: { kind: 'block' } }, 'in MY_CHECK, the row a of params is missing, not a list of rows'],
] as const) {
  test(`a row that is none: ${fault}`, () => assert.is(rowFault(row), fault));
}

test('a kind that does not exist is answered with those that do', () => {
  assert.match(
    rowFault({ type: { kind: 'number' } }),
    "the row a of params has the kind 'number', which is none of flag, bool,",
  );
  assert.match(rowFault({ type: { kind: 'toString' } }), "has the kind 'toString', which is none of");
});

test('two rows of one name are a fault, and rows of an inner block are looked at too', () => {
  const flag = { name: 'a', doc: 'A.', type: { kind: 'flag' } };
  assert.is(faultOf({ params: [flag, flag] }), 'in MY_CHECK, params has two rows a');
  const block = {
    ...flag,
    type: {
      kind: 'block',
      params: [
        { ...flag, name: 'retry' },
        { ...flag, doc: '' },
      ],
    },
  };
  assert.is(faultOf({ params: [block] }), 'in MY_CHECK, the row a of the row a of params lacks doc, its sentence');
});

test.run();
