import { Buffer } from 'node:buffer';
import { getEventListeners } from 'node:events';
import * as assert from 'uvu/assert';
import { type DatagramDialogue, exchangeDatagrams } from '../../../checks/datagram-exchange.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import type { DatagramHandler, DatagramOptions, Datagrams, SocketFault } from '../../../src/model/ports.ts';
import { makeContext } from '../../../testing/check-context.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('datagram exchange');
const connection = { address: '192.0.2.1', port: 53, timeout: 1000 };
const content: DatagramDialogue = { request: Buffer.from('hi'), message: () => ({ ok: true, detail: 'answered' }) };

/** One conversation over a socket that does only what `handler` is told. */
function setUp(
  dialogue: DatagramDialogue = content,
  to: Parameters<typeof exchangeDatagrams>[0]['connection'] = connection,
) {
  const clock = new VirtualClock();
  const sent: Buffer[] = [];
  let taken: { readonly options: DatagramOptions; readonly handler: DatagramHandler } | null = null;
  const datagrams: Datagrams = {
    open: (options, handler) => {
      taken = { options, handler };
      return { send: bytes => sent.push(Buffer.from(bytes)), close: () => queueMicrotask(() => handler.closed(null)) };
    },
  };
  const context = makeContext({ clock, datagrams });
  const result = exchangeDatagrams({ connection: to, protocol: 'udp' }, dialogue, context);
  const { handler, options } = taken as unknown as {
    readonly options: DatagramOptions;
    readonly handler: DatagramHandler;
  };
  const socket = { send: (bytes: Uint8Array) => void sent.push(Buffer.from(bytes)), close: () => {} };
  return { clock, result, handler, options, sent, open: () => handler.opened(socket) };
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
  clock.at(1000, () => handler.message(new Uint8Array(1)));
  await clock.advance(1000);
  assert.is(told(await result), 'ok');
  assert.is(clock.pending(), 0);
});

test('what a route or ICMP says is a failure, and what we cannot do ourselves is none', async () => {
  const fault = (code: string, remote?: true): SocketFault => ({ code, message: code, ...(remote && { remote }) });
  assert.is(await failWith(fault('ECONNREFUSED', true)), 'refused');
  for (const code of ['ENETUNREACH', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETDOWN']) {
    assert.is(await failWith(fault(code)), 'unreachable', code);
    assert.is(await failWith(fault(code, true)), 'unreachable', code);
  }
  for (const code of ['EACCES', 'ENOPROTOOPT', 'EPROTO', 'ENONET', 'EOPNOTSUPP']) {
    assert.is(await failWith(fault(code, true)), 'unreachable', code);
    assert.is(await failWith(fault(code)), 'local', code);
  }
  for (const code of ['EADDRNOTAVAIL', 'EMFILE', 'EINVAL', 'ENODEV'])
    assert.is(await failWith(fault(code)), 'local', code);
  // A firewall of our own, no room to send: the port calls that remote, for packets may be out.
  for (const code of ['EPERM', 'ENOBUFS', 'EMSGSIZE']) assert.is(await failWith(fault(code, true)), 'local', code);
});

test('a verdict is told once the socket is closed, and nothing is asked after it', async () => {
  let asked = 0;
  const dialogue: DatagramDialogue = {
    request: Buffer.from('hi'),
    message: () => {
      asked++;
      return { ok: false, reason: 'body', detail: 'no' };
    },
  };
  const { result, handler, open, sent } = setUp(dialogue);
  handler.message(new Uint8Array(1));
  handler.message(new Uint8Array(1));
  open();
  assert.is(told(await result), 'body');
  assert.is(asked, 1);
  assert.equal(sent, []);
});

test('what is over does not listen to the signal any more', async () => {
  const { signal } = new AbortController();
  const datagrams: Datagrams = {
    open: (_, handler) => {
      queueMicrotask(() => handler.message(new Uint8Array(1)));
      return { send: () => {}, close: () => queueMicrotask(() => handler.closed(null)) };
    },
  };
  await exchangeDatagrams({ connection, protocol: 'udp' }, content, makeContext({ signal, datagrams }));
  assert.is(getEventListeners(signal, 'abort').length, 0);
});

test('address, mark and the rest go to the socket', () => {
  const to = { ...connection, localAddress: '192.0.2.9', localPort: 1053, interface: 'eth0', mark: 7 };
  const { timeout, ...route } = to;
  const { options } = setUp(content, to);
  assert.equal({ ...options, timeout }, { ...route, timeout, protocol: 'udp' });
});

test('D02: the datagram has the header of the PROXY protocol in front', () => {
  for (const [version, header] of [
    ['v1', Buffer.from('PROXY UNKNOWN\r\n')],
    ['v2', Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex')],
  ] as const) {
    const { open, sent } = setUp(content, { ...connection, proxyProtocol: version });
    open();
    assert.equal(sent, [Buffer.concat([header, Buffer.from('hi')])]);
  }
});

test.run();
