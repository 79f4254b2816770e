import type { Effect } from '../model/effect.ts';
import type { Remembered } from '../model/event.ts';
import type { RsId, VsId } from '../model/ids.ts';
import type { DesiredService } from '../model/ipvs.ts';
import type { Transition } from '../model/transition.ts';
import {
  alertTo,
  announceQuorum,
  announceRealServer,
  createAnnouncements,
  inOrder,
  mailRealServer,
} from './announce.ts';
import { dropServices, ipvsServices } from './desired.ts';
import { mailQuorum } from './quorum.ts';
import { aliveWeight, type VsState } from './state.ts';
import { alertOfEnd, isKnown, type News } from './tell.ts';

/** Why a virtual server ends. */
export type End = { readonly type: 'removed' } | { readonly type: 'stopping'; readonly release: boolean };

/**
 * The last step of a virtual server. What it tells does not wait for the table: nobody would be there any more to
 * hear the answer.
 */
export function endVirtualServer(state: VsState, end: End): { readonly state: VsState } & News {
  const { plan, settings, committed } = state;
  const isRemoved = end.type === 'removed';
  const isTold = isRemoved || plan.omega;
  const leaves = settings.policy === 'manage' && (isRemoved || end.release);
  const table = leaves ? releaseServices(state) : committed.table;
  const change = state.lastChange + 1;
  const release: Effect[] = leaves
    ? [{ type: 'ipvs', virtualServer: plan.id, change, desired: table, reason: isRemoved ? 'removed' : 'stop' }]
    : [];
  const news = isTold ? tellEnd(state, isRemoved) : { transitions: [], effects: [] };
  return {
    state: {
      ...state,
      phase: isTold ? 'forgotten' : 'stopped',
      committed: { ...committed, table },
      pending: null,
      lastChange: leaves ? change : state.lastChange,
    },
    transitions: news.transitions,
    effects: [...release, ...news.effects],
  };
}

/** Whatever of ours may be in the table, be it from a change that was never acknowledged. */
function releaseServices({ plan, committed, pending, leftovers }: VsState): DesiredService[] {
  const plans = [committed.plan, ...(pending ? [pending.target.plan] : []), plan];
  return dropServices([...plans.flatMap(ipvsServices), ...leftovers], []);
}

/** A virtual server that left the configuration while the agent was away: outages that nobody will ever end are ended. */
export function tellGone(
  virtualServer: VsId,
  { quorum, quorumSince, realServers }: Remembered,
): (Effect & { readonly type: 'alert' })[] {
  const end = {
    type: 'alert',
    virtualServer,
    state: 'REMOVED',
    weight: 0,
    reason: 'config',
    detail: 'Removing',
  } as const;
  const down = Object.entries(realServers).filter(([, { health }]) => health === 'down');
  return [
    ...down.map(([id, { since }]) => ({ ...end, realServer: id as RsId, since })),
    ...(quorum === 'down' ? [{ ...end, realServer: null, since: quorumSince ?? null }] : []),
  ];
}

/** keepalived `ipwrapper.c:clear_service_vs`, :update_vs_notifies for the quorum, when all are out; we also name real servers that the sorry server displaced. */
function tellEnd({ committed }: VsState, isRemoved: boolean): News {
  const { plan, realServers, quorum, quorumSince } = committed;
  const reason = isRemoved ? 'config' : 'stop';
  const text = isRemoved ? 'Removing' : 'Shutting down';
  const announcements = createAnnouncements();
  const transitions: Transition[] = [];
  const end = { virtualServer: plan.id, to: 'unknown', reason, detail: text } as const;
  const byId = new Map(plan.realServers.map(server => [server.id, server]));
  for (const last of realServers) {
    const { id, health, inService, weight } = last;
    const server = byId.get(id);
    if (!server) continue;
    if (health !== 'unknown') {
      transitions.push({ object: 'real_server', realServer: id, from: health, weight, ...end });
    }
    // Who stops the agent knows it: at a stop the virtual server alone is told of, which its next start tells to be up.
    if (isRemoved && isKnown(last)) alertTo(announcements, plan, server, alertOfEnd(last));
    if (!inService) continue;
    announceRealServer(announcements, plan, server, { word: 'DOWN', weight, reason });
    mailRealServer(announcements, plan, server, { word: 'DOWN', text });
  }
  if (quorum !== 'unknown') {
    const weight = aliveWeight(realServers);
    transitions.push({ object: 'virtual_server', realServer: null, from: quorum, weight, ...end });
    const lost = isRemoved ? mailQuorum(plan, quorum, 'down', 0) : text;
    if (quorum === 'up') announceQuorum(announcements, plan, { word: 'DOWN', weight, reason, text: lost });
    const since = quorum === 'down' ? quorumSince : null;
    if (isRemoved) alertTo(announcements, plan, null, { state: 'REMOVED', since, weight, reason, detail: text });
    else if (quorum === 'up')
      alertTo(announcements, plan, null, { state: 'DOWN', since: null, weight, reason, detail: text });
  }
  return { transitions, effects: inOrder(announcements) };
}
