import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { alertmanager } from '../../../alerts/alertmanager.ts';
import { pagerduty } from '../../../alerts/pagerduty.ts';
import { slack } from '../../../alerts/slack.ts';
import { webhook } from '../../../alerts/webhook.ts';
import type { Alert, AlertChannel } from '../../../src/model/alert.ts';
import type { PostRequest } from '../../../src/model/ports.ts';
import { isSecret } from '../../../src/model/secret.ts';
import { makeAlert, messageOf } from '../../support/alerts.ts';
import { suite } from '../../support/suite.ts';
import { readText } from '../config/read-text.ts';

const test = suite('docs/notifications');
const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/guides/notifications.md'), 'utf8');
const blocksOf = (language: string): readonly string[] =>
  [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, found, text = '']) =>
    found === language ? [text] : [],
  );
const settings = blocksOf('text').find(text => text.includes('webhook ops')) ?? '';
const { config, diagnostics } = readText(settings);

/** The request that the channel of the guide's example makes of an alert. */
async function requestOf(channel: AlertChannel, alert: Alert, now: number): Promise<PostRequest> {
  const plan = config.settings.channels.find(({ keyword }) => keyword === channel.keyword);
  const requests: PostRequest[] = [];
  await channel.send(messageOf(alert), plan?.spec, {
    post: async request => {
      requests.push(request);
      return { kind: 'failed', detail: '' };
    },
    now,
    signal: new AbortController().signal,
  });
  const [request] = requests;
  if (!request) throw new Error('nothing was sent');
  return request;
}

const at = (text: string): number => Date.parse(text);
const down = makeAlert('7fdd5acf-81c7-48b1-b676-a5a8ab4dc303', {
  time: at('2026-11-26T01:35:51.406Z'),
  since: at('2026-11-26T01:35:51.406Z'),
  realServer: '127.0.0.1:18081',
  weight: 1,
  routerId: 'director1',
});
const lost: Alert = {
  ...down,
  kind: 'virtual_server',
  realServer: null,
  since: at('2026-11-26T01:35:51.825Z'),
  reason: 'quorum',
  detail: 'Lost quorum 1-0=1 > 0',
  weight: 0,
};

test('the example has no fault and a channel of each kind', () => {
  assert.equal(diagnostics, []);
  assert.equal(
    config.settings.channels.map(({ id }) => id),
    ['webhook:ops', 'alertmanager:first', 'slack:team', 'pagerduty:night'],
  );
});

test('the bodies are those that the channels send', async () => {
  const now = at('2026-11-26T01:35:52.407Z');
  const bodies = await Promise.all([
    requestOf(webhook, down, now),
    requestOf(alertmanager, down, now),
    requestOf(slack, down, now),
    requestOf(pagerduty, lost, now),
  ]);
  const shown = blocksOf('json').map(text => JSON.parse(text));
  // Made of the real names.
  const dedupKey = JSON.parse(bodies[3]?.body ?? '{}').dedup_key;
  assert.equal(
    bodies.map(({ body }) => JSON.parse(body)),
    [...shown.slice(0, 3), { ...shown[3], dedup_key: dedupKey }],
  );
});

test('the signature is verified by the lines for Node.js and for a shell', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signature-'));
  try {
    const [code = ''] = blocksOf('js');
    writeFileSync(join(folder, 'verify.mjs'), code);
    const { isGenuine } = await import(pathToFileURL(join(folder, 'verify.mjs')).href);
    const now = down.time;
    const { headers, body } = await requestOf(webhook, { ...down, detail: 'ü' }, now);
    const value = headers.find(({ name }) => name === 'X-Checkalived-Signature')?.value ?? '';
    const header = isSecret(value) ? value.reveal() : value;
    const secret = 'a long random text';
    assert.ok(isGenuine(header, Buffer.from(body), secret, now / 1000));
    for (const [sign, text, key, time] of [
      [header, `${body} `, secret, now],
      [header, body, 'another', now],
      [header, body, secret, now + 301_000],
      [undefined, body, secret, now],
    ] as const)
      assert.not.ok(isGenuine(sign, Buffer.from(text), key, time / 1000));
    const [lines = ''] = blocksOf('sh').filter(text => text.includes('openssl'));
    const verify = (text: string): string => {
      writeFileSync(join(folder, 'body'), text);
      const environment = { PATH: process.env['PATH'], header, secret };
      return execFileSync('sh', ['-c', `${lines}true`], { cwd: folder, env: environment, encoding: 'utf8' });
    };
    assert.is(verify(body), 'genuine\n');
    assert.is(verify(`${body} `), '');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
