import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createMailer } from '../../../src/delivery/mailer.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';
import { delivered, fakeStore, fakeTransport, mailOf, makeConfig } from '../../unit/delivery/support.ts';
import { recordLog } from '../../unit/store/support.ts';

const test = suite('mailer property');

type Step =
  | { readonly kind: 'send'; readonly count: number }
  | { readonly kind: 'wait'; readonly span: number }
  | { readonly kind: 'server'; readonly state: 'up' | 'server' | 'message' };
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('wait' as const), span: fc.integer({ min: 0, max: 60_000 }) }),
    fc.record({
      kind: fc.constant('server' as const),
      state: fc.constantFrom('up' as const, 'server' as const, 'message' as const),
    }),
  ),
  { maxLength: 12 },
);

test('whatever the server does, every change is in exactly one mail that arrived, and one attempt is made at a time', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async script => {
      const clock = new VirtualClock();
      const store = fakeStore();
      const transport = fakeTransport();
      let state: 'up' | 'server' | 'message' = 'up';
      let running = 0;
      transport.answer = async () => {
        running++;
        assert.is(running, 1);
        await new Promise<void>(resolve => void clock.at(clock.now() + 100, resolve));
        running--;
        return state === 'up' ? delivered : { kind: 'failed', retry: state, detail: 'no' };
      };
      const mailer = createMailer(makeConfig(), {
        clock,
        log: recordLog(),
        store,
        random: () => 0.5,
        createTransport: () => transport,
      });
      let sent = 0;
      for (const step of script) {
        if (step.kind === 'send')
          for (let left = step.count; left > 0; left--) mailer.send(mailOf(String(++sent), 'UP', clock.wall()));
        else if (step.kind === 'wait') await clock.advance(step.span);
        else state = step.state;
      }
      state = 'up';
      await clock.advance(20 * 60_000);
      assert.is(mailer.waiting(), 0);
      assert.is(mailer.trouble(), null);
      assert.is(clock.pending(), 0);
      const told = transport.sent.reduce(
        (sum, mail) => sum + Number(/\] (\d+) changes/.exec(mail.subject)?.[1] ?? 1),
        0,
      );
      assert.is(told, sent);
      for (let id = 1; id <= sent; id++) {
        const outcomes = store.updates.filter(update => update.id === String(id)).map(update => update.outcome);
        assert.is(outcomes.at(-1), 'delivered');
        assert.is(outcomes.filter(outcome => outcome === 'delivered').length, 1);
      }
    }),
    { numRuns: 60 },
  );
});

test.run();
