import * as assert from 'uvu/assert';
import { channels } from '../../../alerts/index.ts';
import { secret } from '../../../src/model/secret.ts';
import { type ChannelSubject, conformChannel } from '../../support/channel-conformance.ts';
import { suite } from '../../support/suite.ts';

const test = suite('alerts conformance');

/** By keyword, the subjects of the kit; a channel without one fails the last test. */
const subjects: Readonly<Record<string, readonly Omit<ChannelSubject, 'channel'>[]>> = {
  webhook: [
    {
      given: origin => ({
        url: secret(`${origin}/hooks/PathT0ken?token=Query+T0ken`),
        secret: secret('hmac-k3y'),
        user: 'director',
        password: secret('pass"w0rd/ü'),
      }),
      secrets: ['PathT0ken', 'Query+T0ken', 'hmac-k3y', 'pass"w0rd/ü', 'director:pass"w0rd/ü'],
    },
    {
      given: origin => ({ url: secret(`${origin}/`), bearer_token: secret('b3arer-token') }),
      secrets: ['b3arer-token'],
    },
  ],
  alertmanager: [
    {
      given: origin => ({ url: `${origin}/prefix`, user: 'director', password: secret('pass-w0rd') }),
      secrets: ['pass-w0rd', 'director:pass-w0rd'],
    },
  ],
  slack: [
    {
      given: origin => ({ url: secret(`${origin}/services/T0000000/B0000000/s3cretOfSlack`) }),
      secrets: ['s3cretOfSlack', '/services/T0000000/B0000000/s3cretOfSlack'],
    },
  ],
  pagerduty: [
    {
      given: origin => ({ url: `${origin}/v2/enqueue`, routing_key: secret('r0uting-key-of-32-characters-xx') }),
      secrets: ['r0uting-key-of-32-characters-xx'],
    },
  ],
};

for (const channel of channels) {
  for (const subject of subjects[channel.keyword] ?? []) conformChannel(test, { channel, ...subject });
}

test('every channel is in the kit', () => {
  assert.equal(
    Object.keys(subjects),
    channels.map(({ keyword }) => keyword),
  );
});

test.run();
