import * as assert from 'uvu/assert';
import { IpvsWriter, type QueuedChange } from '../../../src/engine/ipvs-writer.ts';
import { vsId } from '../../../src/model/ids.ts';
import type { IpvsApplied, IpvsChange, IpvsDriver } from '../../../src/model/ipvs.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';

const test = suite('IpvsWriter');
const nothing: IpvsApplied = { outcomes: [], written: [], table: { services: [] } };

function setUp(apply: (changes: readonly IpvsChange[]) => Promise<IpvsApplied>) {
  const clock = new VirtualClock();
  const log = new RecordingLog();
  const batches: (readonly IpvsChange[])[] = [];
  const driver: IpvsDriver = {
    open: async () => {},
    read: async () => ({ services: [] }),
    flush: async () => {},
    setTimeouts: async () => {},
    apply: changes => {
      batches.push(changes);
      return apply(changes);
    },
  };
  const writer = new IpvsWriter({ driver, clock, log, audit: () => [] });
  return { clock, log, batches, writer };
}

function change(name: string, outcomes: unknown[]): QueuedChange {
  const settle: QueuedChange['settle'] = outcome => outcomes.push([name, outcome.ok]);
  return { virtualServer: vsId(name), desired: [], reason: 'test', settle };
}

const allOk = async (changes: readonly IpvsChange[]): Promise<IpvsApplied> => ({
  ...nothing,
  outcomes: changes.map(() => ({ ok: true })),
});

test('changes of a few milliseconds go to the driver in one batch', async () => {
  const outcomes: unknown[] = [];
  const { clock, batches, writer } = setUp(allOk);
  writer.add(change('a', outcomes));
  await clock.advance(3);
  writer.add(change('b', outcomes));
  await clock.advance(100);
  assert.equal(
    batches.map(batch => batch.length),
    [2],
  );
  assert.equal(outcomes, [
    ['a', true],
    ['b', true],
  ]);
});

test('what comes while a batch is under way waits for the next; batches never overlap', async () => {
  const outcomes: unknown[] = [];
  const releases: (() => void)[] = [];
  const { clock, batches, writer } = setUp(
    changes => new Promise(resolve => releases.push(() => resolve(allOk(changes)))),
  );
  writer.add(change('a', outcomes));
  await clock.advance(50);
  writer.add(change('b', outcomes));
  writer.add(change('c', outcomes));
  await clock.advance(500);
  assert.equal(
    batches.map(batch => batch.length),
    [1],
  );
  releases[0]?.();
  await clock.advance(0);
  assert.equal(
    batches.map(batch => batch.length),
    [1, 2],
  );
  releases[1]?.();
  await writer.idle();
  assert.is(outcomes.length, 3);
});

test('a driver that rejects fails every change of the batch, and says so once', async () => {
  const outcomes: unknown[] = [];
  const { clock, log, writer } = setUp(() => Promise.reject(new Error('ipvsadm is not installed')));
  writer.add(change('a', outcomes));
  writer.add(change('b', outcomes));
  await clock.advance(1100);
  writer.add(change('a', outcomes));
  await clock.advance(1100);
  assert.equal(outcomes, [
    ['a', false],
    ['b', false],
    ['a', false],
  ]);
  assert.is(log.lines.filter(line => line.level === 'error').length, 1);
  assert.match(writer.trouble()?.message ?? '', 'ipvsadm is not installed');
});

test('a change that is refused hears of it a second later, so that it is not tried again without a pause', async () => {
  const { clock, batches, writer } = setUp(() => Promise.reject(new Error('no')));
  const again = (): void =>
    writer.add({ virtualServer: vsId('a'), desired: [], reason: 'test', settle: ({ ok }) => ok || again() });
  again();
  await clock.advance(5_000);
  assert.is(batches.length, 5);
});

test('the trouble is over with the next batch that works', async () => {
  let broken = true;
  const { clock, log, writer } = setUp(changes => (broken ? Promise.reject(new Error('no')) : allOk(changes)));
  writer.add(change('a', []));
  await clock.advance(100);
  broken = false;
  writer.add(change('a', []));
  await clock.advance(100);
  assert.is(writer.trouble(), null);
  assert.match(log.lines.at(-1)?.message ?? '', 'can be written again');
});

test('a driver that does not answer is a trouble, until it does', async () => {
  let answer = (): void => {};
  const { clock, log, writer } = setUp(
    changes =>
      new Promise(resolve => {
        answer = () => resolve(allOk(changes));
      }),
  );
  writer.add(change('a', []));
  await clock.advance(10_000);
  assert.is(writer.trouble(), null);
  await clock.advance(1000);
  assert.match(writer.trouble()?.message ?? '', 'has not answered for 10 s');
  assert.is(log.lines.filter(line => line.level === 'error').length, 1);
  answer();
  await writer.idle();
  assert.is(writer.trouble(), null);
  assert.is(clock.pending(), 0);
});

test('what is written is logged with its reason', async () => {
  const key = { kind: 'fwmark', fwmark: 7, family: 'inet' } as const;
  const service = { key, scheduler: 'rr', schedulerFlags: [], onePacket: false, persistence: null };
  const written = [{ service: key, text: '-A -f 7 -s rr', operation: 'add-service', ok: true }] as const;
  const { clock, log, writer } = setUp(async () => ({ ...nothing, outcomes: [{ ok: true }], written }));
  writer.add({ ...change('a', []), desired: [{ service, absent: false, destinations: [] }], reason: 'start' });
  await clock.advance(100);
  assert.is(log.lines[0]?.message, 'ipvs: -A -f 7 -s rr # start');
});

test('what the audit puts right is a warning', async () => {
  const service = { kind: 'address', protocol: 'TCP', address: '10.0.0.1', port: 80 } as const;
  const add = { service, text: '-A -t 10.0.0.1:80 -s rr', operation: 'add-service' } as const;
  const written = [
    { ...add, ok: true },
    { ...add, text: 'refused', ok: false },
  ];
  const { clock, log, writer } = setUp(async () => ({ ...nothing, written }));
  writer.audit();
  await clock.advance(100);
  assert.equal(
    log.lines.map(line => line.level),
    ['warn'],
  );
  assert.match(log.lines[0]?.message ?? '', '-A -t 10.0.0.1:80 -s rr');
});

test('while many are dying the third batch and those after it wait to be more', async () => {
  const outcomes: unknown[] = [];
  const { clock, batches, writer } = setUp(allOk);
  const again = (left: number): QueuedChange => ({
    ...change(`${left}`, outcomes),
    settle: () => left > 0 && writer.add(again(left - 1)),
  });
  writer.add(again(3));
  await clock.advance(5);
  assert.is(batches.length, 2, 'the first two at once');
  for (let news = 0; news < 10; news++) {
    await clock.advance(34);
    if (news === 3) writer.add(change('meanwhile', outcomes));
    else writer.stir();
  }
  await clock.advance(9);
  assert.is(batches.length, 2, '349 ms are over');
  await clock.advance(1);
  assert.equal(
    batches.map(batch => batch.length),
    [1, 1, 2],
  );
  await clock.advance(350);
  assert.is(batches.length, 4);
  writer.add(change('later', outcomes));
  await clock.advance(5);
  assert.is(batches.length, 5, 'after a rest it begins anew');
});

test('a batch that waits to be more goes soon after the last news', async () => {
  const { clock, batches, writer } = setUp(allOk);
  const again = (left: number): QueuedChange => ({
    ...change(`${left}`, []),
    settle: () => left > 0 && writer.add(again(left - 1)),
  });
  writer.add(again(2));
  await clock.advance(65);
  writer.stir();
  await clock.advance(75);
  assert.is(batches.length, 2, 'there was news in the first 70 ms');
  await clock.advance(10);
  assert.is(batches.length, 3);
});

test('what has waited is asked for what is wanted by now', async () => {
  const { clock, batches, writer } = setUp(allOk);
  const asked: string[] = [];
  const renewable = (name: string, renew: () => boolean): QueuedChange => ({
    ...change(name, []),
    renew: () => {
      asked.push(name);
      return renew();
    },
  });
  writer.add({
    ...renewable('first', () => true),
    settle: () => {
      writer.add(renewable('stays', () => true));
      writer.add(renewable('gone', () => false));
      writer.add(
        renewable('old', () => {
          writer.add(change('new', []));
          return false;
        }),
      );
      writer.add(renewable('last', () => true));
    },
  });
  await clock.advance(10);
  assert.equal(asked, ['stays', 'gone', 'old', 'last']);
  assert.equal(
    batches.map(batch => batch.map(asked => ('virtualServer' in asked ? asked.virtualServer : null))),
    [['first'], ['stays', 'new', 'last']],
  );
});

test('where all that waited was withdrawn nothing is written', async () => {
  const { clock, batches, writer } = setUp(allOk);
  writer.add({ ...change('first', []), settle: () => writer.add({ ...change('gone', []), renew: () => false }) });
  await clock.advance(1_000);
  await writer.idle();
  assert.is(batches.length, 1);
});

test.run();
