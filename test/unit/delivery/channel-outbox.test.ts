import * as assert from 'uvu/assert';
import { channels as alertChannels } from '../../../alerts/index.ts';
import { openChannel } from '../../../src/cli/open-channel.ts';
import { type Channels, createChannels } from '../../../src/delivery/channels.ts';
import type { Alert } from '../../../src/model/alert.ts';
import type { Notification, Store } from '../../../src/model/store.ts';
import { createStore } from '../../../src/store/store.ts';
import { httpClient } from '../../../src/sys/http-client.ts';
import { createPost } from '../../../src/sys/http-post.ts';
import { sockets } from '../../../src/sys/sockets.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { type Receiver, startReceiver } from '../../support/alert-receiver.ts';
import { makeAlert, makeQuorumAlert } from '../../support/alerts.ts';
import { suite } from '../../support/suite.ts';
import { readText } from '../config/read-text.ts';
import { commit, makeDirectory, noDirectory, query, recordLog, storeOptions } from '../store/support.ts';

const test = suite('outbox of channels');
let directory = noDirectory;
let clock = new VirtualClock();
let log = recordLog();
let closers: (() => Promise<void>)[] = [];

test.beforeEach(() => {
  directory = makeDirectory();
  clock = new VirtualClock();
  log = recordLog();
  closers = [];
});
test.afterEach(async () => {
  for (const close of closers) await close();
  directory.remove();
});

/** The blocks of a file, each channel with its secrets. */
const textOf = (port: number) => `checkalived {
  mail_window 0
  webhook hook {
    url http://127.0.0.1:${port}/hook/url-s3cret
    secret hmac-s3cret
    bearer_token token-s3cret
  }
  slack team {
    url http://127.0.0.1:${port}/slack/slack-s3cret
  }
  pagerduty night {
    routing_key key-s3cret
    url http://127.0.0.1:${port}/pd
    about all
  }
  alertmanager am {
    url http://127.0.0.1:${port}
    user u
    password pass-s3cret
  }
}
`;
const ids = ['webhook:hook', 'slack:team', 'pagerduty:night', 'alertmanager:am'];

/** One life of the agent on the same state directory. */
async function live(
  port: number,
  random: number,
  outages: readonly Alert[] = [],
): Promise<{ readonly store: Store; readonly channels: Channels; readonly left: number }> {
  const { config } = readText(textOf(port));
  const store = createStore({ ...storeOptions, directory: directory.path }, { clock, log, random: () => random });
  closers.push(() => store.close());
  const { notifications } = await store.open();
  const channels = createChannels(config, {
    clock,
    log,
    store,
    random: () => 0.5,
    outages: () => outages,
    open: plan =>
      openChannel(plan, {
        channels: alertChannels,
        clock,
        createPost: options => createPost(options, { clock, sockets, http: httpClient }),
      }),
  });
  channels.resume(notifications);
  closers.push(() => kill(channels));
  return { store, channels, left: notifications.length };
}

/** What is under way is left as it is. */
async function kill(channels: Channels): Promise<void> {
  const closing = channels.close(0);
  await clock.advance(0);
  await closing;
}

/** Keeps an alert for every channel, as the announcer does, and hands it on. */
async function tell({ store, channels }: { readonly store: Store; readonly channels: Channels }, alert: Alert) {
  const { id, time, virtualServer, realServer } = alert;
  const notifications = ids.map((channel): Notification => {
    const own = { ...alert, id: `${channel} ${id}` };
    return { id: own.id, time, channel, subject: `[lvs1] ${id}`, body: JSON.stringify(own), virtualServer, realServer };
  });
  await store.commit(commit({ notifications }));
  for (const notification of notifications) channels.send(notification);
}

const outcomes = () =>
  query(directory.path, 'SELECT channel, id, outcome FROM notification_rows ORDER BY rowid').map(row => row['outcome']);

/** Moves the clock as long as it takes: what happens on real sockets in between is waited for. */
async function advanceUntil(condition: () => boolean, step = 1_000): Promise<void> {
  while (!condition()) {
    await clock.advance(step);
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
  }
}

function idsIn({ received }: Receiver, path: string): string[] {
  return received
    .filter(({ url }) => url.startsWith(path))
    .flatMap(({ body }) => JSON.parse(body).events.map((event: { id: string }) => event.id));
}

test('an hour of outage, a kill -9 in it and a restart lose nothing, and no channel is told twice', async () => {
  const first = await startReceiver();
  const before = await live(first.port, 0.1);
  await tell(before, makeAlert('1'));
  await advanceUntil(() => outcomes().every(outcome => outcome === 'delivered'), 1);
  await first.close();
  for (let n = 2; n <= 4; n++) {
    await tell(before, makeAlert(`${n}`, { state: n % 2 === 0 ? 'UP' : 'DOWN', time: clock.wall() }));
    await clock.advance(600_000);
  }
  assert.match(before.channels.trouble()?.message ?? '', 'webhook:hook does not take alerts');
  // As after kill -9: this life is never heard of again.
  await kill(before.channels);
  await clock.advance(1_800_000);
  const second = await startReceiver(undefined, { port: first.port });
  closers.push(second.close);
  const after = await live(second.port, 0.2);
  assert.is(after.left, 12);
  // In small steps: no attempt runs into its deadline while its answer is on the way.
  await advanceUntil(() => outcomes().every(outcome => outcome === 'delivered'), 1);
  assert.equal(idsIn(first, '/hook'), ['webhook:hook 1']);
  assert.equal(idsIn(second, '/hook'), ['webhook:hook 2', 'webhook:hook 3', 'webhook:hook 4']);
  assert.equal(
    second.received.filter(({ url }) => url === '/pd').map(({ body }) => JSON.parse(body).event_action),
    ['resolve'],
    'what was over meanwhile pages nobody',
  );
  assert.is((await live(second.port, 0.3)).left, 0);
});

test('no secret is in a log, a trouble or the database, whatever the servers answer', async () => {
  let status = 0;
  const server = await startReceiver((request, response) => {
    response.writeHead(status).end(`${request.url} ${JSON.stringify(request.headers)} ${request.body}`);
  });
  closers.push(server.close);
  const life = await live(server.port, 0.1);
  const troubles: string[] = [];
  for (const next of [500, 400, 302, 200]) {
    status = next;
    const before = server.received.length;
    await tell(life, makeAlert(`${status}`, { time: clock.wall() }));
    await advanceUntil(() => server.received.length >= before + ids.length);
    troubles.push(JSON.stringify(life.channels.trouble()));
  }
  await advanceUntil(() => outcomes().every(outcome => outcome === 'delivered' || outcome === 'failed'));
  const rows = JSON.stringify(query(directory.path, 'SELECT * FROM notification_rows'));
  for (const text of [rows, log.lines.join('\n'), troubles.join('\n')]) {
    assert.not.match(text, 's3cret');
    assert.not.match(text, Buffer.from('u:pass-s3cret').toString('base64'));
  }
  assert.match(log.lines.join('\n'), 'HTTP 500: ');
});

test('after a restart Alertmanager is told what is still down, though nothing changes', async () => {
  const server = await startReceiver();
  closers.push(server.close);
  await live(server.port, 0.1, [makeQuorumAlert(''), makeAlert('')]);
  await clock.advance(60_000);
  await server.heard(1);
  const [request, ...more] = server.received;
  assert.is(more.length, 0, 'the others are told of changes only');
  assert.is(request?.url, '/api/v2/alerts');
  assert.equal(
    JSON.parse(request?.body ?? '[]').map((alert: { endsAt: string }) => alert.endsAt),
    ['2026-01-01T00:06:00.000Z', '2026-01-01T00:06:00.000Z'],
  );
});

test.run();
