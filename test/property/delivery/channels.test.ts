import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { type Channels, createChannels } from '../../../src/delivery/channels.ts';
import type { Alert } from '../../../src/model/alert.ts';
import type { DeliveryResult } from '../../../src/model/delivery.ts';
import type { Notification } from '../../../src/model/store.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { makeAlert } from '../../support/alerts.ts';
import { suite } from '../../support/suite.ts';
import { fakeStore, makeConfig } from '../../unit/delivery/support.ts';
import { recordLog } from '../../unit/store/support.ts';

const test = suite('channels property');

/** `stumbles`: and it may be over one message; `lost`: it hears of it, and we do not hear that it did. */
type Answer = 'delivered' | 'later' | 'stumbles' | 'lost';
type Step =
  | { readonly kind: 'change'; readonly server: number }
  | { readonly kind: 'wait'; readonly span: number }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'restart' };
const change: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('change' as const),
  server: fc.integer({ min: 1, max: 3 }),
});
/** Hours in which all messages come to the point where others go before them. */
const hours: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(change, fc.record({ kind: fc.constant('wait' as const), span: fc.constant(3_600_000) })),
  { maxLength: 12 },
);
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: change },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        span: fc.integer({ min: 0, max: 90_000 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('answer' as const),
        answer: fc.constantFrom('delivered', 'later', 'stumbles', 'lost'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  ),
  { maxLength: 25 },
);

/** What is under way is left as it is. */
async function kill(channels: Channels, clock: VirtualClock): Promise<void> {
  const closing = channels.close(0);
  await clock.advance(0);
  await closing;
}

const plan = { id: 'x:a', keyword: 'x', about: 'all', timeout: 10_000, ca: null, spec: {} } as const;
const config = makeConfig({ channels: [plan] });

for (const groups of ['all', 'object'] as const) {
  test(`whatever the server does and however often the agent is killed, it hears of every change of ${groups}, and last of what is so`, () =>
    check(groups, steps, 'delivered'));
  test(`a server that has stumbled for hours hears of every change of ${groups}, and last of what is so`, () =>
    check(groups, hours, 'stumbles'));
}

async function check(groups: 'all' | 'object', scripts: fc.Arbitrary<readonly Step[]>, first: Answer): Promise<void> {
  await fc.assert(
    fc.asyncProperty(scripts, async script => {
      const clock = new VirtualClock();
      const store = fakeStore();
      const outbox: Notification[] = [];
      /** What the server knows: by server its state, and every change that it was told. */
      const known = new Map<string, string>();
      const heard = new Set<string>();
      const isDown = new Map<string, boolean>();
      let answer = first;
      let life = 0;
      const down = (): Alert[] =>
        [...isDown].flatMap(([realServer, is]) => (is ? [makeAlert('', { realServer, time: clock.wall() })] : []));
      const live = (): Channels => {
        const own = ++life;
        const channels = createChannels(config, {
          clock,
          log: recordLog(),
          store,
          random: () => 0.5,
          outages: down,
          open: () => ({
            groups,
            largest: 2,
            repeats: true,
            async send({ alerts }): Promise<DeliveryResult> {
              await new Promise<void>(resolve => void clock.at(clock.now() + 100, resolve));
              // Nothing comes from a life that was killed.
              const arrives = (answer === 'delivered' || answer === 'lost') && own === life;
              for (const { id, realServer, state } of arrives ? alerts : []) {
                known.set(realServer ?? '', state);
                if (id !== '') heard.add(id);
              }
              return answer === 'delivered'
                ? { kind: 'delivered', detail: '' }
                : {
                    kind: 'failed',
                    retry: 'server',
                    ...(answer === 'stumbles' && { heard: true }),
                    detail: answer,
                  };
            },
          }),
        });
        const left = outbox.filter(({ id }) => store.last(id)?.outcome !== 'delivered');
        channels.resume(left.map(entry => ({ ...entry, outcome: 'failed', attempts: 1, nextAttempt: 1, detail: '' })));
        return channels;
      };
      let channels = live();
      for (const step of script) {
        switch (step.kind) {
          case 'wait':
            await clock.advance(step.span);
            break;
          case 'answer':
            answer = step.answer;
            break;
          case 'restart':
            await kill(channels, clock);
            channels = live();
            break;
          case 'change': {
            const realServer = `10.0.0.${step.server}:80`;
            const state = isDown.get(realServer) ? 'UP' : 'DOWN';
            isDown.set(realServer, state === 'DOWN');
            const virtualServer = `vs${step.server % 2}`;
            const alert = makeAlert(`${outbox.length + 1}`, { virtualServer, realServer, state, time: clock.wall() });
            const { id, time } = alert;
            const body = JSON.stringify(alert);
            outbox.push({ id, time, channel: plan.id, subject: id, body, virtualServer, realServer });
            channels.send(outbox.at(-1) as Notification);
          }
        }
      }
      answer = 'delivered';
      await clock.advance(20 * 60_000);
      assert.is(channels.waiting().get(plan.id), 0);
      assert.is(channels.trouble(), null);
      assert.equal([...heard].sort(), outbox.map(({ id }) => id).sort());
      assert.equal([...known].sort(), [...isDown].map(([server, is]) => [server, is ? 'DOWN' : 'UP']).sort());
      await kill(channels, clock);
    }),
    { numRuns: 60 },
  );
}

test.run();
