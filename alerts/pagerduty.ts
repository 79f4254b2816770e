import { createHash } from 'node:crypto';
import { type Alert, type AlertChannel, describeAlert } from '../src/model/alert.ts';
import { type Secret, secret } from '../src/model/secret.ts';
import { formatTimestamp } from '../src/model/time.ts';
import { postJson } from './post-json.ts';
import { readUrl } from './urls.ts';

interface PagerDutySpec {
  readonly url: Secret;
  readonly routingKey: Secret;
}

const defaultUrl = 'https://events.pagerduty.com/v2/enqueue';
/** PagerDuty cuts longer ones off. */
const longestSummary = 1024;

/** PagerDuty, Events API v2. */
export const pagerduty: AlertChannel<PagerDutySpec> = {
  keyword: 'pagerduty',
  doc: 'Pages by the Events API v2 of PagerDuty, and resolves the incident when it is over.',
  about: 'virtual_server',
  groups: 'object',
  largest: 10_000,
  params: [
    {
      name: 'routing_key',
      type: { kind: 'secret' },
      doc: 'Integration key of the service.',
      ours: true,
      required: true,
    },
    { name: 'url', type: { kind: 'word' }, doc: 'Of the API.', ours: true, default: defaultUrl },
  ],
  plan(values, report) {
    const url = values.has('url') ? readUrl(values, report, defaultUrl) : secret(defaultUrl);
    const routingKey = values.get<Secret>('routing_key');
    if (routingKey === undefined) {
      const hint = 'Write routing_key and the integration key of the service.';
      report('missing-keyword', values.span, 'Without a routing_key PagerDuty takes nothing.', hint);
    }
    return url && routingKey ? { url, routingKey } : null;
  },
  async send({ alerts }, { url, routingKey }, context) {
    const latest = alerts.at(-1);
    if (!latest) return { kind: 'delivered', detail: 'nothing to tell' };
    const body = JSON.stringify({
      routing_key: routingKey.reveal(),
      event_action: latest.state === 'DOWN' ? 'trigger' : 'resolve',
      dedup_key: dedupKeyOf(latest),
      ...(latest.state === 'DOWN' && { payload: showPayload(latest), client: 'checkalived' }),
    });
    return postJson({ url, headers: [], body, secrets: [routingKey] }, context);
  },
};

/** Whatever changes and however often: one incident for each object and director. */
function dedupKeyOf({ routerId, virtualServer, realServer }: Alert): string {
  const hash = createHash('sha256').update(JSON.stringify([routerId, virtualServer, realServer]));
  return `checkalived-${hash.digest('hex').slice(0, 40)}`;
}

function showPayload(alert: Alert) {
  const { time, virtualServer, realServer, since, reason, detail, weight, routerId } = alert;
  return {
    summary: `[${routerId}] ${describeAlert(alert)}${detail === '' ? '' : `: ${detail}`}`.slice(0, longestSummary),
    source: routerId,
    severity: realServer === null ? 'critical' : 'warning',
    timestamp: formatTimestamp(since ?? time),
    component: realServer ?? virtualServer,
    group: virtualServer,
    class: reason,
    custom_details: { virtual_server: virtualServer, real_server: realServer, reason, detail, weight },
  };
}
