import * as assert from 'uvu/assert';
import { type Channels, createChannels, type OpenChannel } from '../../../src/delivery/channels.ts';
import type { Alert, AlertMessage, ChannelPlan } from '../../../src/model/alert.ts';
import type { Config } from '../../../src/model/config.ts';
import type { DeliveryResult } from '../../../src/model/delivery.ts';
import type { DeliveryObserver } from '../../../src/model/observer.ts';
import type { Notification } from '../../../src/model/store.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { makeAlert, makeQuorumAlert } from '../../support/alerts.ts';
import { suite } from '../../support/suite.ts';
import { recordLog } from '../store/support.ts';
import { fakeStore, mailOf, makeConfig, start } from './support.ts';

const test = suite('delivery channels');
const delivered: DeliveryResult = { kind: 'delivered', detail: 'HTTP 200' };
const down: DeliveryResult = { kind: 'failed', retry: 'server', detail: 'HTTP 503' };

let clock = new VirtualClock();
let log = recordLog();
let store = fakeStore();
let outages: Alert[] = [];
/** What was sent, and what the channel of that id answers next. */
let sent: [channel: string, ids: string][] = [];
let answers: Record<string, (message: AlertMessage, signal: AbortSignal) => Promise<DeliveryResult>> = {};
let counted: Parameters<DeliveryObserver['attempted']>[] = [];
let kinds: Record<string, Partial<OpenChannel>> = {};

test.beforeEach(() => {
  clock = new VirtualClock();
  log = recordLog();
  store = fakeStore();
  outages = [];
  sent = [];
  answers = {};
  counted = [];
  kinds = {};
});

function planOf(id: string, more: Partial<ChannelPlan> = {}): ChannelPlan {
  return { id, keyword: id.split(':')[0] ?? '', about: 'all', timeout: 10_000, ca: null, spec: {}, ...more };
}
const configOf = (...ids: (string | ChannelPlan)[]): Config =>
  makeConfig({ channels: ids.map(id => (typeof id === 'string' ? planOf(id) : id)) });

function create(config: Config): Channels {
  return createChannels(config, {
    clock,
    log,
    store,
    random: () => 0.5,
    observer: { attempted: (...count) => counted.push(count) },
    outages: () => outages,
    open: ({ id }) => ({
      groups: 'all',
      largest: 500,
      send: async (message, signal) => {
        const result = (await answers[id]?.(message, signal)) ?? delivered;
        if (result.kind === 'delivered') sent.push([id, message.alerts.map(each => each.id).join(' ')]);
        return result;
      },
      ...kinds[id],
    }),
  });
}

function owe(channel: string, alert: Alert): Notification {
  const { id, time, virtualServer, realServer } = alert;
  return { id, time, channel, subject: `[lvs1] ${id}`, body: JSON.stringify(alert), virtualServer, realServer };
}

test('the changes of a window are one message, whose id stays the same at every attempt', async () => {
  const ids: string[] = [];
  answers['webhook:a'] = async ({ id }) => {
    ids.push(id);
    return ids.length < 3 ? down : delivered;
  };
  const channels = create(configOf('webhook:a'));
  channels.send(owe('webhook:a', makeAlert('1')));
  await clock.advance(4_999);
  channels.send(owe('webhook:a', makeAlert('2')));
  assert.equal(ids, []);
  await clock.advance(15_001);
  assert.equal(ids, ['1.2', '1.2', '1.2']);
  assert.equal(sent, [['webhook:a', '1 2']]);
  assert.equal(
    store.updates.filter(({ id }) => id === '2').map(({ outcome, attempts }) => [outcome, attempts]),
    [
      ['grouped', 0],
      ['failed', 1],
      ['failed', 2],
      ['delivered', 3],
    ],
  );
});

test('a channel that is down for an hour loses nothing and does not hold up another', async () => {
  answers['slack:down'] = async () => down;
  const channels = create(configOf('slack:down', 'webhook:up'));
  for (let n = 1; n <= 30; n++) {
    for (const id of ['slack:down', 'webhook:up']) channels.send(owe(id, makeAlert(`${n}`, { time: clock.wall() })));
    await clock.advance(120_000);
  }
  assert.is(sent.length, 30);
  assert.equal(
    [...channels.waiting()],
    [
      ['slack:down', 30],
      ['webhook:up', 0],
    ],
  );
  assert.is(channels.trouble()?.message, 'slack:down does not take alerts (HTTP 503); 30 wait.');
  assert.is(channels.trouble()?.since, start + 5_000);
  assert.equal(log.lines, ['slack:down does not take alerts, they wait and are tried again: HTTP 503']);
  answers = {};
  sent = [];
  await clock.advance(300_000);
  assert.equal(sent, [
    ['slack:down', '1'],
    ['slack:down', Array.from({ length: 29 }, (_, index) => index + 2).join(' ')],
  ]);
  assert.is(channels.trouble(), null);
  assert.is(log.lines.at(-1), 'slack:down takes alerts again.');
});

test('troubles of several channels are one, since the first of them', async () => {
  answers = { 'slack:a': async () => down, 'slack:b': async () => down };
  const channels = create(configOf('slack:a', 'slack:b'));
  channels.send(owe('slack:a', makeAlert('1')));
  await clock.advance(60_000);
  channels.send(owe('slack:b', makeAlert('2')));
  await clock.advance(5_000);
  assert.is(channels.trouble()?.since, start + 5_000);
  assert.is(
    channels.trouble()?.message,
    'slack:a does not take alerts (HTTP 503); 1 wait. slack:b does not take alerts (HTTP 503); 1 wait.',
  );
});

test('a server that asks for time is given it', async () => {
  let tries = 0;
  answers['slack:a'] = async () => {
    tries++;
    return tries === 1 ? { ...down, retryAfter: 60_000 } : delivered;
  };
  const channels = create(configOf('slack:a'));
  channels.send(owe('slack:a', makeAlert('1')));
  await clock.advance(64_999);
  assert.is(tries, 1);
  assert.is(store.last('1')?.nextAttempt, start + 65_000);
  await clock.advance(1);
  assert.is(tries, 2);
});

test('a message has so many changes at the most, and one for each object where the channel wants that', async () => {
  kinds = { 'webhook:a': { largest: 2 }, 'pagerduty:b': { groups: 'object' } };
  const channels = create(configOf('webhook:a', 'pagerduty:b'));
  const alerts = [makeAlert('1'), makeQuorumAlert('2'), makeAlert('3', { state: 'UP' })];
  for (const id of ['webhook:a', 'pagerduty:b']) for (const alert of alerts) channels.send(owe(id, alert));
  await clock.advance(5_000);
  const of = (id: string) => sent.flatMap(([channel, ids]) => (channel === id ? [ids] : []));
  assert.equal(of('webhook:a'), ['1 2', '3']);
  assert.equal(of('pagerduty:b'), ['2', '1 3'], 'the virtual server first');
});

test('what an earlier life owed is sent; what it owed to a channel that is gone is given up, with a line for each', async () => {
  const channels = create(configOf('webhook:a'));
  const state = { outcome: 'failed' as const, attempts: 3, nextAttempt: start, detail: 'down' };
  channels.resume([
    { ...owe('webhook:a', makeAlert('1')), ...state },
    { ...owe('slack:gone', makeAlert('2')), ...state },
    { ...owe('slack:gone', makeAlert('3')), ...state },
    { ...owe('webhook:a', makeAlert('4')), ...state, body: 'no alert' },
    { ...mailOf('5'), ...state },
    { ...mailOf('6'), ...state, channel: 'script' },
  ]);
  assert.equal(log.lines, [
    'webhook:a: gave up 1 alert of an earlier version, which cannot be read',
    'slack:gone is not in the configuration any more: gave up 2 alerts that it was owed',
  ]);
  await clock.advance(5_000);
  assert.equal(sent, [['webhook:a', '1']]);
  assert.is(store.last('1')?.attempts, 4);
  for (const id of ['2', '3', '4']) assert.is(store.last(id)?.outcome, 'given-up');
  for (const id of ['5', '6']) assert.is(store.last(id), undefined);
  await channels.close(0);
  assert.is(clock.pending(), 0);
});

test('a reload gives up what a channel is owed that it takes out, and goes on with one that it changes', async () => {
  answers = { 'slack:a': async () => down, 'slack:b': async () => down };
  const channels = create(configOf('slack:a', 'slack:b'));
  for (const id of ['slack:a', 'slack:b']) channels.send(owe(id, makeAlert(`of ${id}`)));
  await clock.advance(5_000);
  channels.send(owe('slack:a', makeAlert('collected')));
  answers = {};
  channels.configure(configOf('slack:b', 'webhook:new'));
  await clock.advance(0);
  assert.equal(sent, [['slack:b', 'of slack:b']]);
  assert.equal(
    log.lines.filter(line => line.includes('gave up')),
    ['slack:a is not in the configuration any more: gave up 2 alerts that it was owed'],
  );
  for (const id of ['of slack:a', 'collected']) assert.is(store.last(id)?.outcome, 'given-up');
  assert.equal([...channels.waiting().keys()], ['slack:b', 'webhook:new']);
  channels.send(owe('slack:a', makeAlert('late')));
  assert.is(store.last('late')?.outcome, 'given-up');
  await clock.advance(60_000);
  assert.is(clock.pending(), 0);
});

test('an attempt under way when its channel goes is broken off', async () => {
  let aborted = false;
  answers['slack:a'] = (_, signal) =>
    new Promise(resolve =>
      signal.addEventListener('abort', () => {
        aborted = true;
        resolve(down);
      }),
    );
  const channels = create(configOf('slack:a'));
  channels.send(owe('slack:a', makeAlert('1')));
  await clock.advance(5_000);
  channels.configure(configOf());
  await clock.advance(0);
  assert.ok(aborted);
  assert.is(store.last('1')?.outcome, 'given-up');
});

test('every attempt is counted with its time, and what is given up', async () => {
  answers['slack:a'] = ({ alerts }) =>
    new Promise(resolve => {
      const refused = { kind: 'failed', retry: 'never', detail: 'HTTP 400' } as const;
      const result = alerts[0]?.id === 'bad' ? refused : counted.length === 0 ? down : delivered;
      clock.at(clock.now() + 250, () => resolve(result));
    });
  const channels = create(configOf('slack:a', 'slack:b'));
  channels.send(owe('slack:a', makeAlert('1')));
  await clock.advance(60_000);
  channels.send(owe('slack:a', makeAlert('bad')));
  await clock.advance(60_000);
  channels.send(owe('slack:b', makeAlert('2')));
  channels.configure(configOf('slack:a'));
  assert.equal(counted, [
    ['slack:a', 'failed', 250],
    ['slack:a', 'delivered', 250],
    ['slack:a', 'given_up', 250],
    ['slack:b', 'given_up', null],
  ]);
  assert.ok(log.lines.includes('slack:a refuses "[lvs1] bad": HTTP 400'));
});

test('a channel that forgets is told every minute what is down, as far as it is about that', async () => {
  kinds = { 'alertmanager:a': { repeats: true }, 'alertmanager:b': { repeats: true, largest: 1 } };
  const channels = create(configOf('alertmanager:a', planOf('alertmanager:b', { about: 'virtual_server' }), 'slack:c'));
  await clock.advance(600_000);
  assert.is(clock.pending(), 0, 'nothing is repeated before the agent has started');
  channels.resume([]);
  await clock.advance(60_000);
  assert.equal(sent, [], 'nothing is down');
  outages = [makeQuorumAlert('vs1'), makeQuorumAlert('vs2'), makeAlert('rs')];
  await clock.advance(60_000);
  const once = [
    ['alertmanager:a', 'vs1 vs2 rs'],
    ['alertmanager:b', 'vs1'],
    ['alertmanager:b', 'vs2'],
  ] as const;
  assert.equal(sent.sort(), once);
  await clock.advance(120_000);
  assert.is(sent.length, 9);
  assert.equal(store.updates, [], 'it is not in the outbox');
  await channels.close(0);
  assert.is(clock.pending(), 0);
});

test('news goes first: nothing is repeated while a change is owed, or the server is known to be down', async () => {
  kinds = { 'alertmanager:a': { repeats: true } };
  let tries = 0;
  answers['alertmanager:a'] = async () => {
    tries++;
    return down;
  };
  const channels = create(configOf('alertmanager:a'));
  channels.resume([]);
  outages = [makeAlert('rs')];
  await clock.advance(58_000);
  channels.send(owe('alertmanager:a', makeAlert('1', { time: clock.wall() })));
  await clock.advance(1_200_000);
  // The first repetition falls into the window, and finds the server down.
  assert.ok(tries <= 10, `${tries} attempts`);
  assert.is(channels.waiting().get('alertmanager:a'), 1);
  answers = {};
  await clock.advance(360_000);
  assert.equal(sent.slice(0, 2), [
    ['alertmanager:a', '1'],
    ['alertmanager:a', 'rs'],
  ]);
  assert.is(channels.trouble(), null);
});

test('a message that is put off is not lost to a repetition', async () => {
  kinds = { 'alertmanager:a': { repeats: true } };
  answers['alertmanager:a'] = async ({ id }) =>
    id === '' || clock.now() > 600_000 ? delivered : { kind: 'failed', retry: 'message', detail: 'later' };
  const channels = create(configOf('alertmanager:a'));
  channels.resume([]);
  outages = [makeAlert('rs')];
  channels.send(owe('alertmanager:a', makeAlert('1')));
  await clock.advance(1_000_000);
  assert.ok(sent.some(([, ids]) => ids === '1'));
  assert.is(channels.waiting().get('alertmanager:a'), 0);
});

test('of a repetition that failed nothing is sent later: it may be over', async () => {
  kinds = { 'alertmanager:a': { repeats: true, largest: 1 } };
  answers['alertmanager:a'] = async () => down;
  const channels = create(configOf('alertmanager:a'));
  channels.resume([]);
  outages = [makeAlert('first'), makeAlert('second')];
  await clock.advance(60_000);
  assert.ok(channels.trouble());
  outages = [];
  answers = {};
  channels.send(owe('alertmanager:a', makeAlert('1', { state: 'UP' })));
  await clock.advance(600_000);
  assert.equal(sent, [['alertmanager:a', '1']]);
  assert.is(channels.trouble(), null);
});

test('a repetition that fails is a trouble, said once, and ends with the next that arrives', async () => {
  kinds = { 'alertmanager:a': { repeats: true } };
  answers['alertmanager:a'] = async () => ({ kind: 'failed', retry: 'never', detail: 'HTTP 400' });
  const channels = create(configOf('alertmanager:a'));
  channels.resume([]);
  outages = [makeAlert('rs')];
  await clock.advance(1_200_000);
  assert.is(channels.trouble()?.message, 'alertmanager:a does not take alerts (HTTP 400); 0 wait.');
  assert.is(log.lines.length, 1);
  answers = {};
  await clock.advance(360_000);
  assert.is(channels.trouble(), null);
  assert.is(log.lines.length, 2);
});

test('close sends what was collected, and no repetition', async () => {
  kinds = { 'alertmanager:a': { repeats: true } };
  const channels = create(configOf('alertmanager:a'));
  channels.resume([]);
  outages = [makeAlert('rs')];
  channels.send(owe('alertmanager:a', makeAlert('1')));
  await channels.close(1_500);
  assert.equal(sent, [['alertmanager:a', '1']]);
  assert.is(clock.pending(), 0);
});

test('in a dry run everything waits', async () => {
  kinds = { 'alertmanager:a': { repeats: true, send: null } };
  const channels = create(configOf('alertmanager:a'));
  channels.resume([]);
  outages = [makeAlert('rs')];
  channels.send(owe('alertmanager:a', makeAlert('1')));
  await clock.advance(120_000);
  assert.equal(sent, []);
  assert.is(channels.waiting().get('alertmanager:a'), 1);
});

test.run();
