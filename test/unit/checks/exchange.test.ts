import * as assert from 'uvu/assert';
import { type Dialogue, exchange } from '../../../checks/exchange.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import type { ConnectionHandler, SocketFault, Sockets } from '../../../src/model/ports.ts';
import { makeConnection, makeContext } from '../../../testing/check-context.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('exchange');
const connection = { address: '192.0.2.1', port: 80, timeout: 1000 };
const content: Dialogue = { opened: () => 'wait', data: () => ({ ok: true, detail: 'answered' }) };

/** One conversation over a socket that does only what `handler` is told. */
function setUp(dialogue: Dialogue = content) {
  const clock = new VirtualClock();
  let taken: ConnectionHandler | null = null;
  const sockets: Sockets = {
    connect: (_, __, handler) => {
      taken = handler;
      return makeConnection(() => queueMicrotask(() => handler.closed(null)));
    },
  };
  const context = makeContext({ clock, sockets });
  const result = exchange({ connection, tls: null }, dialogue, context);
  const handler = taken as ConnectionHandler | null;
  if (!handler) throw new Error('it did not connect');
  return { clock, result, handler, open: () => handler.opened(makeConnection()) };
}

function told(result: CheckResult): string {
  return result.ok ? 'ok' : result.reason;
}

async function failWith(fault: SocketFault): Promise<string> {
  const { result, handler } = setUp();
  handler.closed(fault);
  return told(await result);
}

test('what came in time while our own loop was held counts, though the deadline fires before it is read', async () => {
  const { clock, result, handler, open } = setUp();
  // Due at the same moment as the deadline and after it, as sockets are looked at after timers.
  clock.at(1000, open);
  clock.at(1000, () => handler.data(new Uint8Array(1)));
  await clock.advance(1000);
  assert.is(told(await result), 'ok');
  assert.is(clock.pending(), 0);
});

test('what does not come by the deadline fails', async () => {
  const { clock, result, open } = setUp();
  await clock.advance(500);
  open();
  await clock.advance(999);
  assert.is(clock.pending(), 1);
  await clock.advance(1);
  assert.is(told(await result), 'timeout_read');
  assert.is(clock.pending(), 0);
});

test('a server that closes in the TLS handshake fails, whatever the dialogue thinks of an end', async () => {
  const { result, handler } = setUp({ opened: () => 'wait', ended: () => ({ ok: true, detail: 'all was said' }) });
  handler.connected?.();
  handler.ended();
  const verdict = await result;
  assert.is(verdict.ok ? 'ok' : `${verdict.reason}: ${verdict.detail}`, 'protocol: closed in the TLS handshake');
});

test("a fault before the connection is ours when it came from this host, and the server's when the network sent it", async () => {
  const message = 'permission denied';
  assert.is(await failWith({ code: 'EACCES', message }), 'local');
  // ICMPv6 "administratively prohibited", the answer of a firewall that rejects.
  assert.is(await failWith({ code: 'EACCES', message, remote: true }), 'unreachable');
  // ICMP "protocol unreachable".
  assert.is(await failWith({ code: 'ENOPROTOOPT', message, remote: true }), 'unreachable');
  assert.is(await failWith({ code: 'ECONNREFUSED', message, remote: true }), 'refused');
});

test.run();
