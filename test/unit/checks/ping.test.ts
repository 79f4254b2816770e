import { Buffer } from 'node:buffer';
import * as assert from 'uvu/assert';
import { ping } from '../../../checks/ping.ts';
import type { CheckTarget } from '../../../src/model/check.ts';
import type { DatagramOptions, Datagrams } from '../../../src/model/ports.ts';
import { datagrams } from '../../../src/sys/datagrams.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { makeContext, makeTarget } from '../../../testing/check-context.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('ping check');

function plan(target: Partial<CheckTarget>, given: Readonly<Record<string, unknown>> = {}) {
  const faults: string[] = [];
  const [spec] = ping.plan(blockValues(ping.params, given), makeTarget(target), (_, code) => faults.push(code));
  if (spec === undefined) throw new Error(`no check: ${faults}`);
  return spec;
}

/** The one request that goes out. */
async function send(address: string, random: () => number): Promise<{ bytes: Buffer; to: DatagramOptions }> {
  const clock = new VirtualClock();
  let sent: { bytes: Buffer; to: DatagramOptions } | null = null;
  const silent: Datagrams = {
    open(to, handler) {
      const socket = {
        send: (bytes: Uint8Array) => {
          sent = { bytes: Buffer.from(bytes), to };
        },
        close: () => queueMicrotask(() => handler.closed(null)),
      };
      queueMicrotask(() => handler.opened(socket));
      return socket;
    },
  };
  const result = ping.check(plan({ address }), makeContext({ clock, random, datagrams: silent }));
  await clock.advance(5000);
  assert.is((await result).ok, false);
  if (sent === null) throw new Error('nothing was sent');
  return sent;
}

for (const address of ['127.0.0.1', '::1']) {
  test(`this host answers at ${address}`, async () => {
    const result = await ping.check(plan({ address }), makeContext({ datagrams }));
    assert.equal([result.ok, result.detail], [true, 'echo reply']);
  });
}

test('two pings at the same time do not take the reply of the other', async () => {
  const both = [0.1, 0.9].map(value =>
    ping.check(plan({ address: '127.0.0.1' }), makeContext({ datagrams, random: () => value })),
  );
  assert.equal(
    (await Promise.all(both)).map(({ ok }) => ok),
    [true, true],
  );
});

test('the request has 128 bytes of the text of keepalived, with random ones in the end', async () => {
  const { bytes, to } = await send('192.0.2.1', () => 0.999);
  assert.is(bytes.length, 8 + 128);
  assert.equal([...bytes.subarray(0, 8)], [8, 0, 0, 0, 0, 0, 255, 255]);
  assert.is(bytes.subarray(8, 46).toString(), 'keepalived check - keepalived check - ');
  assert.equal([...bytes.subarray(-8)], Array(8).fill(255));
  assert.is(to.protocol, 'icmp');
});

test('over IPv6 it is a request of ICMPv6', async () => {
  assert.is((await send('2001:db8::1', () => 0)).bytes[0], 128);
});

test('no port is needed, and none tells one check from another', () => {
  assert.equal(plan({ port: 0 }), plan({ port: 8080 }));
  assert.equal(plan({ port: 80 }), plan({ port: 80 }, { connect_port: 443 }));
});

test('what is no address of this host is no verdict', async () => {
  const spec = plan({ address: '127.0.0.1' }, { bindto: '192.0.2.1' });
  const result = await ping.check(spec, makeContext({ datagrams }));
  assert.is(result.ok ? 'ok' : result.reason, 'local');
});

test.run();
