import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { createTrafficReader } from '../../../src/ipvs/traffic.ts';
import type { Execute } from '../../../src/model/ports.ts';
import type { TrafficTable } from '../../../src/model/traffic.ts';
import { suite } from '../../support/suite.ts';

const test = suite('ipvs/traffic');
const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8');

/** Reads what ipvsadm answers with, and counts the turns. */
async function read(stats: string, listing: string, more: Partial<Awaited<ReturnType<Execute>>> = {}) {
  const calls: string[] = [];
  let turns = 0;
  const execute: Execute = async (file, args) => {
    calls.push([file, ...args].join(' '));
    return { code: 0, stdout: args.includes('--stats') ? stats : listing, stderr: '', ...more };
  };
  const takeTurn = async (): Promise<void> => {
    turns++;
  };
  const table = await createTrafficReader({ execute })(takeTurn);
  return { calls, turns, table };
}
const message = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no fault',
    (fault: Error) => fault.message,
  );
const head = 'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port\n  -> RemoteAddress:Port\n';
const plain = (table: TrafficTable) =>
  Object.fromEntries(
    [...table].map(([name, { own, destinations }]) => [name, [own, Object.fromEntries(destinations)]]),
  );
const none = { connections: 0, incomingPackets: 0, outgoingPackets: 0, incomingBytes: 0, outgoingBytes: 0 };
const idle = { ...none, active: 0, inactive: 0 };

// stats.txt and listing.txt are what ipvsadm 1.31 printed on Linux 6.1 after a few requests.
test('a table as the kernel printed it is read whole', async () => {
  const { calls, table } = await read(fixture('stats'), fixture('listing'));
  assert.equal(calls, ['ipvsadm -Ln --stats --exact', 'ipvsadm -Ln']);
  const counts = (connections: number, incomingPackets: number, outgoingPackets: number, bytes: [number, number]) => ({
    connections,
    incomingPackets,
    outgoingPackets,
    incomingBytes: bytes[0],
    outgoingBytes: bytes[1],
  });
  assert.equal(plain(table), {
    'tcp/10.9.0.100:0': [none, {}],
    'tcp/10.9.0.100:8080': [
      counts(5, 32, 30, [1794, 1990]),
      {
        '10.9.0.4:80': { ...counts(2, 13, 12, [728, 796]), active: 0, inactive: 2 },
        '10.9.0.5:80': { ...counts(3, 19, 18, [1066, 1194]), active: 0, inactive: 3 },
      },
    ],
    'udp/10.9.0.100:53': [none, {}],
    'sctp/10.9.0.100:53': [none, {}],
    'tcp/[fd00:9::100]:8080': [
      counts(1, 5, 0, [400, 0]),
      { '[fd00:9::4]:80': { ...counts(1, 5, 0, [400, 0]), active: 1, inactive: 0 } },
    ],
    'tcp/[2001:db8:1111:2222:3333:4444:5555:6666]:65535': [
      none,
      { '[2001:db8:1111:2222:3333:4444:5555:7777]:65535': idle },
    ],
    'fwmark/7': [none, { '10.9.0.5:0': idle }],
    'fwmark/7/inet6': [none, { '[fd00:9::5]:0': idle }],
  });
});

test('an empty table has nothing', async () => {
  assert.is((await read(head, head)).table.size, 0);
});

test('what comes or goes between the two listings does no harm', async () => {
  const gone = `${head}TCP  10.0.0.1:80      1  2  3  4  5\n  -> 10.0.0.2:80      1  2  3  4  5\n`;
  const come = `${head}TCP  10.0.0.9:80 rr\n  -> 10.0.0.3:80    Masq    1      7          8         \n`;
  const own = { connections: 1, incomingPackets: 2, outgoingPackets: 3, incomingBytes: 4, outgoingBytes: 5 };
  assert.equal(plain((await read(gone, come)).table), {
    'tcp/10.0.0.1:80': [own, { '10.0.0.2:80': { ...own, active: 0, inactive: 0 } }],
  });
});

test('ten thousand destinations are read in pieces', async () => {
  const lines = Array.from({ length: 10_000 }, (_, n) => `  -> 10.0.${n >> 8}.${n & 255}:80     ${n}   2   3   4   5`);
  const { turns, table } = await read([`${head}TCP  10.9.0.1:80   1  2  3  4  5`, ...lines, ''].join('\n'), head);
  assert.is(table.get('tcp/10.9.0.1:80')?.destinations.size, 10_000);
  assert.is(table.get('tcp/10.9.0.1:80')?.destinations.get('10.0.39.15:80')?.connections, 9_999);
  assert.ok(turns >= 25, `${turns} turns`);
});

test('a scaled number, or whatever else is new, is said and not guessed', async () => {
  const scaled = `TCP  10.0.0.1:80                    12M     2     3     4     5`;
  assert.is(
    await message(read(`${head}${scaled}\n`, head)),
    `ipvsadm printed a line that is not understood: ${scaled}`,
  );
  const odd = '  -> 10.0.0.2:80  1';
  assert.is(await message(read(head, `${head}${odd}\n`)), `ipvsadm printed a line that is not understood: ${odd}`);
});

test('a failure says what ipvsadm said', async () => {
  const stderr = "Can't initialize ipvs: Permission denied (you must be root)\n";
  const refused = 'ipvsadm -Ln --stats --exact failed (exit code 255, ';
  assert.is(await message(read('', '', { code: 255, stderr })), `${refused}${stderr.trim()})`);
  assert.is(await message(read('', '', { code: null })), 'ipvsadm -Ln --stats --exact failed (killed)');
});

test.run();
