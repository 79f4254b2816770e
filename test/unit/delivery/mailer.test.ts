import * as assert from 'uvu/assert';
import { createMailer, type Mailer } from '../../../src/delivery/mailer.ts';
import type { Config } from '../../../src/model/config.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';
import { recordLog } from '../store/support.ts';
import { delivered, fakeStore, fakeTransport, mailOf, makeConfig, serverDown, start } from './support.ts';

const test = suite('mailer');
let clock = new VirtualClock();
let log = recordLog();
let store = fakeStore();
let transport = fakeTransport();

test.beforeEach(() => {
  clock = new VirtualClock();
  log = recordLog();
  store = fakeStore();
  transport = fakeTransport();
});

function create(config: Config = makeConfig()): Mailer {
  const createTransport = ({ globals }: Config) => (globals.smtpServer ? transport : null);
  return createMailer(config, { clock, log, store, random: () => 0.5, createTransport });
}

test('a few changes are collected for the window and then sent one by one, in order', async () => {
  const mailer = create();
  mailer.send(mailOf('1'));
  await clock.advance(4_999);
  mailer.send(mailOf('2'));
  assert.is(transport.tries.length, 0);
  await clock.advance(1);
  assert.equal(
    transport.sent.map(mail => mail.subject),
    [mailOf('1').subject, mailOf('2').subject],
  );
  assert.equal(
    store.updates,
    ['1', '2'].map(id => ({ id, outcome: 'delivered', attempts: 1, nextAttempt: null, detail: '250 ok' })),
  );
  assert.is(mailer.waiting(), 0);
  assert.is(clock.pending(), 0);
});

test('more than a handful become one mail, and each change is told to be grouped, then delivered', async () => {
  const mailer = create();
  for (let id = 1; id <= 6; id++) mailer.send(mailOf(String(id)));
  await clock.advance(5_000);
  assert.equal(
    transport.sent.map(mail => mail.subject),
    ['[lvs1] 6 changes: 0 up, 6 down'],
  );
  assert.equal(
    store.updates.filter(update => update.id === '6').map(({ outcome, attempts }) => [outcome, attempts]),
    [
      ['grouped', 0],
      ['delivered', 1],
    ],
  );
});

test('a server that is down for an hour: one probe at a time, one line in the log, and then everything once', async () => {
  transport.answer = () => serverDown;
  const mailer = create();
  for (const id of ['1', '2', '3']) mailer.send(mailOf(id));
  await clock.advance(5_000);
  assert.is(transport.tries.length, 1, 'the other two do not knock at a closed door');
  assert.is(mailer.trouble()?.since, start + 5_000);
  assert.is(mailer.trouble()?.message, 'The mail server does not take mails (connect ECONNREFUSED); 3 wait.');
  assert.equal(store.last('1'), {
    id: '1',
    outcome: 'failed',
    attempts: 1,
    nextAttempt: start + 10_000,
    detail: 'connect ECONNREFUSED',
  });
  await clock.advance(1_800_000);
  for (let id = 10; id < 30; id++) mailer.send(mailOf(String(id), 'UP', clock.wall()));
  await clock.advance(1_795_000);
  assert.ok(transport.tries.length <= 20, `${transport.tries.length} probes in an hour`);
  assert.is(new Set(transport.tries.map(mail => mail.id)).size, 1);
  assert.is(log.lines.length, 1);
  transport.answer = () => delivered;
  await clock.advance(300_000);
  assert.equal(
    transport.sent.map(mail => mail.subject),
    [...['1', '2', '3'].map(id => mailOf(id).subject), '[lvs1] 20 changes: 20 up, 0 down'],
  );
  assert.is(mailer.trouble(), null);
  assert.equal(log.lines.slice(1), ['The mail server takes mails again.']);
  assert.is(mailer.waiting(), 0);
});

test('a mail that is put off does not hold up the others', async () => {
  transport.answer = mail =>
    mail.id === '1' && transport.tries.length < 3
      ? { kind: 'failed', retry: 'message', detail: '451 later' }
      : delivered;
  const mailer = create();
  mailer.send(mailOf('1'));
  mailer.send(mailOf('2'));
  await clock.advance(5_000);
  assert.equal(
    transport.sent.map(mail => mail.id),
    ['2'],
  );
  assert.is(mailer.trouble(), null);
  assert.is(store.last('1')?.nextAttempt, start + 10_000);
  await clock.advance(5_000);
  assert.equal(
    transport.sent.map(mail => mail.id),
    ['2', '1'],
  );
  assert.equal(store.last('1'), { id: '1', outcome: 'delivered', attempts: 2, nextAttempt: null, detail: '250 ok' });
});

test('a mail that is refused for good is not tried again', async () => {
  transport.answer = () => ({ kind: 'failed', retry: 'never', detail: '550 no such user' });
  const mailer = create();
  mailer.send(mailOf('1'));
  await clock.advance(3_600_000);
  assert.is(transport.tries.length, 1);
  assert.equal(store.last('1'), {
    id: '1',
    outcome: 'failed',
    attempts: 1,
    nextAttempt: null,
    detail: '550 no such user',
  });
  assert.is(mailer.waiting(), 0);
  assert.is(log.lines.length, 1);
});

test('a mail is given up after mail_give_up', async () => {
  transport.answer = () => serverDown;
  const mailer = create(makeConfig({ mailGiveUp: 3_600_000 }));
  mailer.send(mailOf('1'));
  await clock.advance(3_500_000);
  assert.is(store.last('1')?.outcome, 'failed');
  mailer.send(mailOf('2', 'UP', clock.wall()));
  await clock.advance(600_000);
  assert.is(store.last('1')?.outcome, 'given-up');
  assert.is(store.last('2')?.outcome, 'failed');
  assert.is(mailer.waiting(), 1);
  await clock.advance(3_600_000);
  assert.is(store.last('2')?.outcome, 'given-up');
  assert.is(mailer.waiting(), 0);
  assert.is(clock.pending(), 0);
});

test('what an earlier life owed is sent, its attempts are counted on, and scripts are left alone', async () => {
  const mailer = create();
  const state = { outcome: 'failed' as const, attempts: 3, nextAttempt: start + 60_000, detail: 'down' };
  mailer.resume([
    { ...mailOf('1'), ...state },
    { ...mailOf('2'), ...state, channel: 'script' },
  ]);
  await clock.advance(5_000);
  assert.equal(
    transport.sent.map(mail => mail.id),
    ['1'],
  );
  assert.is(store.last('1')?.attempts, 4);
  assert.is(store.last('2'), undefined);
});

test('a reload brings another server, which is tried at once', async () => {
  transport.answer = () => serverDown;
  const mailer = create();
  mailer.send(mailOf('1'));
  await clock.advance(600_000);
  transport.answer = () => delivered;
  const before = transport.tries.length;
  mailer.configure(makeConfig());
  await clock.advance(0);
  assert.is(transport.tries.length, before + 1);
  assert.is(transport.sent.length, 1);
});

test('without a mail server what is owed waits for one', async () => {
  const mailer = create(makeConfig({}, { smtpServer: null }));
  mailer.send(mailOf('1'));
  await clock.advance(60_000);
  assert.is(mailer.waiting(), 1);
  assert.is(transport.tries.length, 0);
  mailer.configure(makeConfig());
  await clock.advance(0);
  assert.is(transport.sent.length, 1);
  const none = create(makeConfig({}, { smtpServer: null }));
  none.send(mailOf('1'));
  await none.close(1_500);
});

test('close sends what was collected without waiting for the window', async () => {
  const mailer = create();
  mailer.send(mailOf('1'));
  mailer.send(mailOf('2'));
  await mailer.close(1_500);
  assert.equal(
    transport.sent.map(mail => mail.id),
    ['1', '2'],
  );
  assert.is(clock.pending(), 0);
  mailer.send(mailOf('3'));
  assert.is(clock.pending(), 0, 'and takes nothing after that');
});

test('a server that hangs does not hold up the close, and the mail stays in the outbox', async () => {
  let aborted = false;
  transport.answer = (_, signal) =>
    new Promise(resolve => {
      signal.addEventListener('abort', () => {
        aborted = true;
        resolve({ kind: 'failed', retry: 'server', detail: 'broken off' });
      });
    });
  const mailer = create();
  mailer.send(mailOf('1'));
  mailer.send(mailOf('2'));
  let closed = false;
  const closing = mailer.close(1_500).then(() => {
    closed = true;
  });
  await clock.advance(1_499);
  assert.is(closed, false);
  await clock.advance(1);
  await closing;
  await clock.advance(0);
  assert.ok(aborted);
  assert.is(transport.tries.length, 1);
  assert.equal(store.updates, []);
  assert.is(clock.pending(), 0);
});

test('close gives a server that is down one more try and no second', async () => {
  transport.answer = () => serverDown;
  const mailer = create();
  for (const id of ['1', '2', '3']) mailer.send(mailOf(id));
  await clock.advance(5_000);
  await mailer.close(1_500);
  assert.is(transport.tries.length, 2);
  assert.is(clock.pending(), 0);
});

test('an attempt that never ends is broken off', async () => {
  transport.answer = (_, signal) =>
    new Promise(resolve =>
      signal.addEventListener('abort', () => resolve({ kind: 'failed', retry: 'message', detail: 'broken off' })),
    );
  const mailer = create();
  mailer.send(mailOf('1'));
  await clock.advance(5_000);
  transport.answer = () => delivered;
  await clock.advance(130_000);
  assert.is(transport.sent.length, 1);
});

test('each attempt is told with what became of it', async () => {
  const told: unknown[] = [];
  const observer = { attempted: (...each: unknown[]) => void told.push(each) };
  const mailer = createMailer(makeConfig(), {
    clock,
    log,
    store,
    random: () => 0.5,
    createTransport: () => transport,
    observer,
  });
  transport.answer = () => serverDown;
  mailer.send(mailOf('1'));
  await clock.advance(5_000);
  assert.equal(told.splice(0), [['smtp', 'failed', 0]]);
  transport.answer = () => ({ kind: 'failed', retry: 'never', detail: '550 no' });
  await clock.advance(600_000);
  assert.equal(told.splice(0), [['smtp', 'given_up', 0]]);
  transport.answer = () => delivered;
  mailer.send(mailOf('2'));
  await clock.advance(5_000);
  assert.equal(told.splice(0), [['smtp', 'delivered', 0]]);
  transport.answer = () => serverDown;
  mailer.send(mailOf('3'));
  await clock.advance(300_000_000);
  assert.equal(told.at(-1), ['smtp', 'given_up', null]);
  assert.is(mailer.waiting(), 0);
});

test.run();
