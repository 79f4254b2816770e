import * as assert from 'uvu/assert';
import { applyIncludeCheck, type Demand, demandsOf } from '../../../../src/config/text/include-level.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('config/include-level');
const check = (line: string, ...soFar: Demand[]) =>
  [...applyIncludeCheck(line === '' ? [] : line.split(' '), new Set(soFar))].sort().join(' ');

test('include_check alone demands everything', () => {
  assert.is(check(''), 'brace_match match read wildcard_match');
});
test('a level without a sign replaces what was demanded, and brings read with it', () => {
  assert.is(check('match', 'wildcard_match'), 'match read');
  assert.is(check('foo', 'match'), '');
});
test('signs add and take away, and a second level without one is ignored', () => {
  assert.is(check('+match -read', 'read'), 'match');
  assert.is(check('read match'), 'read');
});
test('a letter behind include adds to what include_check demands', () => {
  assert.equal([...demandsOf('b', new Set(['match']))].sort(), ['brace_match', 'match', 'read']);
  assert.equal([...demandsOf('', new Set())], []);
});

test.run();
