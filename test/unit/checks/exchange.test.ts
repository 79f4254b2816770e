import * as assert from 'uvu/assert';
import type { ConnectionSpec } from '../../../checks/connect-params.ts';
import { type Dialogue, exchange } from '../../../checks/exchange.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import type { Connection, ConnectionHandler, SocketFault, Sockets, TlsOptions } from '../../../src/model/ports.ts';
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

/** A check over TLS whose connections, all of them shortened, do only what is said of them. */
function setUpShortened(
  dialogue: Dialogue,
  tls: TlsOptions = { serverName: null },
  shortened: Connection['shortened'] = true,
  to: ConnectionSpec = connection,
) {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const begun: { readonly tls: unknown; readonly handler: ConnectionHandler; readonly closed: unknown[] }[] = [];
  const sockets: Sockets = {
    connect(_, options, handler) {
      const closed: unknown[] = [];
      begun.push({ tls: options, handler, closed });
      return {
        ...makeConnection(),
        ...(shortened !== undefined && { shortened }),
        close: outcome => void closed.push(outcome),
      };
    },
  };
  const context = makeContext({ clock, sockets, signal: controller.signal });
  const result = exchange({ connection: to, tls }, dialogue, context);
  const at = (index: number) => {
    const found = begun[index];
    if (!found) throw new Error('it did not connect');
    return found;
  };
  return { clock, result, at, begun, abort: () => controller.abort() };
}
const repeatable: Dialogue = { ...content, again: () => repeatable };
const reset: SocketFault = { code: 'ECONNRESET', message: 'connection reset by peer' };

test('what fails over a shortened connection is tried once more, with deadlines of its own, and that counts', async () => {
  for (const last of ['ok', 'reset', 'timeout_tls'] as const) {
    const { clock, result, at, begun } = setUpShortened(repeatable);
    at(0).handler.connected?.();
    await clock.advance(600);
    at(0).handler.closed(reset);
    assert.is(begun.length, 2);
    await clock.advance(900);
    at(1).handler.connected?.();
    if (last === 'ok') {
      at(1).handler.opened(makeConnection());
      at(1).handler.data(new Uint8Array(1));
      at(1).handler.closed(null);
    } else if (last === 'reset') at(1).handler.closed(reset);
    else {
      await clock.advance(100);
      at(1).handler.closed(null);
    }
    const found = await result;
    assert.is(told(found), last);
    assert.is(found.took, last === 'timeout_tls' ? 1600 : 1500);
    assert.is(begun.length, 2);
    assert.is(clock.pending(), 0);
  }
});

test('a verdict within opened ends that connection, and the next has its time for connecting', async () => {
  const { clock, result, at, begun } = setUpShortened({
    ...repeatable,
    opened: () => ({ ok: false, reason: 'protocol', detail: 'not so' }),
  });
  at(0).handler.connected?.();
  await clock.advance(300);
  // As over Node's handles, which release the descriptor at once.
  const { closed, handler } = at(0);
  closed.push = () => {
    handler.closed(null);
    return 0;
  };
  handler.opened(makeConnection());
  assert.is(begun.length, 2);
  await clock.advance(999);
  assert.equal(at(1).closed, []);
  await clock.advance(1);
  at(1).handler.closed(null);
  assert.is(told(await result), 'timeout_connect');
});

test('neither what is refused nor what is late is tried once more', async () => {
  const refused = setUpShortened(repeatable);
  refused.at(0).handler.closed({ code: 'ECONNREFUSED', message: 'connection refused', remote: true });
  assert.is(told(await refused.result), 'refused');
  for (const reason of ['timeout_connect', 'timeout_tls', 'timeout_read']) {
    const { clock, result, at, begun } = setUpShortened(repeatable);
    if (reason !== 'timeout_connect') at(0).handler.connected?.();
    if (reason === 'timeout_read') at(0).handler.opened(makeConnection());
    await clock.advance(1000);
    assert.equal(at(0).closed, ['failed']);
    at(0).handler.closed(null);
    assert.is(told(await result), reason);
    assert.is(begun.length, 1);
  }
  const slow = setUpShortened(repeatable);
  slow.at(0).handler.connected?.();
  slow.at(0).handler.closed({ code: 'ETIMEDOUT', message: 'connection timed out' });
  assert.is(told(await slow.result), 'timeout_connect');
});

test('a server whose TLS 1.2 is not tried yet may hang of that, and has another time to answer', async () => {
  for (const reason of ['timeout_connect', 'timeout_tls', 'timeout_read']) {
    const { clock, result, at, begun } = setUpShortened(repeatable, { serverName: null }, 'untried');
    if (reason !== 'timeout_connect') at(0).handler.connected?.();
    if (reason === 'timeout_read') at(0).handler.opened(makeConnection());
    await clock.advance(1000);
    at(0).handler.closed(null);
    assert.is(begun.length, reason === 'timeout_connect' ? 1 : 2);
    if (reason !== 'timeout_connect') {
      at(1).handler.connected?.();
      at(1).handler.closed(reset);
    }
    assert.is(told(await result), reason === 'timeout_connect' ? reason : 'reset');
  }
});

test('what is aborted is not tried once more, and is no verdict', async () => {
  const early = setUpShortened(repeatable);
  early.at(0).handler.connected?.();
  early.abort();
  early.at(0).handler.closed(null);
  assert.is(told(await early.result), 'internal');
  assert.is(early.begun.length, 1);
  // It has failed, and its descriptor is not released yet.
  const late = setUpShortened(repeatable);
  late.at(0).handler.connected?.();
  late.at(0).handler.ended();
  late.abort();
  late.at(0).handler.closed(null);
  assert.is(told(await late.result), 'internal');
  assert.is(late.begun.length, 1);
  const second = setUpShortened(repeatable);
  second.at(0).handler.connected?.();
  second.at(0).handler.closed(reset);
  second.abort();
  assert.equal(second.at(1).closed, ['aborted']);
  second.at(1).handler.closed(null);
  assert.is(told(await second.result), 'internal');
});

test('a connection from a port that is given is not shortened: no other one can follow from there at once', () => {
  const to = { ...connection, localAddress: '127.0.0.1', localPort: 4711 };
  const { at } = setUpShortened(repeatable, { serverName: null, reuseSession: true }, false, to);
  assert.equal(at(0).tls, { serverName: null, reuseSession: false });
});

test('only a dialogue that can begin anew has its handshakes shortened, and not where sessions are not to be used', () => {
  const asked = (dialogue: Dialogue, tls: TlsOptions): unknown => setUpShortened(dialogue, tls).at(0).tls;
  const off: TlsOptions = { serverName: null, reuseSession: false };
  assert.equal(asked(repeatable, { serverName: null }), { serverName: null, reuseSession: true });
  assert.equal(asked(content, { serverName: null, reuseSession: true }), off);
  assert.equal(asked(repeatable, off), off);
});

test.run();
