import { type Alert, type AlertChannel, describeAlert } from '../src/model/alert.ts';
import type { Secret } from '../src/model/secret.ts';
import { postJson } from './post-json.ts';
import { readUrl } from './urls.ts';

interface SlackSpec {
  readonly url: Secret;
}

/** Changes of one message that are shown; the rest is counted. */
const shown = 20;
const colours: Readonly<Record<Alert['state'], string>> = { UP: '#2e7d32', DOWN: '#c62828', REMOVED: '#757575' };

/** Slack, and what takes the same: Mattermost, Rocket.Chat. */
export const slack: AlertChannel<SlackSpec> = {
  keyword: 'slack',
  doc: 'Tells an incoming webhook of Slack, Mattermost or Rocket.Chat.',
  about: 'all',
  groups: 'all',
  largest: 2_000,
  params: [
    {
      name: 'url',
      type: { kind: 'secret' },
      doc: 'Of the incoming webhook: who knows it may write to the channel.',
      ours: true,
      required: true,
    },
  ],
  plan(values, report) {
    const url = readUrl(values, report, 'https://hooks.slack.com/services/...');
    return url && { url };
  },
  send({ alerts }, { url }, context) {
    const body = JSON.stringify({ text: summarize(alerts), attachments: alerts.slice(0, shown).map(showChange) });
    return postJson({ url, headers: [], body, secrets: [] }, context);
  },
};

function summarize(alerts: readonly Alert[]): string {
  const [first] = alerts;
  if (!first) return '';
  const prefix = `[${first.routerId}] `;
  if (alerts.length === 1) return escapeSigns(`${prefix}${describeAlert(first)}`);
  const count = (state: Alert['state']): number => alerts.filter(alert => alert.state === state).length;
  const removed = count('REMOVED');
  const counts = `${count('UP')} up, ${count('DOWN')} down${removed > 0 ? `, ${removed} removed` : ''}`;
  const rest = alerts.length > shown ? `; the first ${shown}:` : '';
  return escapeSigns(`${prefix}${alerts.length} changes: ${counts}${rest}`);
}

function showChange(alert: Alert) {
  const { state, reason, detail, time } = alert;
  const title = describeAlert(alert);
  const text = detail === '' || detail === reason ? reason : `${reason}: ${detail}`;
  return {
    fallback: escapeSigns(`${title} (${text})`),
    color: colours[state],
    title: escapeSigns(title),
    text: escapeSigns(text),
    ts: Math.floor(time / 1000),
  };
}

/** Slack's three signs; what checks heard from a server must not become a link or call everybody. */
function escapeSigns(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
