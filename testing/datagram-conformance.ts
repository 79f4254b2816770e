import * as assert from 'node:assert/strict';
import type { Buffer } from 'node:buffer';
import type { CheckContext, Checker, CheckResult } from '../src/model/check.ts';
import type { Datagrams } from '../src/model/ports.ts';
import { datagrams } from '../src/sys/datagrams.ts';
import { blockValues } from './block-values.ts';
import { makeContext, makeTarget } from './check-context.ts';
import { assertFailure, lateClock, type RegisterTest, withDeadline } from './checker-conformance.ts';
import { type DatagramServer, findClosedDatagramPort, startDatagramServer } from './datagram-server.ts';
import { assertNoDescriptorLeft, listDescriptors } from './descriptors.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What the kit has to know of a checker that sends a datagram. */
export interface DatagramSubject {
  readonly checker: Checker;
  /** Values of its block. */
  readonly given: Readonly<Record<string, unknown>>;
  /** What a healthy server sends back. */
  readonly answer: (request: Buffer) => Uint8Array;
  /** Datagrams that are no answer, and not to be heeded; none = the first one is the answer, whatever it is. */
  readonly garbage: (request: Buffer) => readonly Uint8Array[];
  readonly silence: 'fails' | 'passes with a warning';
}
type Run = (more?: Partial<CheckContext>) => Promise<CheckResult>;
interface Kit {
  readonly run: Run;
  readonly server: DatagramServer;
  readonly clock: VirtualClock;
  readonly seen: Observed;
}

const timeout = 1000;

/**
 * The duties of every checker with a datagram socket, as tests of `test`, over real sockets. What goes out as ICMP goes
 * to a UDP server too: the answers of a kernel cannot be chosen.
 */
export function conformDatagrams(test: RegisterTest, subject: DatagramSubject): void {
  const { checker, answer, garbage, silence } = subject;

  /** One case: a server that answers as told, and no descriptor more afterwards than before. */
  const duty = (
    title: string,
    answers: (request: Buffer) => readonly Uint8Array[],
    body: (kit: Kit) => Promise<void>,
  ): unknown =>
    test(`${checker.keyword} ${title}`, async () => {
      const before = listDescriptors();
      const server = await startDatagramServer(answers);
      const clock = new VirtualClock();
      const seen = observe(overUdp(server.port));
      try {
        const check: Run = more => run(makeContext({ clock, datagrams: seen, ...more }));
        await withDeadline(body({ run: check, server, clock, seen }));
        assert.equal(clock.pending(), 0, 'a timer is left');
      } finally {
        await server.close();
      }
      await assertNoDescriptorLeft(before);
    });
  const run = (context: CheckContext): Promise<CheckResult> => checker.check(planSpec(subject), context);
  const healthy = (request: Buffer) => [answer(request)];
  const silent = () => [];

  duty('passes when it is answered', healthy, async ({ run: check, server }) => {
    const result = await check();
    assert.ok(result.ok, result.detail);
    assert.equal(result.warning, undefined);
    assert.equal(server.received().length, 1, 'one request');
  });
  duty('fails at once where ICMP says that nobody listens', silent, async ({ run: check }) => {
    const closed = await findClosedDatagramPort();
    assertFailure(await check({ datagrams: overUdp(closed) }), 'refused');
  });
  duty(`${silence === 'fails' ? 'fails' : silence} when nothing comes in time`, silent, async kit => {
    const result = kit.run();
    await kit.server.heard();
    await kit.clock.advance(timeout - 1);
    assert.equal(kit.clock.pending(), 1);
    await kit.clock.advance(1);
    assertSilence(await result, silence);
  });
  duty('gives no verdict when its own loop was late', silent, async ({ run: check }) => {
    assertFailure(await check({ clock: lateClock(251) }), 'internal');
  });
  duty('gives no verdict when it cannot bind', healthy, async ({ run: check, server }) => {
    const unbound: Datagrams = {
      open: (to, handler) => datagrams.open({ ...to, protocol: 'udp', localAddress: '192.0.2.1' }, handler),
    };
    assertFailure(await check({ datagrams: unbound }), 'local');
    assert.equal(server.received().length, 0);
  });
  duty('sends nothing when it is aborted before', healthy, async ({ run: check, server }) => {
    assertFailure(await check({ signal: AbortSignal.abort() }), 'internal');
    assert.equal(server.received().length, 0);
  });
  duty('stops at once when it is aborted before the socket is open', healthy, async ({ run: check, server }) => {
    const controller = new AbortController();
    const result = check({ signal: controller.signal });
    controller.abort();
    assertFailure(await result, 'internal');
    assert.equal(server.received().length, 0);
  });
  duty('stops at once when it is aborted while it waits', silent, async ({ run: check, server }) => {
    const controller = new AbortController();
    const result = check({ signal: controller.signal });
    await server.heard();
    controller.abort();
    assertFailure(await result, 'internal');
  });
  duty('takes as long as it says, and never longer', silent, async ({ run: check, server, clock }) => {
    const longest = checker.longest(planSpec(subject));
    const result = check();
    await server.heard();
    await clock.advance(longest);
    assert.equal((await result).took, longest);
  });
  duty('asks with other bytes each time, if at all it tells its answer from others', healthy, async kit => {
    let next = 0;
    const random = (): number => (next++ % 7) / 7;
    await kit.run({ random });
    await kit.run({ random });
    const [first, second] = kit.server.received();
    assert.equal(first?.equals(second ?? first), garbage(first ?? none).length === 0);
  });
  if (garbage(none).length === 0) return;
  duty('does not heed what is no answer, and fails in the end', garbage, async ({ run: check, clock, seen }) => {
    const result = check();
    await seen.messages(garbage(none).length);
    await clock.advance(timeout - 1);
    assert.equal(clock.pending(), 1, 'it gave a verdict on garbage');
    await clock.advance(1);
    assertSilence(await result, 'fails');
  });
  duty(
    'passes when the answer comes behind what is none',
    request => [...garbage(request), answer(request)],
    async ({ run: check }) => {
      const result = await check();
      assert.ok(result.ok, result.detail);
    },
  );
}

const none = new Uint8Array(256) as Buffer;

function planSpec({ checker, given }: DatagramSubject): unknown {
  const faults: string[] = [];
  const target = makeTarget({ address: '127.0.0.1', port: 9, connectTimeout: timeout });
  const [spec] = checker.plan(blockValues(checker.params, given), target, (_, __, message) => faults.push(message));
  assert.deepEqual(faults, []);
  return spec;
}

function assertSilence(result: CheckResult, silence: DatagramSubject['silence']): void {
  if (silence === 'fails') {
    assertFailure(result, 'timeout_read');
  } else {
    assert.ok(result.ok, result.detail);
    assert.match(result.warning ?? '', /^unproven/);
  }
}

function overUdp(port: number): Datagrams {
  return { open: (to, handler) => datagrams.open({ ...to, protocol: 'udp', port }, handler) };
}

/** Datagrams that tell when some have come. */
interface Observed extends Datagrams {
  messages(count: number): Promise<void>;
}

function observe(real: Datagrams): Observed {
  let count = 0;
  let wake = (): void => {};
  return {
    open: (to, handler) =>
      real.open(to, {
        opened: socket => handler.opened(socket),
        message(bytes) {
          handler.message(bytes);
          count++;
          wake();
        },
        closed: fault => handler.closed(fault),
      }),
    async messages(expected) {
      while (count < expected) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    },
  };
}
