import type { CheckPlan } from '../model/check.ts';
import type { Effect } from '../model/effect.ts';
import type { RealServer, Script, VirtualServer } from '../model/server.ts';
import type { Cause, CheckerState } from './checker-state.ts';

/** Effects of one change, in trays: keepalived starts scripts before the quorum's, and mails come last. Alerts are ours. */
export interface Announcements {
  readonly realServers: Effect[];
  readonly virtualServer: Effect[];
  readonly virtualServerMails: Effect[];
  readonly realServerMails: Effect[];
  readonly alerts: Effect[];
}

export function createAnnouncements(): Announcements {
  return { realServers: [], virtualServer: [], virtualServerMails: [], realServerMails: [], alerts: [] };
}

/** keepalived `ipwrapper.c:perform_svr_state`: real servers, then the quorum, then mails, the quorum's first. */
export function inOrder(announcements: Announcements): Effect[] {
  const { realServers, virtualServer, virtualServerMails, realServerMails, alerts } = announcements;
  return [...realServers, ...virtualServer, ...virtualServerMails, ...realServerMails, ...alerts];
}

/** Script and FIFO line of a real server. */
export function announceRealServer(
  to: Announcements,
  plan: VirtualServer,
  server: RealServer,
  news: { readonly word: 'UP' | 'DOWN'; readonly weight: number; readonly reason: string },
): void {
  const { word, weight, reason } = news;
  const event = word === 'UP' ? 'notify_up' : 'notify_down';
  const script = word === 'UP' ? server.notifyUp : server.notifyDown;
  pushScript(to.realServers, script, {
    virtualServer: plan.id,
    realServer: server.id,
    event,
    state: word,
    weight,
    reason,
  });
  to.realServers.push({ type: 'fifo', virtualServer: plan.id, line: `RS ${server.name} ${plan.name} ${word}` });
}

/** Mail about a real server; `text` without the arrows. */
export function mailRealServer(
  to: Announcements,
  plan: VirtualServer,
  server: RealServer,
  news: { readonly word: 'UP' | 'DOWN'; readonly text: string },
): void {
  if (!server.smtpAlert) return;
  to.realServerMails.push({
    type: 'mail',
    virtualServer: plan.id,
    realServer: server.id,
    subject: `Realserver ${server.name} of virtual server ${plan.name} - ${news.word}`,
    body: `=> ${news.text} <=`,
  });
}

/** Script, FIFO line and mail of the quorum. */
export function announceQuorum(
  to: Announcements,
  plan: VirtualServer,
  news: { readonly word: 'UP' | 'DOWN'; readonly weight: number; readonly reason: string; readonly text: string },
): void {
  const { word, weight, reason, text } = news;
  const event = word === 'UP' ? 'quorum_up' : 'quorum_down';
  const script = word === 'UP' ? plan.quorumUp : plan.quorumDown;
  pushScript(to.virtualServer, script, {
    virtualServer: plan.id,
    realServer: null,
    event,
    state: word,
    weight,
    reason,
  });
  to.virtualServer.push({ type: 'fifo', virtualServer: plan.id, line: `VS ${plan.name} ${word}` });
  if (!plan.smtpAlert) return;
  to.virtualServerMails.push({
    type: 'mail',
    virtualServer: plan.id,
    realServer: null,
    subject: `Virtualserver ${plan.name} - ${word}`,
    body: `=> ${text} <=`,
  });
}

type AlertNews = Omit<Effect & { readonly type: 'alert' }, 'type' | 'virtualServer' | 'realServer'>;

/** What channels tell of a real server, or with null of the virtual server; smtp_alert has no say in it. */
export function alertTo(to: Announcements, plan: VirtualServer, server: RealServer | null, news: AlertNews): void {
  to.alerts.push({ type: 'alert', virtualServer: plan.id, realServer: server?.id ?? null, ...news });
}

/** The mail text of a checker for the verdict that it has. */
export function checkerText(plan: CheckPlan, state: Pick<CheckerState, 'verdict'>, cause: Cause): string {
  const { up, down, timedOut } = plan.mail;
  const text = state.verdict === 'up' ? up : cause.reason === 'timeout_script' ? (timedOut ?? down) : down;
  return text.replaceAll('{detail}', () => cause.detail);
}

function pushScript(
  to: Effect[],
  script: Script | null,
  news: Omit<Effect & { readonly type: 'script' }, 'type' | 'script'>,
): void {
  if (script) to.push({ type: 'script', script, ...news });
}
