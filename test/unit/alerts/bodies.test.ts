import { createHmac } from 'node:crypto';
import * as assert from 'uvu/assert';
import { alertmanager } from '../../../alerts/alertmanager.ts';
import { pagerduty } from '../../../alerts/pagerduty.ts';
import { slack } from '../../../alerts/slack.ts';
import { webhook } from '../../../alerts/webhook.ts';
import type { Alert, AlertChannel, AlertMessage } from '../../../src/model/alert.ts';
import type { PostRequest } from '../../../src/model/ports.ts';
import { isSecret, secret } from '../../../src/model/secret.ts';
import { makeAlert, makeQuorumAlert, messageOf } from '../../support/alerts.ts';
import { planOf } from '../../support/channel-conformance.ts';
import { suite } from '../../support/suite.ts';

const test = suite('alerts bodies');
/** A minute after the changes. */
const now = 1_767_225_660_000;

interface Sent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what is in it is what the test is about.
  readonly body: any;
}

/** The request that a channel makes of a message. */
async function requestOf(
  channel: AlertChannel,
  given: Readonly<Record<string, unknown>>,
  message: AlertMessage,
  time = now,
): Promise<Sent> {
  const requests: PostRequest[] = [];
  const post = async (request: PostRequest) => {
    requests.push(request);
    return { kind: 'answered', status: 202, headers: new Map(), text: '' } as const;
  };
  const spec = planOf({ channel, given: () => given }, '');
  await channel.send(message, spec, { post, now: time, signal: new AbortController().signal });
  const [request] = requests;
  if (!request) throw new Error('nothing was sent');
  const headers = request.headers.map(({ name, value }) => [name, isSecret(value) ? value.reveal() : value]);
  return { url: request.url, headers: Object.fromEntries(headers), text: request.body, body: JSON.parse(request.body) };
}

const hook = { url: secret('https://hooks.example.com/a') };

test('a web hook has a version, a stable id and the changes in their order', async () => {
  const message = messageOf(makeAlert('n1'), makeQuorumAlert('n2', { state: 'UP', since: null, weight: 3 }));
  const { url, headers, body } = await requestOf(webhook, hook, message);
  assert.is(url, 'https://hooks.example.com/a');
  assert.equal(headers, { 'Idempotency-Key': 'n1.2', 'User-Agent': 'checkalived' });
  assert.equal(body, {
    version: 1,
    id: 'n1.2',
    router_id: 'lvs1',
    sent_at: '2026-01-01T00:01:00.000Z',
    events: [
      {
        id: 'n1',
        time: '2026-01-01T00:00:00.000Z',
        kind: 'real_server',
        virtual_server: 'tcp/192.0.2.10:80',
        real_server: '10.0.0.2:80',
        state: 'DOWN',
        since: '2026-01-01T00:00:00.000Z',
        reason: 'refused',
        detail: 'connection refused',
        weight: 0,
      },
      {
        id: 'n2',
        time: '2026-01-01T00:00:00.000Z',
        kind: 'virtual_server',
        virtual_server: 'tcp/192.0.2.10:80',
        real_server: null,
        state: 'UP',
        since: null,
        reason: 'quorum',
        detail: 'Lost quorum',
        weight: 3,
      },
    ],
  });
});

test('the signature of a web hook is over the time of the attempt and the body', async () => {
  const given = { ...hook, secret: secret('key') };
  const first = await requestOf(webhook, given, messageOf(makeAlert('n1', { detail: 'ü' })));
  const [, time, hash] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(first.headers['X-Checkalived-Signature'] ?? '') ?? [];
  assert.is(time, '1767225660');
  assert.is(hash, createHmac('sha256', 'key').update(`${time}.${first.text}`).digest('hex'));
  const second = await requestOf(webhook, given, messageOf(makeAlert('n1', { detail: 'ü' })), now + 5_000);
  assert.is(second.headers['Idempotency-Key'], first.headers['Idempotency-Key']);
  assert.is.not(second.headers['X-Checkalived-Signature'], first.headers['X-Checkalived-Signature']);
});

test('a login is Basic or Bearer', async () => {
  const basic = await requestOf(webhook, { ...hook, user: 'ü', password: secret('p:w') }, messageOf(makeAlert('n1')));
  assert.is(basic.headers['Authorization'], `Basic ${Buffer.from('ü:p:w').toString('base64')}`);
  const bearer = await requestOf(webhook, { ...hook, bearer_token: secret('abc') }, messageOf(makeAlert('n1')));
  assert.is(bearer.headers['Authorization'], 'Bearer abc');
});

const manager = { url: 'http://am:9093' };

test('an alert of Alertmanager fires for five minutes from now on, since the outage began', async () => {
  const { url, body } = await requestOf(alertmanager, manager, messageOf(makeAlert('n1')));
  assert.is(url, 'http://am:9093/api/v2/alerts');
  assert.equal(body, [
    {
      labels: {
        alertname: 'CheckalivedRealServerDown',
        virtual_server: 'tcp/192.0.2.10:80',
        real_server: '10.0.0.2:80',
        router_id: 'lvs1',
        severity: 'warning',
      },
      annotations: {
        summary: 'Real server 10.0.0.2:80 of tcp/192.0.2.10:80 is down',
        reason: 'refused',
        description: 'connection refused',
      },
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: '2026-01-01T00:06:00.000Z',
    },
  ]);
});

test('its end has the same labels, whatever else is said', async () => {
  for (const state of ['UP', 'REMOVED'] as const) {
    const [down] = (await requestOf(alertmanager, manager, messageOf(makeQuorumAlert('1')))).body;
    const end = makeQuorumAlert('2', { state, time: now - 20_000, reason: 'x', detail: 'y', weight: 7 });
    const [ended] = (await requestOf(alertmanager, manager, messageOf(end))).body;
    assert.equal(ended.labels, down.labels);
    assert.is(ended.labels.severity, 'critical');
    assert.is(ended.startsAt, '2026-01-01T00:00:00.000Z');
    assert.is(ended.endsAt, '2026-01-01T00:00:40.000Z');
  }
  // Of an outage whose beginning nobody knows Alertmanager takes the end for the beginning.
  const unknown = makeQuorumAlert('2', { state: 'UP', since: null });
  assert.not.ok('startsAt' in (await requestOf(alertmanager, manager, messageOf(unknown))).body[0]);
});

test('of several changes of one object Alertmanager is told the last', async () => {
  const alerts = [makeAlert('1'), makeQuorumAlert('2'), makeAlert('3', { state: 'UP' }), makeAlert('4')];
  const { body } = await requestOf(alertmanager, manager, messageOf(...alerts, makeAlert('5', { state: 'UP' })));
  assert.equal(
    body.map((alert: { labels: Record<string, string>; endsAt: string }) => [alert.labels['alertname'], alert.endsAt]),
    [
      ['CheckalivedRealServerDown', '2026-01-01T00:00:00.000Z'],
      ['CheckalivedVirtualServerDown', '2026-01-01T00:06:00.000Z'],
    ],
  );
});

const team = { url: secret('https://hooks.slack.com/services/x') };

test('a lone change is a line for Slack, several are counted, and each has its colour', async () => {
  const lone = await requestOf(slack, team, messageOf(makeAlert('1')));
  assert.equal(lone.body, {
    text: '[lvs1] Realserver 10.0.0.2:80 of virtual server tcp/192.0.2.10:80 - DOWN',
    attachments: [
      {
        fallback: 'Realserver 10.0.0.2:80 of virtual server tcp/192.0.2.10:80 - DOWN (refused: connection refused)',
        color: '#c62828',
        title: 'Realserver 10.0.0.2:80 of virtual server tcp/192.0.2.10:80 - DOWN',
        text: 'refused: connection refused',
        ts: 1767225600,
      },
    ],
  });
  const states = ['UP', 'DOWN', 'REMOVED', 'UP'] as const;
  const several = messageOf(...states.map((state, index) => makeAlert(`${index}`, { state })));
  const { body } = await requestOf(slack, team, several);
  assert.is(body.text, '[lvs1] 4 changes: 2 up, 1 down, 1 removed');
  assert.is(new Set(body.attachments.map(({ color }: { color: string }) => color)).size, 3);
});

test('a message of a thousand changes stays readable', async () => {
  const alerts = Array.from({ length: 1000 }, (_, index) => makeAlert(`${index}`));
  const { body } = await requestOf(slack, team, messageOf(...alerts));
  assert.is(body.text, '[lvs1] 1000 changes: 0 up, 1000 down; the first 20:');
  assert.is(body.attachments.length, 20);
});

test('what a server said makes no link and calls nobody', async () => {
  const { text } = await requestOf(slack, team, messageOf(makeAlert('1', { detail: '<!channel> & <https://x|y>' })));
  assert.not.match(text, '<');
  assert.match(text, '&lt;!channel&gt; &amp; &lt;https://x|y&gt;');
});

const key = { routing_key: secret('abc') };

test('PagerDuty is triggered and resolved under one key for each object and director', async () => {
  const { url, body } = await requestOf(pagerduty, key, messageOf(makeQuorumAlert('1')));
  assert.is(url, 'https://events.pagerduty.com/v2/enqueue');
  const { dedup_key: dedupKey, ...event } = body;
  assert.equal(event, {
    routing_key: 'abc',
    event_action: 'trigger',
    payload: {
      summary: '[lvs1] Virtualserver tcp/192.0.2.10:80 - DOWN: Lost quorum',
      source: 'lvs1',
      severity: 'critical',
      timestamp: '2026-01-01T00:00:00.000Z',
      component: 'tcp/192.0.2.10:80',
      group: 'tcp/192.0.2.10:80',
      class: 'quorum',
      custom_details: {
        virtual_server: 'tcp/192.0.2.10:80',
        real_server: null,
        reason: 'quorum',
        detail: 'Lost quorum',
        weight: 0,
      },
    },
    client: 'checkalived',
  });
  assert.match(dedupKey, /^checkalived-[0-9a-f]{40}$/);
  const keyOf = async (alert: Alert) => (await requestOf(pagerduty, key, messageOf(alert))).body.dedup_key;
  assert.is(await keyOf(makeQuorumAlert('9', { reason: 'start', detail: '', weight: 4, since: null })), dedupKey);
  const others = [
    makeAlert('1'),
    makeQuorumAlert('1', { routerId: 'lvs2' }),
    makeQuorumAlert('1', { virtualServer: 'x' }),
  ];
  const keys = await Promise.all(others.map(alert => keyOf(alert)));
  assert.is(new Set([dedupKey, ...keys]).size, 4);
});

test('what is over, or is gone, is resolved; of several changes the last counts', async () => {
  for (const state of ['UP', 'REMOVED'] as const) {
    const { body } = await requestOf(pagerduty, key, messageOf(makeAlert('1'), makeAlert('2', { state })));
    assert.equal(Object.keys(body), ['routing_key', 'event_action', 'dedup_key']);
    assert.is(body.event_action, 'resolve');
  }
  const { body } = await requestOf(pagerduty, key, messageOf(makeAlert('1', { state: 'UP' }), makeAlert('2')));
  assert.is(body.event_action, 'trigger');
  assert.is(body.payload.severity, 'warning');
});

test('a long detail is cut to what PagerDuty takes', async () => {
  const { body } = await requestOf(pagerduty, key, messageOf(makeAlert('1', { detail: 'x'.repeat(5000) })));
  assert.is(body.payload.summary.length, 1024);
});

test.run();
