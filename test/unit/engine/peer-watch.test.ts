import * as assert from 'uvu/assert';
import { PeerWatch } from '../../../src/engine/peer-watch.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import type { Connection, ConnectionHandler } from '../../../src/model/ports.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('PeerWatch');
const pass: CheckResult = { ok: true, took: 1, detail: '' };
const fail: CheckResult = { ok: false, took: 1, reason: 'refused', detail: '' };
const refusal = { code: 'ECONNREFUSED', message: 'connection refused', remote: true as const };

/** A watch whose connections the test opens and breaks. */
function setUp() {
  const clock = new VirtualClock();
  const handlers: ConnectionHandler[] = [];
  const seen = { broke: 0, gaveUp: 0 };
  const watch = new PeerWatch({ address: '192.0.2.1', port: 80 } as ConstructorParameters<typeof PeerWatch>[0], {
    sockets: {
      connect: (_to, _tls, handler) => {
        handlers.push(handler);
        return { close: () => handler.closed(null) } as Connection;
      },
    },
    clock,
    broke: () => seen.broke++,
    gaveUp: () => seen.gaveUp++,
  });
  const open = () => handlers.at(-1)?.opened({} as Connection);
  return { clock, watch, handlers, seen, open };
}

test('a service that passes is watched, and asked when it breaks the connection', () => {
  const { watch, handlers, seen, open } = setUp();
  watch.checked(pass);
  open();
  watch.checked(pass);
  assert.is(handlers.length, 1);
  handlers[0]?.ended();
  assert.is(seen.broke, 1);
  watch.checked(fail);
  assert.is(handlers.length, 1, 'not while it is down');
});

test('a dying process closes its connections before its listening socket: a check in between is asked again', () => {
  const { watch, handlers, seen, open } = setUp();
  watch.checked(pass);
  open();
  handlers[0]?.ended();
  // It was let in by the socket that is about to close.
  watch.checked(pass);
  assert.is(handlers.length, 2, 'connected once more at once');
  handlers[1]?.closed(refusal);
  assert.is(seen.broke, 2);
  watch.checked(fail);
  assert.is(handlers.length, 2);
});

test('a server that closes idle connections is connected to ever more rarely, and then no more', async () => {
  const { clock, watch, handlers, seen, open } = setUp();
  watch.checked(pass);
  for (const pause of [0, 1_000, 2_000, 4_000]) {
    open();
    handlers.at(-1)?.ended();
    const before = handlers.length;
    watch.checked(pass);
    if (pause > 0) {
      assert.is(handlers.length, before);
      await clock.advance(pause);
      watch.checked(pass);
    }
    assert.is(handlers.length, before + 1, `after ${pause} ms`);
  }
  open();
  handlers.at(-1)?.ended();
  watch.checked(pass);
  await clock.advance(100_000);
  watch.checked(pass);
  assert.is(handlers.length, 5);
  assert.equal(seen, { broke: 5, gaveUp: 1 });
});

test('a watch that is ended asks for nothing', () => {
  const { watch, handlers, seen } = setUp();
  watch.checked(pass);
  watch.close();
  watch.checked(pass);
  assert.is(handlers.length, 1);
  assert.is(seen.broke, 0);
});

test.run();
