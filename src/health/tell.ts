import type { CheckPlan } from '../model/check.ts';
import type { Effect } from '../model/effect.ts';
import type { HealthSettings } from '../model/health.ts';
import type { RealServer } from '../model/server.ts';
import type { EpochMs } from '../model/time.ts';
import type { Transition } from '../model/transition.ts';
import {
  type Announcements,
  alertTo,
  announceQuorum,
  announceRealServer,
  checkerText,
  createAnnouncements,
  inOrder,
  mailRealServer,
} from './announce.ts';
import { type Cause, type CheckerState, sameWish, standingOf } from './checker-state.ts';
import { describeQuorum, mailQuorum } from './quorum.ts';
import { wordOf } from './real-server.ts';
import { aliveWeight, type Committed, type CommittedServer, committedServers, isSorryActive } from './state.ts';

/** What a step tells: to the log and the store, and to the world. */
export interface News {
  readonly transitions: readonly Transition[];
  readonly effects: readonly Effect[];
}

/** What is to be told when `after` takes the place of `before`. */
export function tellChanges(before: Committed, after: Committed, settings: HealthSettings): News {
  const transitions: Transition[] = [];
  const announcements = createAnnouncements();
  const context: Context = { before, after, settings, transitions, announcements };
  if (before.phase === 'running' && before.plan !== after.plan) tellRemoved(context);
  const earlierOf = committedServers(before, after.plan);
  for (let index = 0; index < after.realServers.length; index++) {
    const now = after.realServers[index];
    const earlier = earlierOf(index);
    const server = after.plan.realServers[index];
    if (now && server && now !== earlier) tellRealServer(context, server, earlier, now);
  }
  tellQuorum(context);
  tellSorryServer(context);
  return { transitions, effects: inOrder(announcements) };
}

interface Context {
  readonly before: Committed;
  readonly after: Committed;
  readonly settings: HealthSettings;
  readonly transitions: Transition[];
  readonly announcements: Announcements;
}

/** keepalived `ipwrapper.c:clear_service_rs` at a reload: who leaves while in service goes DOWN. */
function tellRemoved({ before, after, transitions, announcements }: Context): void {
  const stays = new Set(after.plan.realServers.map(server => server.id));
  for (const [index, server] of before.plan.realServers.entries()) {
    const last = before.realServers[index];
    if (!last || stays.has(server.id)) continue;
    const { health, inService, weight } = last;
    if (health !== 'unknown') {
      transitions.push({
        object: 'real_server',
        virtualServer: after.plan.id,
        realServer: server.id,
        from: health,
        to: 'unknown',
        weight,
        reason: 'config',
        detail: 'Removing',
      });
    }
    if (isKnown(last)) alertTo(announcements, after.plan, server, alertOfEnd(last));
    if (!inService) continue;
    announceRealServer(announcements, after.plan, server, { word: 'DOWN', weight, reason: 'config' });
    mailRealServer(announcements, after.plan, server, { word: 'DOWN', text: 'Removing' });
  }
}

/** In service, or told to be down: who is told of changes knows of it. */
export function isKnown({ inService, told }: CommittedServer): boolean {
  return inService || told === 'down';
}

/** A real server that the configuration does not have any more ends its outage, if there is one. */
export function alertOfEnd(last: CommittedServer) {
  return {
    state: 'REMOVED',
    since: outageOf(last),
    weight: last.weight,
    reason: 'config',
    detail: 'Removing',
  } as const;
}

/** When the outage of a real server began; null: there is none. */
function outageOf(server: CommittedServer | undefined): EpochMs | null {
  return server?.health === 'down' ? server.since : null;
}

function tellRealServer(
  context: Context,
  server: RealServer,
  earlier: CommittedServer | undefined,
  now: CommittedServer,
): void {
  const { before, after, settings, transitions, announcements } = context;
  const checkers = pairCheckers(context, server, earlier, now);
  const decisive = findDecisive(context, checkers, now);
  const fallback: Cause = { reason: before.phase === 'new' ? 'start' : 'config', detail: '' };
  const cause = decisive?.now.cause ?? fallback;
  const object = { virtualServer: after.plan.id, realServer: server.id, weight: now.weight };
  const from = earlier?.health ?? 'unknown';
  if (from !== now.health) transitions.push({ object: 'real_server', ...object, from, to: now.health, ...cause });
  if (earlier && earlier.weight !== now.weight && earlier.inService === now.inService) {
    const asked = checkers.find(checker => !sameWish(checker.earlier?.weight ?? null, checker.now.weight))?.now.cause;
    const weights = { from: String(earlier.weight), to: String(now.weight) };
    transitions.push({ object: 'weight', ...object, ...weights, ...(asked ?? fallback) });
  }
  const word = wordOf(now);
  const isTold = now.told !== 'none' && now.told !== (earlier?.told ?? 'none');
  if (isTold) announceRealServer(announcements, after.plan, server, { word, weight: now.weight, reason: cause.reason });
  // A channel tells states: a server that was never there (alpha) is down all the same.
  if (isTold && (word === 'DOWN' || earlier !== undefined)) {
    const since = outageOf(word === 'DOWN' ? now : earlier);
    alertTo(announcements, after.plan, server, { state: word, since, weight: now.weight, ...cause });
  }
  // rs_init_notifies has scripts run and lines written, but mails belong to checkers.
  const isMailed = isTold && (word === 'DOWN' ? !wasNeverThere(earlier, now) : earlier !== undefined);
  if (isMailed) {
    const text = decisive ? checkerText(decisive.plan, decisive.now, cause) : 'Configuration changed';
    mailRealServer(announcements, after.plan, server, { word, text });
  }
  if (settings.noCheckerEmails) return;
  for (const checker of checkers) {
    if (!hasTurned(checker) || (isMailed && checker === decisive)) continue;
    const text = checkerText(checker.plan, checker.now, checker.now.cause ?? fallback);
    mailRealServer(announcements, after.plan, server, { word, text });
  }
}

/** Who is told by mail of its end misses a server that was there; keepalived mails none whose checker was not up (alpha). */
function wasNeverThere(earlier: CommittedServer | undefined, { checkers }: CommittedServer): boolean {
  return (earlier?.told ?? 'none') === 'none' && checkers.some(({ assumed }) => assumed === 'down');
}

/** One check before and after the change. */
interface CheckerPair {
  readonly plan: CheckPlan;
  readonly earlier: CheckerState | undefined;
  readonly now: CheckerState;
}

function pairCheckers(
  { before, after }: Context,
  server: RealServer,
  earlier: CommittedServer | undefined,
  now: CommittedServer,
): CheckerPair[] {
  const checksBefore = before.plan === after.plan ? server.checks : findChecks(before, server);
  return server.checks.flatMap((plan, index) => {
    const position = checksBefore === server.checks ? index : checksBefore.findIndex(check => check.id === plan.id);
    const state = now.checkers[index];
    return state ? [{ plan, earlier: earlier?.checkers[position], now: state }] : [];
  });
}

function findChecks(before: Committed, server: RealServer): readonly CheckPlan[] {
  return before.plan.realServers.find(other => other.id === server.id)?.checks ?? [];
}

/** The check that explains what became of its real server. */
function findDecisive(
  { before }: Context,
  checkers: readonly CheckerPair[],
  { health }: CommittedServer,
): CheckerPair | undefined {
  const agreeing = checkers.filter(checker => checker.now.verdict === health);
  const news = agreeing.filter(checker => checker.earlier?.verdict !== health);
  // What an earlier run saw, and had no time to tell, is news too.
  const telling = news.length === 0 && before.phase === 'new' ? agreeing : news;
  return health === 'down' ? telling[0] : telling.at(-1);
}

/** Has the checker changed its mind? Its first success is no change, unless it was assumed down (alpha). */
function hasTurned({ earlier, now }: CheckerPair): boolean {
  return earlier !== undefined && standingOf(earlier) !== standingOf(now);
}

function tellQuorum({ before, after, transitions, announcements }: Context): void {
  const { plan, quorum } = after;
  if (quorum === before.quorum || quorum === 'unknown') return;
  const weight = aliveWeight(after.realServers);
  const reason = before.phase === 'new' ? 'start' : 'quorum';
  const news = { weight, reason, detail: describeQuorum(plan, before.quorum, quorum, weight) } as const;
  transitions.push({
    object: 'virtual_server',
    virtualServer: plan.id,
    realServer: null,
    from: before.quorum,
    to: quorum,
    ...news,
  });
  const text = mailQuorum(plan, before.quorum, quorum, weight);
  const word = quorum === 'up' ? 'UP' : 'DOWN';
  announceQuorum(announcements, plan, { word, weight, reason, text });
  const down = [after, before].find(view => view.quorum === 'down');
  alertTo(announcements, plan, null, { state: word, since: down?.quorumSince ?? null, ...news });
}

function tellSorryServer({ before, after, transitions }: Context): void {
  const active = isSorryActive(after);
  if (active === isSorryActive(before)) return;
  const sorryServer = after.plan.sorryServer ?? before.plan.sorryServer;
  transitions.push({
    object: 'sorry_server',
    virtualServer: after.plan.id,
    realServer: null,
    from: active ? 'inactive' : 'active',
    to: active ? 'active' : 'inactive',
    weight: active ? 1 : 0,
    reason: before.quorum === after.quorum ? 'config' : before.phase === 'new' ? 'start' : 'quorum',
    detail: sorryServer ? `[${sorryServer.address}]:${sorryServer.port}` : '',
  });
}
