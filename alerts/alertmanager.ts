import type { Alert, AlertChannel } from '../src/model/alert.ts';
import { type Secret, secret } from '../src/model/secret.ts';
import { type EpochMs, formatTimestamp, type Ms } from '../src/model/time.ts';
import { type Login, loginParams, readLogin } from './logins.ts';
import { postJson } from './post-json.ts';
import { readUrl } from './urls.ts';

interface AlertmanagerSpec {
  readonly url: Secret;
  readonly login: Login;
}

const path = '/api/v2/alerts';
/** An alert that is not sent again within this is over: the agent is dead, and Prometheus will say so. */
const expires: Ms = 5 * 60_000;

/** Prometheus Alertmanager, API v2. */
export const alertmanager: AlertChannel<AlertmanagerSpec> = {
  keyword: 'alertmanager',
  doc: 'Pushes alerts to a Prometheus Alertmanager, every minute while something is down.',
  about: 'all',
  groups: 'all',
  largest: 500,
  repeats: true,
  params: [
    { name: 'url', type: { kind: 'word' }, doc: `Of the Alertmanager, without ${path}.`, ours: true, required: true },
    ...loginParams,
  ],
  plan(values, report) {
    const url = readUrl(values, report, 'http://alertmanager.example.com:9093');
    const login = readLogin(values, report);
    return url && login && { url: completeUrl(url), login };
  },
  send({ alerts }, { url, login }, context) {
    const body = JSON.stringify(latestOf(alerts).map(alert => showAlert(alert, context.now)));
    return postJson({ url, ...login, body }, context);
  },
};

function completeUrl(written: Secret): Secret {
  const url = new URL(written.reveal());
  const base = url.pathname.replace(/\/+$/, '');
  url.pathname = base.endsWith(path) ? base : `${base}${path}`;
  return secret(url.href);
}

/** Of several changes of one object the last one says what is so. */
function latestOf(alerts: readonly Alert[]): readonly Alert[] {
  return [...new Map(alerts.map(alert => [`${alert.virtualServer}\n${alert.realServer ?? ''}`, alert])).values()];
}

/** Labels say which alert it is: they are the same from its beginning to its end, and all else is an annotation. */
function showAlert(alert: Alert, now: EpochMs) {
  const { virtualServer, realServer, state, since, time, reason, detail, routerId } = alert;
  const isDown = state === 'DOWN';
  const begun = since ?? (isDown ? time : null);
  const what = realServer === null ? virtualServer : `${realServer} of ${virtualServer}`;
  return {
    labels: {
      alertname: realServer === null ? 'CheckalivedVirtualServerDown' : 'CheckalivedRealServerDown',
      virtual_server: virtualServer,
      ...(realServer !== null && { real_server: realServer }),
      router_id: routerId,
      severity: realServer === null ? 'critical' : 'warning',
    },
    annotations: {
      summary: `${realServer === null ? 'Virtual' : 'Real'} server ${what} is ${isDown ? 'down' : state === 'UP' ? 'up' : 'removed'}`,
      ...(reason !== '' && { reason }),
      ...(detail !== '' && { description: detail }),
    },
    ...(begun !== null && { startsAt: formatTimestamp(begun) }),
    endsAt: formatTimestamp(isDown ? now + expires : time),
  };
}
