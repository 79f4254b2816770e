import * as assert from 'uvu/assert';
import { matches } from '../../../src/cli/pattern.ts';
import { suite } from '../../support/suite.ts';

const test = suite('cli/pattern');

test('without a star a part is enough, capital or small', () => {
  assert.ok(matches('tcp/10.0.0.1:80', '10.0.0.1'));
  assert.ok(matches('HTTP_GET', 'http'));
  assert.not.ok(matches('tcp/10.0.0.1:80', '10.0.0.2'));
});

test('with a star the whole text must fit', () => {
  assert.ok(matches('10.0.0.1:80', '10.*:80'));
  assert.ok(matches('10.0.0.1:80', '*'));
  assert.ok(matches('10.0.0.1:80', '10*0*:80'));
  assert.ok(matches('10.0.0.1:80', '10.0.0.?:80'));
  assert.not.ok(matches('110.0.0.1:80', '10.*'));
  assert.not.ok(matches('10.0.0.1:8080', '*:80'));
  assert.not.ok(matches('aba', 'ab*ba'), 'a letter counts once');
});

test.run();
