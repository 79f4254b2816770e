import * as assert from 'uvu/assert';
import { Announcer } from '../../../src/engine/announcer.ts';
import { listOutages } from '../../../src/engine/outages.ts';
import { remember } from '../../../src/health/remember.ts';
import type { Alert, ChannelPlan } from '../../../src/model/alert.ts';
import { type VsId, vsId } from '../../../src/model/ids.ts';
import type { Notification } from '../../../src/model/store.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { FakeStore } from '../../support/fake-store.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';
import { makeRs, makeVs, Run } from '../health/make.ts';

const test = suite('engine alerts');
const virtualServer: VsId = vsId('tcp/192.0.2.1:80');

function setUp(channels: readonly Pick<ChannelPlan, 'id' | 'about'>[]) {
  const store = new FakeStore();
  const sent: Notification[] = [];
  let ids = 0;
  const announcer = new Announcer({
    store,
    clock: new VirtualClock(),
    log: new RecordingLog(),
    newId: () => `n${++ids}`,
    announcers: {
      runScript: async () => ({ outcome: 'delivered', detail: '' }),
      writeFifo: () => {},
      sendMail: () => {},
      sendAlert: alert => {
        assert.ok(
          store.commits.some(({ notifications }) => notifications.includes(alert)),
          'kept before it is sent',
        );
        sent.push(alert);
      },
    },
    outlets: () => ({
      routerId: 'lvs1',
      mail: false,
      channels: channels.map(plan => ({ keyword: '', timeout: 1, ca: null, spec: null, ...plan })),
    }),
  });
  return { announcer, store, sent };
}

const down = {
  type: 'alert',
  virtualServer,
  state: 'DOWN',
  since: 5,
  weight: 1,
  reason: 'quorum',
  detail: 'd',
} as const;

test('an alert is kept once for each channel that is about it, in the transaction of its change', async () => {
  const { announcer, store, sent } = setUp([
    { id: 'webhook:a', about: 'all' },
    { id: 'pagerduty:b', about: 'virtual_server' },
  ]);
  const realServer = makeRs(1).id;
  announcer.tell(
    virtualServer,
    null,
    [],
    [
      { ...down, realServer },
      { ...down, realServer: null },
    ],
  );
  assert.is(store.commits.length, 1);
  await announcer.idle();
  assert.equal(
    sent.map(({ id, channel, subject }) => [id, channel, subject]),
    [
      ['n1', 'webhook:a', `[lvs1] Realserver 10.0.0.1:80 of virtual server ${virtualServer} - DOWN`],
      ['n2', 'webhook:a', `[lvs1] Virtualserver ${virtualServer} - DOWN`],
      ['n3', 'pagerduty:b', `[lvs1] Virtualserver ${virtualServer} - DOWN`],
    ],
  );
  const expected: Alert = {
    id: 'n3',
    time: 1_767_225_600_000,
    kind: 'virtual_server',
    virtualServer,
    realServer: null,
    state: 'DOWN',
    since: 5,
    reason: 'quorum',
    detail: 'd',
    weight: 1,
    routerId: 'lvs1',
  };
  assert.equal(JSON.parse(sent[2]?.body ?? ''), expected);
});

test('without a channel an alert is nothing to keep', async () => {
  const { announcer, store, sent } = setUp([]);
  announcer.tell(virtualServer, null, [], [{ ...down, realServer: null }]);
  await announcer.idle();
  assert.equal(store.commits[0]?.notifications, []);
  assert.equal(sent, []);
});

test('what is down is listed with its reason, and after a restart without it', () => {
  const plan = makeVs([makeRs(1), makeRs(2), makeRs(3)], { quorum: 3 });
  const run = new Run(plan).start();
  const list = (from: Run) =>
    [...listOutages([from.state], 'lvs1', 99)].map(({ realServer, since, reason, state }) => [
      realServer,
      since,
      reason,
      state,
    ]);
  assert.equal(list(run), []);
  run.fail('c2', 'timeout_read');
  assert.equal(list(run), [
    [null, 1003, 'quorum', 'DOWN'],
    ['10.0.0.2:80', 1003, 'timeout_read', 'DOWN'],
  ]);
  const next = new Run(plan).start(JSON.parse(JSON.stringify(remember(run.state))));
  assert.equal(list(next), [
    [null, 1003, 'quorum', 'DOWN'],
    ['10.0.0.2:80', 1003, '', 'DOWN'],
  ]);
  next.pass('c2');
  assert.equal(list(next), []);
  run.give({ type: 'stopping', release: true });
  assert.equal(list(run), [], 'who stops says nothing more');
});

test.run();
