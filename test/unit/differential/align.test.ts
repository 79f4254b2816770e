import * as assert from 'uvu/assert';
import { compareTraces } from '../../differential/checking/align.ts';
import type { Channel, Trace } from '../../differential/checking/trace.ts';
import { suite } from '../../support/suite.ts';

const test = suite('differential/align');
const channels: readonly Channel[] = ['ipvs', 'fifo', 'script', 'mail', 'check'];
const outage: Trace = [
  { channel: 'ipvs', at: 0, text: 'ADD vs rr' },
  { channel: 'ipvs', at: 4, text: 'DELDEST vs rs1' },
  { channel: 'fifo', at: 4.01, text: 'RS rs1 vs DOWN' },
  { channel: 'fifo', at: 4.02, text: 'VS vs DOWN' },
  { channel: 'script', at: 4.02, text: 'down rs1' },
  { channel: 'script', at: 4.03, text: 'quorum_down' },
  { channel: 'mail', at: 4.1, text: 'rs1 - DOWN' },
  { channel: 'ipvs', at: 8, text: 'ADDDEST vs rs1' },
];
const compare = (theirs: Trace, ours: Trace): string[] =>
  compareTraces(theirs, ours, channels).map(({ kind, line }) => `${kind}: ${line}`);
const without = (index: number): Trace => outage.filter((_, place) => place !== index);
const shift = (index: number, seconds: number): Trace =>
  outage.map((event, place) => (place === index ? { ...event, at: event.at + seconds } : event));

test('a trace is equal to itself, and to one that is a little later', () => {
  assert.equal(compare(outage, outage), []);
  const later = outage.map(event => ({ ...event, at: event.at + 0.3 }));
  assert.equal(compare(outage, later), []);
});

test('whatever is missing is found, on either side', () => {
  for (const [index, { channel, text }] of outage.entries()) {
    assert.equal(compare(outage, without(index)), [`keepalived: ${channel} ${text}`]);
    assert.equal(compare(without(index), outage), [`checkalived: ${channel} ${text}`]);
  }
});

test('what is done twice is found', () => {
  assert.equal(compare(outage, [...outage.slice(0, 3), ...outage.slice(2)]), ['checkalived: fifo RS rs1 vs DOWN']);
});

test('what comes at another time is found', () => {
  assert.equal(compare(shift(1, 0.5), outage), ['later: ipvs DELDEST vs rs1']);
  assert.equal(compare(outage, shift(4, 0.5)), ['sooner: script down rs1']);
});

test('the very start may take its time, but not longer', () => {
  assert.equal(compare(outage, shift(0, 0.8)), []);
  assert.equal(compare(outage, shift(0, 1)), ['sooner: ipvs ADD vs rr']);
});

test('another order of commands or lines is found, that of scripts started at once is none', () => {
  const swap = (index: number): Trace => {
    const [one, other] = [outage[index], outage[index + 1]];
    return one && other ? outage.with(index, other).with(index + 1, one) : outage;
  };
  assert.is(compare(outage, swap(2)).length, 2);
  assert.equal(compare(outage, swap(4)), []);
});

test('another text is found', () => {
  const other = outage.with(6, { channel: 'mail', at: 4.1, text: 'rs1 - UP' });
  assert.equal(compare(outage, other), ['keepalived: mail rs1 - DOWN', 'checkalived: mail rs1 - UP']);
});

test('of several alike the one at the same time is taken', () => {
  const flap = (...times: readonly number[]): Trace =>
    times.map((at, index) => ({ channel: 'fifo', at, text: index % 2 === 0 ? 'DOWN' : 'UP' }));
  const found = compareTraces(flap(2, 4, 6, 8), flap(6, 8), channels);
  assert.equal(
    found.map(({ kind, keepalived }) => [kind, keepalived]),
    [
      ['keepalived', 2],
      ['keepalived', 4],
    ],
  );
});

test.run();
