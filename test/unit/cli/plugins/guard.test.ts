import * as assert from 'uvu/assert';
import { guardChecker } from '../../../../src/cli/plugins/guard.ts';
import type { CheckContext, Checker, CheckResult, CheckTarget } from '../../../../src/model/check.ts';
import type { Params } from '../../../../src/model/params.ts';
import type {
  Connection,
  ConnectionHandler,
  DatagramHandler,
  DatagramSocket,
  Datagrams,
} from '../../../../src/model/ports.ts';
import { blockValues } from '../../../../testing/block-values.ts';
import { makeConnection, makeContext } from '../../../../testing/check-context.ts';
import { VirtualClock } from '../../../../testing/virtual-clock.ts';
import { suite } from '../../../support/suite.ts';
import { fakeChecker, readText, realServer } from '../../config/read-text.ts';

const test = suite('cli/plugins/guard');
const passed: CheckResult = { ok: true, took: 1, detail: 'fine', weight: 65_535 };
const guard = (over: Partial<Checker>, params: Params = []) =>
  guardChecker(fakeChecker('MY_CHECK', params, over), '/etc/my.mjs');

test('keepalived does not know what comes from a plug-in', () => {
  assert.is(guard({}).ours, true);
});

function planFaults(over: Partial<Checker>): readonly string[] {
  const faults: string[] = [];
  const specs = guard(over).plan(blockValues([]), {} as CheckTarget, (severity, code, message) => {
    faults.push(`${severity} ${code}: ${message}`);
  });
  assert.equal(specs, faults.length > 0 ? [] : [{}]);
  return faults;
}

const cyclic: { self?: object } = {};
cyclic.self = cyclic;
for (const [title, over, fault] of [
  ['throws', { plan: boom }, 'boom'],
  ['gives no list', { plan: () => null as never }, 'plan gave no list'],
  ['gives a spec that is no data', { plan: () => [undefined] }, 'a spec of plan is no plain data'],
  [
    'does not say how long it takes',
    { plan: () => [{}], longest: () => Number.NaN },
    'longest gave NaN, no milliseconds',
  ],
  ['throws when asked how long it takes', { plan: () => [{}], longest: boom }, 'boom'],
] as const) {
  test(`a plug-in that ${title} is a fault of the configuration`, () => {
    assert.equal(planFaults(over), [`error plugin-bug: MY_CHECK of the plug-in /etc/my.mjs: ${fault}`]);
  });
}

test('a spec that cannot be written down is a fault, and one that can is given on', () => {
  assert.match(
    planFaults({ plan: () => [cyclic] }).join(),
    'error plugin-bug: MY_CHECK of the plug-in /etc/my.mjs: Conv',
  );
  assert.equal(planFaults({ plan: () => [{}] }), []);
});

test('words that a plug-in fails to read are a fault at their place, in blocks and lists too', () => {
  const row = (name: string, type: Params[number]['type']) => ({ name, doc: 'A row.', type });
  const entry = { syntax: 'WORD', read: boom };
  const params = [
    row('word', { kind: 'custom', ...entry }),
    row('list', { kind: 'list', entry }),
    row('block', { kind: 'block', params: [row('inner', { kind: 'custom', ...entry })] }),
  ];
  const block = 'MY_CHECK {\nword a\nlist {\nb\n}\nblock {\ninner c\n}\n}';
  const { diagnostics } = readText(realServer(block), { checkers: [guard({}, params)] });
  assert.equal(
    diagnostics.filter(({ code }) => code === 'bad-value').map(({ line, message }) => `${line}: ${message}`),
    [8, 10, 13].map(line => `${line}: The plug-in cannot read this: boom.`),
  );
});

async function check(over: Checker['check'], context: Partial<CheckContext> = {}): Promise<string> {
  const result = guard({ check: over }).check({}, makeContext({ clock, ...context }));
  return result.then(
    ({ detail }) => `settled: ${detail}`,
    (fault: Error) => fault.message,
  );
}
const clock = new VirtualClock();

test('a result is given on as it is', async () => {
  assert.is(await check(async () => passed), 'settled: fine');
});

for (const [result, fault] of [
  [undefined, 'check gave undefined, no result'],
  [{ ...passed, ok: 'yes' }, 'the result does not say whether it is ok'],
  [{ ...passed, took: -1 }, 'the result lacks took, its milliseconds'],
  [{ ok: true, took: 1 }, 'the result lacks detail, a text'],
  [{ ...passed, weight: 1.5 }, 'the weight is not a whole number, { delta } or { percent }'],
  [{ ...passed, weight: 65_536 }, 'the weight is not a whole number, { delta } or { percent }'],
  [{ ...passed, weight: { percent: '5' } }, 'the weight is not a whole number, { delta } or { percent }'],
  [{ ...passed, weight: { delta: 1, percent: 5 } }, 'the weight is not a whole number, { delta } or { percent }'],
  [{ ...passed, warning: 5 }, 'the warning of the result is no text'],
] as const) {
  test(`what is no result is a bug of the plug-in: ${fault}`, async () => {
    const given = async () => result as unknown as CheckResult;
    assert.is(await check(given), `MY_CHECK of the plug-in /etc/my.mjs: ${fault}`);
  });
}

test('a reason that is none of the closed list is a bug of the plug-in', async () => {
  const given = async () => ({ ok: false, took: 1, detail: '', reason: 'sick' }) as unknown as CheckResult;
  assert.match(await check(given), 'the reason sick is none of timeout_connect, ');
});

for (const event of ['connected', 'opened', 'data', 'ended', 'closed'] as const) {
  test(`what is thrown in ${event} rejects the check and closes the connection, and nothing else`, async () => {
    let closed = 0;
    const connection: Connection = { ...makeConnection(), close: () => closed++ };
    const fire = (handler: ConnectionHandler): void => {
      const events: Record<typeof event, () => void> = {
        connected: () => handler.connected?.(),
        opened: () => handler.opened(connection),
        data: () => handler.data(new Uint8Array()),
        ended: () => handler.ended(),
        closed: () => handler.closed(null),
      };
      events[event]();
    };
    const quiet = { opened: () => {}, data: () => {}, ended: () => {}, closed: () => {} };
    const connect: Checker['check'] = (_, context) => {
      context.sockets.connect({ address: '127.0.0.1', port: 1 }, null, { ...quiet, [event]: boom });
      return new Promise(() => {});
    };
    const later = {
      connect: (_: unknown, __: unknown, handler: ConnectionHandler) => {
        setImmediate(() => fire(handler));
        return connection;
      },
    };
    assert.match(await check(connect, { sockets: later }), /^boom/);
    assert.is(closed, 1);
  });
}

for (const event of ['opened', 'message', 'closed'] as const) {
  test(`what is thrown in ${event} of a datagram socket rejects the check and closes the socket`, async () => {
    let closed = 0;
    const socket: DatagramSocket = { send: () => {}, close: () => closed++ };
    const fire = (handler: DatagramHandler): void => {
      const events: Record<typeof event, () => void> = {
        opened: () => handler.opened(socket),
        message: () => handler.message(new Uint8Array()),
        closed: () => handler.closed(null),
      };
      events[event]();
    };
    const open: Checker['check'] = (_, context) => {
      const quiet = { opened: () => {}, message: () => {}, closed: () => {} };
      const to = { protocol: 'udp', address: '127.0.0.1', port: 1 } as const;
      context.datagrams.open(to, { ...quiet, [event]: boom });
      return new Promise(() => {});
    };
    const later: Datagrams = {
      open: (_, handler) => {
        setImmediate(() => fire(handler));
        return socket;
      },
    };
    assert.match(await check(open, { datagrams: later }), /^boom/);
    assert.is(closed, 1);
  });
}

test('what is thrown by a watch, at once or later, is told by the next check', async () => {
  const files = {
    read: async () => null,
    watch: (_: string, changed: () => void) => {
      const turn = setImmediate(changed);
      return () => clearImmediate(turn);
    },
  };
  for (const watch of [boom, (_: unknown, context: CheckContext) => void context.files.watch('/f', boom)]) {
    const checker = guard({ watch, check: async () => passed });
    const context = makeContext({ files });
    await new Promise<void>(wake => checker.watch?.({}, context, wake));
    const told = await checker.check({}, context).catch((fault: unknown) => fault);
    assert.match(told instanceof Error ? told.message : '', /^boom/);
  }
});

test('a checker without a watch has none, and one that works wakes its check', async () => {
  assert.is(guard({}).watch, undefined);
  const checker = guard({ watch: (_, __, wake) => wake(), check: async () => passed });
  const context = makeContext();
  await new Promise<void>(wake => checker.watch?.({}, context, wake));
  assert.equal(await checker.check({}, context), passed);
});

test('a check that never settles is a bug, and is aborted', async () => {
  let aborted = false;
  const result = check((_, { signal }) => {
    signal.addEventListener('abort', () => {
      aborted = true;
    });
    return new Promise(() => {});
  });
  await clock.advance(10_999);
  assert.is(aborted, false);
  await clock.advance(1);
  const fault = 'check did not settle within 11 s, longer than longest says';
  assert.is(await result, `MY_CHECK of the plug-in /etc/my.mjs: ${fault}`);
  assert.ok(aborted);
});

test('the end of the agent aborts a check as ever, and one that settled leaves no timer', async () => {
  const own = new VirtualClock();
  const controller = new AbortController();
  const abortable: Checker['check'] = (_, { signal }) =>
    new Promise(resolve => signal.addEventListener('abort', () => resolve({ ...passed, detail: 'aborted' })));
  const result = check(abortable, { clock: own, signal: controller.signal });
  controller.abort();
  assert.is(await result, 'settled: aborted');
  await own.advance(0);
  assert.is(own.pending(), 0);
});

test('what is thrown by a timer rejects the check', async () => {
  const result = check((_, context) => {
    context.clock.at(context.clock.now() + 10, boom);
    return new Promise(() => {});
  });
  await clock.advance(10);
  assert.match(await result, /^boom/);
});

function boom(): never {
  throw new Error('boom\nand more');
}

test.run();
