import { Buffer } from 'node:buffer';
import { type Answer, RECURSION_DESIRED, TRUNCATED_RESPONSE } from 'dns-packet';
import * as assert from 'uvu/assert';
import { dns } from '../../../checks/dns.ts';
import type { DnsSpec } from '../../../checks/dns-ask.ts';
import type { CheckResult } from '../../../src/model/check.ts';
import type { Sockets } from '../../../src/model/ports.ts';
import { datagrams } from '../../../src/sys/datagrams.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { blockValues } from '../../../testing/block-values.ts';
import { makeConnection, makeContext, makeTarget } from '../../../testing/check-context.ts';
import { startDatagramServer } from '../../../testing/datagram-server.ts';
import { startFaultServer } from '../../../testing/fault-server.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { type DnsReply, type DnsServer, startDnsServer } from '../../support/dns-server.ts';
import { suite } from '../../support/suite.ts';

const test = suite('dns check');
type Given = Readonly<Record<string, unknown>>;

function tryPlan(given: Given, port = 53): { readonly spec: DnsSpec | undefined; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const target = makeTarget({ address: '127.0.0.1', port });
  const [spec] = dns.plan(blockValues(dns.params, given), target, (_, code) => faults.push(code));
  return { spec, faults };
}

function plan(given: Given, port: number): DnsSpec {
  const { spec, faults } = tryPlan(given, port);
  if (spec === undefined) throw new Error(`no check: ${faults}`);
  return spec;
}

/** What the check says of a name server that answers so. */
async function ask(
  given: Given,
  reply: DnsReply | ((query: unknown, over: 'udp' | 'tcp') => DnsReply) = {},
): Promise<{ result: CheckResult; queries: ReturnType<DnsServer['queries']> }> {
  const server = await startDnsServer(typeof reply === 'function' ? reply : () => reply);
  try {
    const result = await dns.check(plan(given, server.port), makeContext({ datagrams, sockets }));
    return { result, queries: server.queries() };
  } finally {
    await server.close();
  }
}

function told(result: CheckResult): string {
  return result.ok ? 'up' : result.reason;
}

const a = (data: string, ttl = 3600): Answer => ({ type: 'A', name: 'example.com', ttl, data });
const transports = ['udp', 'tcp'] as const;
const names = { type: 'A', name: 'example.com' };

test('the query of a block without words is that of keepalived: any id, recursion, the SOA of the root, no EDNS', async () => {
  const { queries } = await ask({});
  assert.is(queries[0]?.bytes.toString('hex').slice(4), '010000010000000000000000060001');
});

test('names and types go out as written, with a trailing point or without', async () => {
  for (const name of ['www.example.com', 'www.example.com.', 'a.b']) {
    const { result, queries } = await ask({ type: 'AAAA', name });
    assert.ok(result.ok, result.detail);
    assert.equal(queries[0]?.query.questions, [{ type: 'AAAA', name: name.replace(/\.$/, ''), class: 'IN' }]);
  }
});

test('K11: the root is a legal name, and may be written', async () => {
  assert.is((await ask({ name: '.' })).result.detail, '. SOA: NOERROR');
});

test('what the library has no name for is asked for by number', async () => {
  const { queries } = await ask({ type: 'TYPE65', name: 'example.com' });
  assert.is(queries[0]?.bytes.subarray(-4).toString('hex'), '00410001');
});

for (const transport of transports) {
  test(`K11: over ${transport} code 3 fails by name, and code 0 without an answer passes`, async () => {
    const failed = (await ask({ ...names, transport }, { rcode: 3 })).result;
    assert.is(told(failed), 'dns');
    assert.is(failed.detail, 'example.com A: NXDOMAIN, expected NOERROR');
    assert.is((await ask({ ...names, transport })).result.detail, 'example.com A: NOERROR');
  });

  test(`B22: over ${transport} SERVFAIL fails unless it is expected`, async () => {
    assert.is(told((await ask({ transport }, { rcode: 2 })).result), 'dns');
    assert.is(told((await ask({ transport, expect_rcode: ['SERVFAIL', 'NXDOMAIN'] }, { rcode: 2 })).result), 'up');
  });

  test(`B20: over ${transport} codes and records are looked at`, async () => {
    const answered = { answers: [a('127.0.0.1')] };
    assert.is(told((await ask({ ...names, transport }, answered)).result), 'up');
    assert.is(
      told((await ask({ ...names, transport, expect_rcode: ['SERVFAIL', 'NXDOMAIN'] }, answered)).result),
      'dns',
    );
    const rules = { refuse_answer: [' 7200 '], expect_answer: [' 3600 '] };
    assert.is(told((await ask({ ...names, transport, ...rules }, answered)).result), 'up');
    assert.is(told((await ask({ ...names, transport, ...rules }, { answers: [a('127.0.0.1', 7200)] })).result), 'body');
    assert.is(told((await ask({ ...names, transport, expect_additional: [' 3600 '] }, answered)).result), 'body');
  });

  test(`B20: over ${transport} a server that only answers those who want recursion gives those who do not nothing`, async () => {
    const server = await startDnsServer(({ flags = 0 }) =>
      flags & RECURSION_DESIRED ? { answers: [a('127.0.0.1')] } : {},
    );
    try {
      const given = { ...names, transport, expect_answer: ['.'] };
      const check = (more: Given) =>
        dns.check(plan({ ...given, ...more }, server.port), makeContext({ datagrams, sockets }));
      assert.is(told(await check({})), 'up');
      assert.is(told(await check({ recursion: false })), 'body');
    } finally {
      await server.close();
    }
  });

  test(`B21: over ${transport} records of each section and class can be told`, async () => {
    const soa = { mname: 'ns.example.com', rname: 'root.example.com', serial: 1000, refresh: 1, retry: 2, expire: 3 };
    const told1 = async (given: Given, reply: DnsReply) => told((await ask({ transport, ...given }, reply)).result);
    const ns: Answer = { type: 'NS', name: 'example.com', ttl: 7200, data: 'ns.isp.net' };
    const referral = { authorities: [ns], additionals: [{ ...a('127.0.0.1'), name: 'ns.isp.net' }] };
    const ch = { type: 'TXT', name: 'version.bind', class: 'CH', ttl: 0, data: 'UNKNOWN' } as const;
    assert.is(
      await told1({ expect_answer: [' 1000 1 2 3 '] }, { answers: [{ type: 'SOA', name: '.', data: soa }] }),
      'up',
    );
    const version = {
      type: 'TXT',
      name: 'version.bind',
      class: 'CH',
      expect_answer: ['^version\\.bind\\. 0 CH TXT "'],
    };
    assert.is(await told1(version, { answers: [ch] }), 'up');
    assert.is(await told1(version, { answers: [{ ...ch, class: 'IN' }] }), 'body');
    assert.is(await told1({ expect_authority: ['ns.*\\.isp\\.net'] }, referral), 'up');
    assert.is(await told1({ expect_additional: ['^ns.*\\.isp'] }, referral), 'up');
    assert.is(await told1({ refuse_additional: ['^ns.*\\.isp'] }, referral), 'body');
    assert.is(await told1({ refuse_authority: ['ns.*\\.isp\\.net'] }, referral), 'body');
    const contradictory = { expect_answer: [' A '], refuse_answer: [' A '] };
    assert.is(await told1(contradictory, { answers: [a('127.0.0.1')] }), 'body');
    assert.is(await told1(contradictory, {}), 'body');
  });

  test(`B21: over ${transport} "not all of them" and "some of them" can be said of records`, async () => {
    const two = { answers: [a('127.0.0.1'), a('127.0.0.2')] };
    const judge = async (given: Given, reply: DnsReply) => told((await ask({ transport, ...given }, reply)).result);
    const notAll = { expect_answer: [' A (?!127\\.0\\.0\\.)'] };
    assert.is(await judge(notAll, two), 'body');
    assert.is(await judge(notAll, { answers: [...two.answers, a('10.0.0.1')] }), 'up');
    assert.is(await judge({ expect_answer: [' A 127\\.0\\.0\\.3$'] }, two), 'body');
    assert.is(await judge({ expect_answer: [' A 127\\.0\\.0\\.1$', ' A 127\\.0\\.0\\.2$'] }, two), 'up');
    assert.is(await judge({ refuse_answer: [' A (?!127\\.0\\.0\\.)'] }, two), 'up');
  });

  test(`L11: over ${transport} an address or a name is in the answer, or it fails`, async () => {
    const ptr: Answer = { type: 'PTR', name: '1.2.0.192.in-addr.arpa', ttl: 60, data: 'www.example.com' };
    const judge = async (pattern: string, answers: readonly Answer[]) =>
      (await ask({ transport, ...names, expect_answer: [pattern] }, { answers })).result;
    assert.ok((await judge(' A 192\\.0\\.2\\.1$', [a('192.0.2.7'), a('192.0.2.1')])).ok);
    const missing = await judge(' A 192\\.0\\.2\\.1$', [a('192.0.2.10')]);
    assert.is(missing.detail, 'answer: none of 1 records matches  A 192\\.0\\.2\\.1$');
    assert.ok((await judge(' PTR www\\.example\\.com\\.$', [ptr])).ok);
    assert.is(told(await judge(' PTR mail\\.', [ptr])), 'body');
  });
}

test('B22: a type that there is not and a code that there is not are refused when the file is read', () => {
  const read = (name: string, ...words: readonly string[]) => {
    const type = dns.params.find(param => param.name === name)?.type;
    const codes: string[] = [];
    const span = { file: 'x', line: 1, column: 1, length: 1 };
    if (type?.kind !== 'custom') throw new Error(`${name} has another type`);
    const value = type.read(
      words.map(text => ({ text, span })),
      code => void codes.push(code),
    );
    return [value, ...codes];
  };
  assert.equal(read('type', 'NOT_A_TYPE'), [undefined, 'bad-value']);
  assert.equal(read('type', 'TYPE65536'), [undefined, 'bad-value']);
  assert.equal(read('type', 'aaaa'), ['AAAA']);
  assert.equal(read('type', 'ptr'), ['PTR', 'newer-value']);
  assert.equal(read('expect_rcode', 'NOERROR', 'NOT_A_CODE'), [undefined, 'bad-value']);
  assert.equal(read('expect_rcode', 'noerror', 'NxDomain'), [['NOERROR', 'NXDOMAIN']]);
  assert.equal(read('expect_answer', 'a', 'b'), [undefined, 'bad-value']);
});

test('records that cannot be read fail only where they are to be looked at', async () => {
  const server = await startDatagramServer(query => {
    const reply = Buffer.from(query);
    reply[2] = 0x80;
    reply[7] = 200;
    return [reply];
  });
  try {
    const check = (given: Given) => dns.check(plan(given, server.port), makeContext({ datagrams }));
    assert.is(told(await check({})), 'up');
    assert.is(told(await check({ expect_answer: ['x'] })), 'protocol');
  } finally {
    await server.close();
  }
});

test('a truncated answer is asked for again over TCP where its records are looked at, and passes else', async () => {
  const reply = (_: unknown, over: 'udp' | 'tcp'): DnsReply =>
    over === 'udp' ? { flags: TRUNCATED_RESPONSE } : { answers: [a('127.0.0.1')] };
  const both = await ask({ ...names, expect_answer: [' 127\\.0\\.0\\.1$'] }, reply);
  assert.ok(both.result.ok, both.result.detail);
  assert.equal(
    both.queries.map(({ over }) => over),
    ['udp', 'tcp'],
  );
  const one = await ask(names, reply);
  assert.ok(one.result.ok, one.result.detail);
  assert.is(one.queries.length, 1);
  assert.is(told((await ask({ ...names, expect_answer: ['.'] }, { flags: TRUNCATED_RESPONSE })).result), 'protocol');
});

test('over TCP an answer may come byte by byte, and behind one that is of another query', async () => {
  const reply = (id: number): readonly number[] => [0, 12, 0, id, 0x81, 0x80, 0, 0, 0, 0, 0, 0, 0, 0];
  const server = await startFaultServer(socket => {
    socket.once('data', () => socket.write(Uint8Array.from([...reply(1), ...reply(0)])));
  });
  const dripping: Sockets = {
    connect: (to, tls, handler) =>
      sockets.connect(to, tls, {
        opened: connection => handler.opened(connection),
        data(bytes) {
          for (const byte of bytes) handler.data(Uint8Array.of(byte));
        },
        ended: () => handler.ended(),
        closed: fault => handler.closed(fault),
      }),
  };
  try {
    const spec = plan({ transport: 'tcp' }, server.port);
    assert.is(told(await dns.check(spec, makeContext({ random: () => 0, sockets: dripping }))), 'up');
  } finally {
    await server.close();
  }
});

test('over TCP a server that closes first fails', async () => {
  const server = await startFaultServer(socket => void socket.end());
  try {
    const result = await dns.check(plan({ transport: 'tcp' }, server.port), makeContext({ sockets }));
    assert.equal([told(result), result.detail], ['protocol', 'closed without an answer']);
  } finally {
    await server.close();
  }
});

test('it takes one deadline over UDP, two over TCP, and all three where a truncated answer can be', () => {
  const longest = (given: Given) => dns.longest(plan(given, 53));
  assert.equal(
    [{}, { transport: 'tcp' }, { expect_answer: ['x'] }, { transport: 'tcp', expect_answer: ['x'] }].map(longest),
    [5000, 10_000, 15_000, 10_000],
  );
});

test('a silent server behind a truncated answer takes both times, and no longer', async () => {
  const server = await startDatagramServer();
  const clock = new VirtualClock();
  try {
    let connects = (): void => {};
    const connecting = new Promise<void>(resolve => {
      connects = resolve;
    });
    const silent: Sockets = {
      connect(_, __, handler) {
        connects();
        return makeConnection(() => queueMicrotask(() => handler.closed(null)));
      },
    };
    const spec = plan({ expect_answer: ['x'] }, server.port);
    const result = dns.check(spec, makeContext({ clock, datagrams, sockets: silent }));
    await server.heard();
    await clock.advance(700);
    await server.say(Object.assign(Buffer.from(server.received()[0] ?? ''), { 2: 0x83 }));
    await connecting;
    await clock.advance(5000);
    assert.equal([told(await result), (await result).took], ['timeout_connect', 5700]);
  } finally {
    await server.close();
  }
});

test('a name that no name server could have is refused', () => {
  const long = 'x'.repeat(63);
  assert.equal(tryPlan({ name: `${long}.example.com` }).faults, []);
  assert.equal(tryPlan({ name: `${long}x.example.com` }).faults, ['dns-name']);
  assert.equal(tryPlan({ name: `${`${long}.`.repeat(4)}com` }).faults, ['dns-name']);
  assert.is(tryPlan({ name: `${long}x` }).spec, undefined);
});

test('a pattern that cannot be compiled is refused', () => {
  assert.equal(tryPlan({ refuse_authority: ['('] }).faults, ['bad-pattern']);
});

test.run();
