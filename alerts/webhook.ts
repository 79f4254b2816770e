import { createHmac } from 'node:crypto';
import type { Alert, AlertChannel } from '../src/model/alert.ts';
import type { HttpHeader } from '../src/model/ports.ts';
import { type Secret, secret } from '../src/model/secret.ts';
import { type EpochMs, formatTimestamp } from '../src/model/time.ts';
import { type Login, loginParams, readLogin } from './logins.ts';
import { postJson } from './post-json.ts';
import { readUrl } from './urls.ts';

interface WebhookSpec {
  readonly url: Secret;
  readonly secret: Secret | null;
  readonly login: Login;
}

/** Of the body; a change of what a field means makes another one, a new field does not. */
const version = 1;

/** JSON of our own for a server of your own. */
export const webhook: AlertChannel<WebhookSpec> = {
  keyword: 'webhook',
  doc: 'Posts changes as JSON, signed if it has a secret.',
  about: 'all',
  groups: 'all',
  largest: 500,
  params: [
    { name: 'url', type: { kind: 'secret' }, doc: 'Where to post to.', ours: true, required: true },
    {
      name: 'secret',
      type: { kind: 'secret' },
      doc: 'Signs every request: X-Checkalived-Signature has an HMAC with SHA-256 of its time and body.',
      ours: true,
    },
    ...loginParams,
  ],
  plan(values, report) {
    const url = readUrl(values, report, 'https://hooks.example.com/checkalived');
    const login = readLogin(values, report);
    return url && login && { url, secret: values.get<Secret>('secret') ?? null, login };
  },
  send({ id, alerts }, { url, secret: key, login }, context) {
    const body = JSON.stringify({
      version,
      id,
      router_id: alerts[0]?.routerId,
      sent_at: formatTimestamp(context.now),
      events: alerts.map(showEvent),
    });
    const signature = key === null ? [] : [sign(key, body, context.now)];
    const headers = [{ name: 'Idempotency-Key', value: id }, ...signature, ...login.headers];
    return postJson({ url, headers, body, secrets: key === null ? login.secrets : [key, ...login.secrets] }, context);
  },
};

function showEvent({ id, time, kind, virtualServer, realServer, state, since, reason, detail, weight }: Alert) {
  return {
    id,
    time: formatTimestamp(time),
    kind,
    virtual_server: virtualServer,
    real_server: realServer,
    state,
    since: since === null ? null : formatTimestamp(since),
    reason,
    detail,
    weight,
  };
}

/** The time is signed too, so that a request that was recorded is no use later. */
function sign(key: Secret, body: string, now: EpochMs): HttpHeader {
  const time = Math.floor(now / 1000);
  const hash = createHmac('sha256', key.reveal()).update(`${time}.${body}`).digest('hex');
  return { name: 'X-Checkalived-Signature', value: secret(`t=${time},v1=${hash}`) };
}
