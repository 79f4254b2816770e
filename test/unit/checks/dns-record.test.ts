import { Buffer } from 'node:buffer';
import { type Answer, decode, encode } from 'dns-packet';
import * as assert from 'uvu/assert';
import { readHeader, readRecords, writeQuery } from '../../../checks/dns-message.ts';
import { suite } from '../../support/suite.ts';

const test = suite('dns record');

/** As it is printed after it went over the wire. */
function print(record: Answer): string {
  const bytes = encode({ type: 'response', id: 1, answers: [record] });
  return readRecords(bytes)?.answer.join('\n') ?? 'unreadable';
}

const bytes = Buffer.from('00ff10', 'hex');
/** What dig prints of the same, its tabs as blanks; times of RRSIG are plain numbers. */
const records: readonly (readonly [Answer, string])[] = [
  [{ type: 'A', name: 'a.test', ttl: 60, data: '192.0.2.1' }, 'a.test. 60 IN A 192.0.2.1'],
  [{ type: 'AAAA', name: 'a.test', ttl: 60, data: '2001:db8::1' }, 'a.test. 60 IN AAAA 2001:db8::1'],
  [{ type: 'CNAME', name: 'a.test', ttl: 0, data: 'b.test' }, 'a.test. 0 IN CNAME b.test.'],
  [{ type: 'NS', name: '.', ttl: 1, data: 'a.root' }, '. 1 IN NS a.root.'],
  [{ type: 'PTR', name: 'x', ttl: 1, data: '.' }, 'x. 1 IN PTR .'],
  [{ type: 'MX', name: 'x', ttl: 1, data: { preference: 10, exchange: 'mx.test' } }, 'x. 1 IN MX 10 mx.test.'],
  [
    {
      type: 'SOA',
      name: 'x',
      ttl: 1,
      data: { mname: 'ns.x', rname: 'root.x', serial: 5, refresh: 4, retry: 3, expire: 2, minimum: 1 },
    },
    'x. 1 IN SOA ns.x. root.x. 5 4 3 2 1',
  ],
  [
    { type: 'SRV', name: '_x._tcp.y', ttl: 1, data: { priority: 1, weight: 2, port: 3, target: 't.y' } },
    '_x._tcp.y. 1 IN SRV 1 2 3 t.y.',
  ],
  [
    { type: 'TXT', name: 'x', ttl: 1, class: 'CH', data: ['one "two"', 'a\\b'] },
    'x. 1 CH TXT "one \\"two\\"" "a\\\\b"',
  ],
  [
    { type: 'CAA', name: 'x', ttl: 1, data: { flags: 0, tag: 'issue', value: 'ca.test' } },
    'x. 1 IN CAA 0 issue "ca.test"',
  ],
  [
    {
      type: 'NAPTR',
      name: 'x',
      ttl: 1,
      data: { order: 1, preference: 2, flags: 'S', services: 'SIP+D2U', regexp: '', replacement: 'y' },
    },
    'x. 1 IN NAPTR 1 2 "S" "SIP+D2U" "" y.',
  ],
  [
    { type: 'DS', name: 'x', ttl: 1, data: { keyTag: 1, algorithm: 8, digestType: 2, digest: bytes } },
    'x. 1 IN DS 1 8 2 00FF10',
  ],
  [
    { type: 'DNSKEY', name: 'x', ttl: 1, data: { flags: 257, algorithm: 8, key: bytes } },
    'x. 1 IN DNSKEY 257 3 8 AP8Q',
  ],
  [
    { type: 'TLSA', name: 'x', ttl: 1, data: { usage: 3, selector: 1, matchingType: 1, certificate: bytes } },
    'x. 1 IN TLSA 3 1 1 00FF10',
  ],
  [
    { type: 'SSHFP', name: 'x', ttl: 1, data: { algorithm: 1, hash: 1, fingerprint: 'AB'.repeat(20) } },
    `x. 1 IN SSHFP 1 1 ${'AB'.repeat(20)}`,
  ],
  [
    {
      type: 'RRSIG',
      name: 'x',
      ttl: 1,
      data: {
        typeCovered: 'A',
        algorithm: 8,
        labels: 2,
        originalTTL: 60,
        expiration: 20,
        inception: 10,
        keyTag: 7,
        signersName: 'x',
        signature: bytes,
      },
    },
    'x. 1 IN RRSIG A 8 2 60 20 10 7 x. AP8Q',
  ],
  [{ type: 'HINFO', name: 'x', ttl: 1, data: { cpu: 'PC', os: 'Linux' } }, 'x. 1 IN HINFO "PC" "Linux"'],
  [{ type: 'RP', name: 'x', ttl: 1, data: { mbox: 'm.x', txt: 't.x' } }, 'x. 1 IN RP m.x. t.x.'],
  [{ type: 'NSEC', name: 'x', ttl: 1, data: { nextDomain: 'y', rrtypes: ['A', 'MX'] } }, 'x. 1 IN NSEC y. A MX'],
  [{ type: 'DNAME', name: 'x', ttl: 1, data: 'y' }, 'x. 1 IN DNAME y.'],
  [{ type: 'NULL', name: 'x', ttl: 1, data: bytes }, 'x. 1 IN NULL \\# 3 00FF10'],
  [{ type: 'AFSDB', name: 'x', ttl: 1, data: Buffer.alloc(0) }, 'x. 1 IN AFSDB \\# 0'],
];

for (const [record, text] of records) test(`${record.type} is ${text}`, () => assert.is(print(record), text));

test('a type without a name has its number', () => {
  const record = encode({ type: 'response', id: 1, answers: [{ type: 'NULL', name: 'x', ttl: 1, data: bytes }] });
  record.writeUInt16BE(65_280, 12 + 3);
  assert.equal(readRecords(record)?.answer, ['x. 1 IN TYPE65280 \\# 3 00FF10']);
});

test('what is no message has no header, or no records', () => {
  assert.is(readHeader(new Uint8Array(11)), null);
  assert.equal(readHeader(Uint8Array.of(1, 2, 0x82, 0x05, 0, 0, 0, 0, 0, 0, 0, 0)), {
    id: 258,
    response: true,
    truncated: true,
    rcode: 5,
  });
  assert.is(readRecords(Uint8Array.of(0, 0, 0x80, 0, 0, 0, 0, 9, 0, 0, 0, 0)), null);
});

test('a message in the middle of a larger buffer is read from its own beginning', () => {
  const whole = Uint8Array.of(9, 9, 9, 1, 2, 0x80, 3, 0, 0, 0, 0, 0, 0, 0, 0);
  assert.is(readHeader(whole.subarray(3))?.rcode, 3);
  assert.is(readHeader(whole.subarray(3))?.id, 258);
});

test('a query for a numbered type and without recursion is what it says', () => {
  const query = decode(writeQuery({ type: 'TYPE12', name: 'x', class: 'CH', recursion: false }, 7));
  assert.equal([query.id, query.flag_rd, query.questions], [7, false, [{ type: 'PTR', name: 'x', class: 'CH' }]]);
});

test.run();
