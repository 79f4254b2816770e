import { createHmac } from 'node:crypto';
import * as assert from 'uvu/assert';
import { webHookSecret } from './stage.ts';
import type { WebHook } from './web-hook.ts';

/** What Alertmanager posts to a web hook. */
export interface Notification {
  readonly status: 'firing' | 'resolved';
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

/** What the agent posts to its web hook. */
interface AgentEvent {
  readonly real_server: string | null;
  readonly state: string;
  readonly reason: string;
}

/**
 * What a receiver of the example was told of this alert, in order; each has the alert in it. `job`: undefined for what
 * the agent says by itself.
 */
export function notificationsOf(
  webHook: WebHook,
  receiver: string,
  alert: string,
  job: string | undefined,
): readonly Notification[] {
  const all = webHook.deliveries(`/${receiver}`).map(({ body }): Notification => JSON.parse(body));
  return all.filter(
    ({ groupLabels, alerts }) =>
      groupLabels['job'] === job && alerts.some(({ labels }) => labels['alertname'] === alert),
  );
}

/** What the agent has posted to its own web hook, with signatures as docs/guides/notifications.md says. */
export function eventsOfAgent(webHook: WebHook): readonly AgentEvent[] {
  return webHook.deliveries('/agent').flatMap(({ headers, body }) => {
    const [, time, hash] = /^t=(\d+),v1=(\w+)$/.exec(String(headers['x-checkalived-signature'])) ?? [];
    assert.is(createHmac('sha256', webHookSecret).update(`${time}.${body}`).digest('hex'), hash);
    return JSON.parse(body).events as AgentEvent[];
  });
}
