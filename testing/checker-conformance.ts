import * as assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { CheckContext, Checker, CheckResult } from '../src/model/check.ts';
import type { Sockets } from '../src/model/ports.ts';
import { sockets } from '../src/sys/sockets.ts';
import { blockValues } from './block-values.ts';
import { makeConnection, makeContext, makeTarget } from './check-context.ts';
import { assertNoDescriptorLeft, listDescriptors } from './descriptors.ts';
import { answer, type FaultServer, findClosedPort, startFaultServer } from './fault-server.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Registers a test: that of node:test, vitest, mocha (`it`), uvu and the like. */
export type RegisterTest = (title: string, body: () => Promise<void>) => unknown;

/** What the kit has to know of a checker of a server behind a socket. */
export interface ConformanceSubject {
  readonly checker: Checker;
  /** Values of its block. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Those whose order counts. */
  readonly lines?: readonly (readonly [name: string, value: unknown])[];
  /** Distinguishes several subjects of one checker. */
  readonly title?: string;
  readonly tls: boolean;
  /** null = it is content with a connection. */
  readonly talk: {
    /** What a healthy server says, in turn; each but a greeting after the client's `until`. */
    readonly replies: readonly string[];
    readonly greets: boolean;
    readonly until: string;
  } | null;
}
type Run = (port: number, more?: Partial<CheckContext>) => Promise<CheckResult>;

const timeout = 1000;
/** Real milliseconds after which a duty hangs. */
const deadline = 5_000;

/** The duties of every checker with a socket, as tests of `test`. */
export function conform(test: RegisterTest, subject: ConformanceSubject): void {
  const { checker, talk, tls } = subject;
  const name = subject.title ?? checker.keyword;

  /** One case: a server that behaves as told, and no descriptor more afterwards than before. */
  const duty = (
    title: string,
    behave: (socket: Socket) => void,
    body: (kit: { run: Run; server: FaultServer; clock: VirtualClock; seen: Observed }) => Promise<void>,
    plain = false,
  ): unknown =>
    test(`${name} ${title}`, async () => {
      const before = listDescriptors();
      const server = await startFaultServer(behave, tls && !plain);
      const clock = new VirtualClock();
      const seen = observe(sockets);
      try {
        const run: Run = (port, more) => runOnce(subject, port, makeContext({ clock, sockets: seen, ...more }));
        await withDeadline(body({ run, server, clock, seen }));
        assert.strictEqual(clock.pending(), 0, 'a timer is left');
      } finally {
        await server.close();
      }
      await assertNoDescriptorLeft(before);
    });
  const healthy = talk ? answer(talk.replies, talk) : () => {};

  duty('passes a healthy server', healthy, async ({ run, server }) => {
    const result = await run(server.port);
    assert.ok(result.ok, result.detail);
    await server.released();
  });
  duty('fails where nothing listens', healthy, async ({ run }) => {
    assertFailure(await run(await findClosedPort()), 'refused');
  });
  duty('fails when no connection comes about in time', healthy, async ({ run, server, clock }) => {
    const result = run(server.port, { sockets: silentSockets });
    await clock.advance(timeout - 1);
    assert.strictEqual(clock.pending(), 1);
    await clock.advance(1);
    assertFailure(await result, 'timeout_connect');
  });
  duty('gives no verdict when its own loop was late', healthy, async ({ run, server }) => {
    const clock = lateClock(251);
    assertFailure(await run(server.port, { sockets: silentSockets, clock }), 'internal');
  });
  duty('gives no verdict when it cannot bind', healthy, async ({ run, server }) => {
    const unbound: Sockets = {
      connect: (to, options, handler) => sockets.connect({ ...to, localAddress: '192.0.2.1' }, options, handler),
    };
    assertFailure(await run(server.port, { sockets: unbound }), 'local');
  });
  duty('stops at once when it is aborted before', healthy, async ({ run, server }) => {
    assertFailure(await run(server.port, { signal: AbortSignal.abort() }), 'internal');
    assert.strictEqual(server.connections(), 0);
  });
  duty('stops at once when it is aborted while connecting', healthy, async ({ run, server }) => {
    const controller = new AbortController();
    const result = run(server.port, { sockets: silentSockets, signal: controller.signal });
    controller.abort();
    assertFailure(await result, 'internal');
  });
  duty('takes as long as it says, and never longer', healthy, async ({ run, server, clock }) => {
    const longest = checker.longest(planSpec(subject, server.port));
    const result = run(server.port, { sockets: lateSockets(clock) });
    await clock.advance(longest);
    const { took } = await result;
    assert.ok(took <= longest && took >= longest - 1, `${took} ms, not ${longest}`);
  });
  test(`${name} plans plain data`, async () => {
    const text = JSON.stringify(planSpec(subject, 80));
    assert.notStrictEqual(text, undefined, 'there is no check, or its spec is no data');
    assert.strictEqual(JSON.stringify(JSON.parse(text)), text);
  });
  if (tls) conformTls(duty);
  if (talk) conformTalk(duty, talk);
}

type Duty = (
  title: string,
  behave: (socket: Socket) => void,
  body: (kit: { run: Run; server: FaultServer; clock: VirtualClock; seen: Observed }) => Promise<void>,
  plain?: boolean,
) => void;

function conformTls(duty: Duty): void {
  duty(
    'fails when the TLS handshake hangs',
    () => {},
    async ({ run, server, clock, seen }) => {
      const result = run(server.port);
      await seen.next('connected');
      await clock.advance(timeout);
      assertFailure(await result, 'timeout_tls');
    },
    true,
  );
  duty(
    'fails when the port does not speak TLS',
    socket => socket.end('HTTP/1.0 400 Bad Request\r\n\r\n'),
    async ({ run, server }) => {
      assertFailure(await run(server.port), 'tls');
    },
    true,
  );
  duty(
    'fails when the connection is reset in the handshake',
    socket => void socket.once('data', () => socket.resetAndDestroy()),
    async ({ run, server }) => {
      assertFailure(await run(server.port), 'reset');
    },
    true,
  );
}

function conformTalk(duty: Duty, talk: NonNullable<ConformanceSubject['talk']>): void {
  const first = talk.replies[0] ?? '';
  const half = first.slice(0, first.length / 2);

  duty(
    'fails when the server accepts and hangs',
    () => {},
    async ({ run, server, clock, seen }) => {
      const result = run(server.port);
      await seen.next('opened');
      await clock.advance(timeout);
      assertFailure(await result, 'timeout_read');
    },
  );
  duty('fails when the server hangs amid its answer', answer([half], talk), async ({ run, server, clock, seen }) => {
    const result = run(server.port);
    await seen.next('data');
    await clock.advance(timeout);
    assertFailure(await result, 'timeout_read');
  });
  duty('fails when the connection is reset amid the answer', answer([half], talk), async ({ run, server, seen }) => {
    const result = run(server.port);
    await seen.next('data');
    server.reset();
    assertFailure(await result, 'reset');
  });
  duty(
    'fails when the server closes without an answer',
    socket => void socket.end(),
    async ({ run, server }) => {
      assertFailure(await run(server.port), 'protocol');
    },
  );
  duty('fails on garbage', answer(['\0\x01\xff ?\r\n?\r\n\r\n'], talk), async ({ run, server }) => {
    assertFailure(await run(server.port), 'protocol');
  });
  duty('fails on a huge answer without keeping it', answer(['x'.repeat(8_000_000)], talk), async ({ run, server }) => {
    assertFailure(await run(server.port), 'protocol');
    await server.released();
  });
  duty('stops at once when it is aborted midway', answer([half], talk), async ({ run, server, seen }) => {
    const controller = new AbortController();
    const result = run(server.port, { signal: controller.signal });
    await seen.next('data');
    controller.abort();
    assertFailure(await result, 'internal');
    await server.released();
  });
  duty(
    'passes an answer that comes byte by byte in time',
    () => {},
    async ({ run, server, seen }) => {
      const result = run(server.port);
      await seen.next('opened');
      for (const [index, reply] of talk.replies.entries()) {
        const asked = talk.greets ? index : index + 1;
        await server.heard(text => text.split(talk.until).length > asked);
        for (const byte of reply) {
          await server.say(byte);
          await seen.next('data');
        }
      }
      const { ok, detail } = await result;
      assert.ok(ok, detail);
    },
  );
  duty(
    'fails an answer whose bytes keep dripping past the deadline',
    () => {},
    async ({ run, server, clock, seen }) => {
      const result = run(server.port);
      await seen.next('opened');
      // Each byte comes well within the time, the answer as a whole does not.
      for (const byte of first.slice(0, 4)) {
        await server.say(byte);
        await seen.next('data');
        await clock.advance(timeout / 4);
      }
      assertFailure(await result, 'timeout_read');
    },
  );
}

/** What a check of this block gives against a server that does this to each connection. */
export async function runAgainst(
  behave: (socket: Socket) => void,
  checker: Checker,
  given: Readonly<Record<string, unknown>> = {},
): Promise<CheckResult> {
  const server = await startFaultServer(behave);
  const subject = { checker, given, tls: false, talk: null };
  try {
    return await withDeadline(runOnce(subject, server.port, makeContext({ sockets })));
  } finally {
    await server.close();
  }
}

function runOnce(subject: ConformanceSubject, port: number, context: CheckContext): Promise<CheckResult> {
  return subject.checker.check(planSpec(subject, port), context);
}

function planSpec({ checker, given, lines }: ConformanceSubject, port: number): unknown {
  const faults: string[] = [];
  const target = makeTarget({ address: '127.0.0.1', port, connectTimeout: timeout });
  const values = blockValues(checker.params, given, lines);
  const [spec] = checker.plan(values, target, (_, __, message) => faults.push(message));
  assert.deepStrictEqual(faults, []);
  return spec;
}

export function assertFailure(result: CheckResult, reason: string): void {
  assert.strictEqual(result.ok, false, result.detail);
  assert.strictEqual(result.ok ? 'ok' : result.reason, reason, result.detail);
  assert.ok(result.detail.length > 0 && result.detail.length < 200, `detail: ${result.detail}`);
}

/** Sockets that tell what happens on them. */
interface Observed extends Sockets {
  /** Resolves with the next event of that kind that was not waited for yet. */
  next(event: ObservedEvent): Promise<void>;
}
type ObservedEvent = 'connected' | 'opened' | 'data';

function observe(real: Sockets): Observed {
  const counts = { connected: 0, opened: 0, data: 0 };
  let wake = (): void => {};
  const tell = (event: ObservedEvent): void => {
    counts[event]++;
    wake();
  };
  return {
    connect: (to, tls, handler) =>
      real.connect(to, tls, {
        connected() {
          handler.connected?.();
          tell('connected');
        },
        opened(connection) {
          handler.opened(connection);
          tell('opened');
        },
        data(bytes) {
          handler.data(bytes);
          tell('data');
        },
        ended: () => handler.ended(),
        closed: fault => handler.closed(fault),
      }),
    async next(event) {
      while (counts[event] === 0) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
      counts[event]--;
    },
  };
}

/** Packets into a black hole. */
const silentSockets: Sockets = {
  connect: (_, __, handler) => makeConnection(() => queueMicrotask(() => handler.closed(null))),
};

/** A connection that comes at the last moment, and then says nothing. */
function lateSockets(clock: VirtualClock): Sockets {
  return {
    connect(_, __, handler) {
      const connection = makeConnection(() => queueMicrotask(() => handler.closed(null)));
      clock.at(clock.now() + timeout - 1, () => handler.opened(connection));
      return connection;
    },
  };
}

/** Whatever is due comes `late` milliseconds too late. */
export function lateClock(late: number): CheckContext['clock'] {
  let now = 0;
  return {
    now: () => now,
    wall: () => now,
    at(due, run) {
      const turn = setImmediate(() => {
        now = due + late;
        run();
      });
      return () => clearImmediate(turn);
    },
  };
}

export function withDeadline<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_, reject) => {
    const message = `nothing after ${deadline / 1000} s: the check did not settle, or kept its connection`;
    timer = setTimeout(() => reject(new Error(message)), deadline);
  });
  return Promise.race([work, hung]).finally(() => clearTimeout(timer));
}
