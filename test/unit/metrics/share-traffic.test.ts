import * as assert from 'uvu/assert';
import { shareTraffic } from '../../../src/metrics/share-traffic.ts';
import type { TrafficTable } from '../../../src/model/traffic.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';

const test = suite('metrics/share-traffic');

/** Each reading waits for its end, which the test gives. */
function setUp() {
  const clock = new VirtualClock();
  const log = new RecordingLog();
  const readings: { end(table: TrafficTable): void; fail(why: string): void }[] = [];
  const read = () =>
    new Promise<TrafficTable>((resolve, reject) => {
      readings.push({ end: resolve, fail: why => reject(new Error(why)) });
    });
  const see = shareTraffic({ read, clock, log });
  const lines = () => log.lines.map(({ level, message }) => `${level} ${message}`);
  return { clock, lines, readings, see: () => see(async () => {}) };
}
const table = (): TrafficTable => new Map();

test('scrapes at the same time share one reading', async () => {
  const { readings, see } = setUp();
  const both = Promise.all([see(), see()]);
  assert.is(readings.length, 1);
  const read = table();
  readings[0]?.end(read);
  const [one, two] = await both;
  assert.is(one, read);
  assert.is(two, read);
});

test('it is read no more than every three seconds', async () => {
  const { clock, readings, see } = setUp();
  const first = table();
  const seen = see();
  readings[0]?.end(first);
  await seen;
  await clock.advance(2_999);
  assert.is(await see(), first);
  assert.is(readings.length, 1);
  await clock.advance(1);
  const second = table();
  const again = see();
  readings[1]?.end(second);
  assert.is(await again, second);
});

test('a scrape waits a second for a reading that is slow, and has what was read before', async () => {
  const { clock, readings, see } = setUp();
  const first = table();
  const seen = see();
  readings[0]?.end(first);
  await seen;
  await clock.advance(10_000);
  const slow = see();
  await clock.advance(1_000);
  assert.is(await slow, first);
  // No second reading beside one that is under way.
  const later = see();
  await clock.advance(4_000);
  assert.is(await later, first);
  assert.is(readings.length, 2);
  await clock.advance(15_000);
  const last = see();
  await clock.advance(1_000);
  assert.is(await last, null, 'too old by now');
  assert.is(clock.pending(), 0);
});

test('a failure is no traffic, logged once until it is another or all is well again', async () => {
  const { clock, lines, readings, see } = setUp();
  const fail = async (why: string): Promise<void> => {
    await clock.advance(3_000);
    const seen = see();
    readings.at(-1)?.fail(why);
    assert.is(await seen, null);
  };
  await fail('spawn ipvsadm ENOENT');
  await fail('spawn ipvsadm ENOENT');
  assert.equal(lines(), ['info no metrics of the traffic through IPVS: spawn ipvsadm ENOENT']);
  await fail('no permission');
  assert.is(lines().length, 2);
  await clock.advance(3_000);
  const well = see();
  readings.at(-1)?.end(table());
  assert.ok(await well);
  await fail('no permission');
  assert.is(lines().length, 3);
});

test.run();
