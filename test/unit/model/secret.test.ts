import * as assert from 'uvu/assert';
import { isSecretHeader } from '../../../src/model/secret.ts';
import { suite } from '../../support/suite.ts';

const test = suite('model/secret');

test('headers that say who asks are secrets, in whatever case', () => {
  for (const name of ['authorization', 'Proxy-Authorization', 'Cookie', 'X-API-Key', 'X-Auth-Token', 'Apikey'])
    assert.ok(isSecretHeader(name), name);
});

test('others are shown', () => {
  for (const name of ['Host', 'User-Agent', 'Accept', 'X-Keyword', 'X-Authorization-Url', 'Content-Type'])
    assert.not.ok(isSecretHeader(name), name);
});

test.run();
