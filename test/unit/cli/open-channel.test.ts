import * as assert from 'uvu/assert';
import { channels } from '../../../alerts/index.ts';
import { openChannel } from '../../../src/cli/open-channel.ts';
import type { PostRequest } from '../../../src/model/ports.ts';
import { secret } from '../../../src/model/secret.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { makeAlert, messageOf } from '../../support/alerts.ts';
import { suite } from '../../support/suite.ts';

const test = suite('cli/open-channel');
const spec = { url: secret('https://x/y') };
const plan = { id: 'slack:a', keyword: 'slack', about: 'all', timeout: 1500, ca: '/ca.pem', spec } as const;

test('a channel sends with the deadline and the authorities of its block', async () => {
  const requests: [timeout: number, ca: string | null, url: string][] = [];
  const opened = openChannel(plan, {
    channels,
    clock: new VirtualClock(),
    createPost:
      ({ timeout, ca }) =>
      async (request: PostRequest) => {
        requests.push([timeout, ca, request.url]);
        return { kind: 'answered', status: 200, headers: new Map(), text: 'ok' };
      },
  });
  const result = await opened.send?.(messageOf(makeAlert('1')), new AbortController().signal);
  assert.equal(result, { kind: 'delivered', detail: 'x: HTTP 200: ok' });
  assert.equal(requests, [[1500, '/ca.pem', 'https://x/y']]);
  assert.is(opened.repeats, undefined);
});

test('in a dry run there is nothing to send with', () => {
  const modules = { channels, clock: new VirtualClock(), createPost: null };
  assert.is(openChannel(plan, modules).send, null);
  assert.is(openChannel({ ...plan, keyword: 'alertmanager' }, modules).repeats, true);
  assert.throws(() => openChannel({ ...plan, keyword: 'pigeon' }, modules), /no channel pigeon/);
});

test.run();
