import * as assert from 'uvu/assert';
import { resolveHost } from '../../../src/sys/resolve-host.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sys/resolve-host');

test('a host of /etc/hosts has its addresses', async () => {
  const addresses = await resolveHost('localhost');
  assert.ok(addresses.includes('127.0.0.1') || addresses.includes('::1'), addresses.join(' '));
});

test('a name that nobody knows is a sentence', async () => {
  const fault = await resolveHost('no-such-host.invalid').catch((error: Error) => error.message);
  assert.match(String(fault), /^(there is no host of this name|the name servers do not answer|the name cannot be)/);
});

test.run();
