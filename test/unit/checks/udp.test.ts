import { Buffer } from 'node:buffer';
import * as assert from 'uvu/assert';
import { readHexString } from '../../../checks/hex-string.ts';
import { type UdpSpec, udp } from '../../../checks/udp.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import { datagrams } from '../../../src/sys/datagrams.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { makeContext, makeTarget } from '../../../testing/check-context.ts';
import { startDatagramServer } from '../../../testing/datagram-server.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';

const test = suite('udp check');
const hex = (text: string) => readHexString(text, true);

function plan(given: Readonly<Record<string, unknown>>, port = 80, address = '127.0.0.1'): UdpSpec {
  const faults: string[] = [];
  const target = makeTarget({ address, port });
  const [spec] = udp.plan(blockValues(udp.params, given), target, (_, code) => faults.push(code));
  if (spec === undefined) throw new Error(`no check: ${faults}`);
  return spec;
}

/** What the check says of a server that answers with these bytes, null = not at all, and what the server got. */
async function ask(given: Readonly<Record<string, unknown>>, reply: string | null, host = '127.0.0.1') {
  const server = await startDatagramServer(() => (reply === null ? [] : [Buffer.from(reply, 'hex')]), host);
  const clock = new VirtualClock();
  try {
    const running = udp.check(plan(given, server.port, host), makeContext({ clock, datagrams }));
    if (reply === null) {
      await server.heard();
      await clock.advance(5000);
    }
    return { result: await running, sent: server.received()[0] };
  } finally {
    await server.close();
  }
}

function told(result: CheckResult): string {
  return result.ok ? result.detail : `${result.reason}: ${result.detail}`;
}

test('K10: a payload of single and paired digits goes out as its bytes', async () => {
  const { sent } = await ask({ payload: hex('Ab12f 3 456 546443123') }, '00');
  assert.is(sent?.toString('hex'), 'ab120f0345065464431203');
});

test('without a payload 32 bytes of the text of keepalived go out', async () => {
  const { sent } = await ask({}, '00');
  assert.is(String(sent), 'keepalived check - keepalived ch');
});

test('K10: a reply must begin with the digits, of which x may be any', async () => {
  const given = { require_reply: hex('01 x2 3X xx 05') };
  for (const reply of ['0102300005', '01f23fff05', '0102300005ffff']) {
    assert.ok((await ask(given, reply)).result.ok, reply);
  }
  for (const [reply, fault] of [
    ['0202300005', 'byte 1 of the reply is another: "..0.."'],
    ['0103300005', 'byte 2 of the reply is another: "..0.."'],
    ['0102400005', 'byte 3 of the reply is another: "..@.."'],
    ['0102300006', 'byte 5 of the reply is another: "..0.."'],
  ] as const) {
    assert.is(told((await ask(given, reply)).result), `body: ${fault}`);
  }
});

test('a reply that is shorter than the digits fails, where keepalived compares what came', async () => {
  const { result } = await ask({ require_reply: hex('01 02') }, '01');
  assert.is(told(result), 'body: 1 byte in reply, expected 2 to compare');
  assert.is(
    told((await ask({ require_reply: hex('01 02') }, '')).result),
    'body: 0 bytes in reply, expected 2 to compare',
  );
});

test('K10: lengths that are written hold, with digits and without, and also for a reply that nobody requires', async () => {
  const limits = { min_reply_length: 2, max_reply_length: 3 };
  for (const given of [
    limits,
    { ...limits, require_reply: { bytes: [], mask: [] } },
    { ...limits, require_reply: hex('01') },
  ]) {
    assert.is(told((await ask(given, '01')).result), 'body: 1 byte in reply, expected at least 2');
    assert.is(told((await ask(given, '0102')).result), '2 bytes in reply');
    assert.is(told((await ask(given, '01020304')).result), 'body: 4 bytes in reply, expected at most 3');
  }
});

test('with digits a reply has at most 255 bytes unless it is said, and without as many as it likes', async () => {
  const long = '01'.repeat(256);
  assert.is(
    told((await ask({ require_reply: hex('01') }, long)).result),
    'body: 256 bytes in reply, expected at most 255',
  );
  assert.ok((await ask({ require_reply: hex('01'), max_reply_length: 256 }, long)).result.ok);
  assert.ok((await ask({ require_reply: { bytes: [], mask: [] } }, long)).result.ok);
  assert.ok((await ask({}, long)).result.ok);
});

test('K10: silence passes where no reply is required, is shown as unproven, and warned of', async () => {
  const { result } = await ask({}, null);
  const unproven = 'unproven: within 5 s nothing answered, and nothing refused';
  assert.equal(result, { ok: true, detail: unproven, warning: unproven, took: 5000 });
});

test('K10: silence fails where a reply is required', async () => {
  const { result } = await ask({ require_reply: { bytes: [], mask: [] } }, null);
  assert.is(told(result), 'timeout_read: no answer within 5 s');
});

test('it speaks IPv6', async () => {
  assert.is(told((await ask({ require_reply: hex('01') }, '01', '::1')).result), '1 byte in reply');
});

test('D02: the payload has the header of the PROXY protocol in front', async () => {
  const { sent } = await ask({ proxy_protocol: 'v1', payload: hex('01') }, '00');
  assert.is(sent?.toString('latin1'), 'PROXY UNKNOWN\r\n\x01');
});

test.run();
