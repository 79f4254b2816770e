import * as assert from 'uvu/assert';
import { IpvsWriter, type QueuedChange } from '../../../src/engine/ipvs-writer.ts';
import { vsId } from '../../../src/model/ids.ts';
import type { IpvsApplied, IpvsChange, IpvsDriver } from '../../../src/model/ipvs.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';

const test = suite('IpvsWriter');
const nothing: IpvsApplied = { outcomes: [], written: [], table: { services: [] } };

function setUp(apply: (changes: readonly IpvsChange[]) => Promise<IpvsApplied>, isBehind = () => false) {
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
  const writer = new IpvsWriter({ driver, clock, log, isBehind, audit: () => [] });
  return { clock, log, batches, writer };
}

function change(name: string, outcomes: unknown[]): QueuedChange {
  const settle: QueuedChange['settle'] = outcome => outcomes.push([name, outcome.ok]);
  return { virtualServer: vsId(name), desired: [], reason: 'test', settle };
}

/** So many changes, each when the one before it is written. */
function addRow(writer: IpvsWriter, count: number): void {
  if (count > 0) writer.add({ ...change(`${count}`, []), settle: () => addRow(writer, count - 1) });
}

/** As many commands as are written for the death of `count` servers. */
function commandsFor(count: number): IpvsApplied['written'] {
  const service = { kind: 'fwmark', fwmark: 1, family: 'inet' } as const;
  return Array.from({ length: count }, () => ({ service, text: '', operation: 'edit-destination', ok: true }) as const);
}

const allOkOf =
  (count: number) =>
  async (changes: readonly IpvsChange[]): Promise<IpvsApplied> => ({
    ...nothing,
    outcomes: changes.map(() => ({ ok: true })),
    written: commandsFor(count),
  });

/** Of more servers than die one after the other. */
const allOk = allOkOf(4);

/** The same, with more commands than a batch has of which all hear at once. */
const allOkOfMany = allOkOf(101);

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
  await clock.advance(125);
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
  addRow(writer, 4);
  await clock.advance(5);
  assert.is(batches.length, 2, 'the first two at once');
  for (let news = 0; news < 10; news++) {
    await clock.advance(49);
    if (news === 3) writer.add(change('meanwhile', outcomes));
    else writer.stir();
  }
  await clock.advance(9);
  assert.is(batches.length, 2, '499 ms are over');
  await clock.advance(1);
  assert.equal(
    batches.map(batch => batch.length),
    [1, 1, 2],
  );
  await clock.advance(370);
  assert.is(batches.length, 4);
  writer.add(change('later', outcomes));
  await clock.advance(5);
  assert.is(batches.length, 5, 'after a rest it begins anew');
});

test('servers that die one after the other do not wait for each other', async () => {
  const { clock, batches, writer } = setUp(allOkOf(1));
  for (let death = 1; death <= 20; death++) {
    writer.add(change(`${death}`, []));
    await clock.advance(5);
    assert.is(batches.length, death);
    await clock.advance(115);
  }
});

test('a batch that waits to be more goes soon after the last news', async () => {
  const { clock, batches, writer } = setUp(allOk);
  addRow(writer, 3);
  await clock.advance(65);
  writer.stir();
  await clock.advance(119);
  assert.is(batches.length, 2, 'the last news was 119 ms ago');
  await clock.advance(1);
  assert.is(batches.length, 3);
});

test('what virtual servers ask for once they have heard has waited already', async () => {
  const { clock, batches, writer } = setUp(allOk);
  addRow(writer, 2);
  await clock.advance(5);
  writer.add({
    ...change('heard', []),
    settle: () => {
      clock.stall(150);
      writer.add(change('next', []));
    },
  });
  // The third batch goes after 120 ms, and 150 ms later this is told.
  await clock.advance(120 + 150 + 10);
  assert.is(batches.length, 4);
});

test('after a batch that took long the next one waits to be more, the longer the longer it took', async () => {
  for (const [took, longest] of [
    [60, 0],
    [100, 800],
    [200, 1_600],
    [60_000, 2_000],
  ] as const) {
    let release = (): void => {};
    const { clock, batches, writer } = setUp(changes => new Promise(done => (release = () => done(allOk(changes)))));
    writer.add(change('first', []));
    await clock.advance(took + 5);
    writer.add(change('meanwhile', []));
    release();
    for (let time = 50; time <= longest; time += 50) {
      writer.stir();
      await clock.advance(49);
      assert.is(batches.length, 1, `${took} ms: ${time} ms`);
      await clock.advance(1);
    }
    writer.stir();
    await clock.advance(0);
    assert.is(batches.length, 2, `${took} ms`);
    release();
    await writer.idle();
  }
});

test('what is heard in the turn in which a batch would go is a part of it', async () => {
  const { clock, batches, writer } = setUp(allOk);
  addRow(writer, 3);
  await clock.advance(124);
  assert.is(batches.length, 2);
  // As of a socket: heard once the timer of the batch has run.
  clock.at(clock.now() + 1, () => writer.add(change('heard', [])));
  await clock.advance(1);
  assert.is(batches.length, 2);
  await clock.advance(120);
  assert.equal(sizes(batches), [1, 1, 2]);
});

test('at the end no change waits to be more', async () => {
  const { clock, batches, writer } = setUp(allOk);
  addRow(writer, 2);
  await clock.advance(5);
  writer.hurry();
  writer.add(change('stopping', []));
  await clock.advance(5);
  assert.is(batches.length, 3);
});

test('a batch that waits to be more waits for the checks that are due', async () => {
  let areDue = true;
  const { clock, batches, writer } = setUp(allOk, () => areDue);
  addRow(writer, 3);
  await clock.advance(200);
  assert.is(batches.length, 2, 'it has been quiet for long');
  areDue = false;
  await clock.advance(120);
  assert.is(batches.length, 3);
});

test('checks that never end keep a batch from going for no longer than it may wait', async () => {
  let turns = 0;
  const { clock, batches, writer } = setUp(allOk, () => {
    turns++;
    clock.stall(50);
    return true;
  });
  addRow(writer, 3);
  await clock.advance(5_000);
  await writer.idle();
  assert.is(batches.length, 3);
  // Of the 380 ms that are left; thirty turns would be 1.5 s.
  assert.ok(turns > 3 && turns <= 10, `${turns}`);
});

test('after a large batch the virtual servers hear of it one by one, and the checks that are due go between them', async () => {
  const heard: string[] = [];
  let due = 0;
  const { clock, writer } = setUp(allOkOfMany, () => {
    heard.push('check');
    return due-- > 0;
  });
  for (const name of ['a', 'b']) writer.add({ ...change(name, []), settle: () => heard.push(name) });
  due = 2;
  await clock.advance(10);
  await writer.idle();
  assert.equal(heard, ['check', 'check', 'check', 'a', 'check', 'b']);
});

test('checks that never end keep the virtual servers from hearing for a second at the most', async () => {
  const heard: string[] = [];
  let turns = 0;
  const { clock, writer } = setUp(allOkOfMany, () => {
    turns++;
    return true;
  });
  const names = Array.from({ length: 50 }, (_, index) => `${index}`);
  for (const name of names) {
    writer.add({
      ...change(name, []),
      settle: () => {
        heard.push(name);
        clock.stall(100);
      },
    });
  }
  await clock.advance(10_000);
  await writer.idle();
  assert.equal(heard, names);
  // Of the first ten; each of the others would have added as many.
  assert.is(turns, 290);
});

test('batches with a moment of nothing between them are in the same row', async () => {
  const { clock, batches, writer } = setUp(allOk);
  for (const name of ['a', 'b', 'c']) {
    writer.add(change(name, []));
    await clock.advance(50);
  }
  assert.is(batches.length, 2);
  await clock.advance(100);
  assert.is(batches.length, 3);
  await clock.advance(180);
  writer.add(change('d', []));
  await clock.advance(10);
  assert.is(batches.length, 3);
  await clock.advance(120);
  assert.is(batches.length, 4);
  await clock.advance(250);
  writer.add(change('later', []));
  await clock.advance(5);
  assert.is(batches.length, 5);
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

test('what is the first to be queued in a row is asked too, once it has waited to be more', async () => {
  const { clock, batches, writer } = setUp(allOk);
  for (const name of ['a', 'b']) {
    writer.add(change(name, []));
    await clock.advance(10);
  }
  writer.add({ ...change('gone', []), renew: () => false });
  await clock.advance(500);
  await writer.idle();
  assert.equal(
    batches.map(batch => batch.length),
    [1, 1],
  );
});

test('where all that waited was withdrawn nothing is written', async () => {
  const { clock, batches, writer } = setUp(allOk);
  writer.add({ ...change('first', []), settle: () => writer.add({ ...change('gone', []), renew: () => false }) });
  await clock.advance(1_000);
  await writer.idle();
  assert.is(batches.length, 1);
});

test('a bug in who renews a change is told, and neither that change nor those behind it are lost', async () => {
  const outcomes: unknown[] = [];
  const { clock, log, writer } = setUp(allOk);
  const renew = (): boolean => {
    throw new Error('no such state');
  };
  writer.add({
    ...change('first', outcomes),
    settle: () => {
      writer.add({ ...change('second', outcomes), renew });
      writer.add(change('third', outcomes));
    },
  });
  await clock.advance(1_000);
  assert.equal(outcomes, [
    ['second', true],
    ['third', true],
  ]);
  assert.match(log.lines.map(({ message }) => message).join(), /bug .*no such state/);
  await writer.idle();
});

test('an audit waits until nothing was written for a second', async () => {
  const { clock, batches, writer } = setUp(allOk);
  writer.add(change('a', []));
  await clock.advance(5);
  writer.audit();
  await clock.advance(900);
  writer.add(change('b', []));
  await clock.advance(1_004);
  assert.equal(sizes(batches), [1, 1]);
  await clock.advance(1 + 5);
  assert.equal(sizes(batches), [1, 1, 0]);
  assert.is(clock.pending(), 0);
});

test('an audit lets pass what checks have found that may become a change', async () => {
  const { clock, batches, writer } = setUp(allOk);
  await clock.advance(5_000);
  writer.expectChange();
  await clock.advance(100);
  writer.audit();
  await clock.advance(800);
  writer.expectChange();
  await clock.advance(999);
  assert.equal(sizes(batches), []);
  await clock.advance(1 + 5);
  assert.equal(sizes(batches), [0]);
});

test('after a rest an audit is made at once', async () => {
  const { clock, batches, writer } = setUp(allOk);
  writer.add(change('a', []));
  await clock.advance(2_000);
  writer.audit();
  await clock.advance(5);
  assert.equal(sizes(batches), [1, 0]);
});

test('changes without an end delay an audit by ten seconds at the most', async () => {
  const { clock, batches, writer } = setUp(allOk);
  const again = (): void => writer.add({ ...change('a', []), settle: again });
  again();
  await clock.advance(100);
  writer.audit();
  await clock.advance(9_990);
  assert.ok(!sizes(batches).includes(0));
  await clock.advance(500);
  assert.is(sizes(batches).filter(size => size === 0).length, 1);
  assert.is(sizes(batches).at(-1), 1, 'and the changes go on');
});

test('changes that come in the last moment before an audit go first', async () => {
  const { clock, batches, writer } = setUp(allOk);
  writer.audit();
  await clock.advance(4);
  writer.add(change('a', []));
  await clock.advance(500);
  assert.equal(sizes(batches), [1]);
  await clock.advance(600);
  assert.equal(sizes(batches), [1, 0]);
});

test('an audit is none of the batches after which the next one waits to be more', async () => {
  const releases: (() => void)[] = [];
  const { clock, batches, writer } = setUp(
    changes => new Promise(resolve => releases.push(() => resolve(allOk(changes)))),
  );
  writer.audit();
  await clock.advance(5);
  for (let round = 0; round < 2; round++) {
    writer.add(change(`${round}`, []));
    releases[round]?.();
    await clock.advance(0);
  }
  assert.equal(sizes(batches), [0, 1, 1]);
  releases[2]?.();
  await writer.idle();
});

test('what waited for an audit is asked for what is wanted by now', async () => {
  let release = (): void => {};
  const { clock, batches, writer } = setUp(
    changes =>
      new Promise(resolve => {
        release = () => resolve(allOk(changes));
      }),
  );
  writer.audit();
  await clock.advance(5);
  writer.add({ ...change('gone', []), renew: () => false });
  release();
  await writer.idle();
  assert.equal(sizes(batches), [0]);
});

test('an audit that is forgotten is not made, and nothing waits for it', async () => {
  const { clock, batches, writer } = setUp(allOk);
  writer.add(change('a', []));
  await clock.advance(5);
  writer.audit();
  await clock.advance(100);
  await writer.idle();
  writer.hurry();
  assert.is(clock.pending(), 0);
  await clock.advance(20_000);
  assert.equal(sizes(batches), [1]);
});

function sizes(batches: readonly (readonly IpvsChange[])[]): readonly number[] {
  return batches.map(batch => batch.length);
}

test.run();
