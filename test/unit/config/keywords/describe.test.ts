import * as assert from 'uvu/assert';
import { describeArguments } from '../../../../src/config/keywords/describe.ts';
import type { ParamType } from '../../../../src/model/params.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('config/keywords/describe');
const describe = (type: ParamType, name = 'some_keyword'): string => describeArguments({ name, type });

test('a keyword that takes nothing has no arguments', () => {
  assert.is(describe({ kind: 'flag' }), '');
});

test('an argument that may be left out stands in brackets', () => {
  assert.is(describe({ kind: 'int', min: 1, max: 5 }), 'N, 1 to 5');
  assert.is(describe({ kind: 'int', min: 1, max: 5, bare: 3 }), '[N], 1 to 5');
});

test('times name their unit, and no limit that nobody reaches', () => {
  assert.is(describe({ kind: 'timer', min: 0.000001, max: 4294.967295 }), 'SECONDS, 0.000001 to 4294.967295');
  assert.is(describe({ kind: 'timer', min: 0, max: 1e12 }), 'SECONDS, 0 or more');
  assert.is(describe({ kind: 'timer', min: 1, max: 1e12, unit: 'ms' }), 'MILLISECONDS, more than 0');
});

test('a block has its braces, behind the words before them', () => {
  assert.is(describe({ kind: 'block', params: [], head: { kind: 'endpoint' } }), 'IP [PORT] { ... }');
  assert.is(describe({ kind: 'block', params: [] }, 'virtual_server'), 'IP [PORT], fwmark N or group NAME, { ... }');
});

test('what is written as it stands is marked, the prose around it is not', () => {
  const type: ParamType = { kind: 'choice', of: ['on', 'off'], anyCase: true };
  assert.is(
    describeArguments({ name: 'x', type }, text => `<${text}>`),
    'one of <on>, <off>, in any case',
  );
});

test.run();
