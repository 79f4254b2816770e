import type { HealthSettings } from '../model/health.ts';
import { wordOf } from './real-server.ts';
import type { Committed, CommittedServer } from './state.ts';

/** Real servers named before `and n more`. */
const named = 3;

/** Why the table is to change, in a few words for the log: `[10.0.0.2]:tcp:80 DOWN (refused), quorum down`. */
export function describeChange(before: Committed, after: Committed, policy: HealthSettings['policy']): string {
  if (before.phase === 'new') return 'start';
  if (before.plan !== after.plan) return 'reload';
  const servers = describeServers(before, after, policy);
  const parts = servers.slice(0, named);
  if (servers.length > named) parts.push(`and ${servers.length - named} more`);
  if (before.quorum !== after.quorum) parts.push(`quorum ${after.quorum}`);
  return parts.length > 0 ? parts.join(', ') : 'again after a failure';
}

function describeServers(before: Committed, after: Committed, policy: HealthSettings['policy']): string[] {
  return after.plan.realServers.flatMap(({ name }, index) => {
    const now = after.realServers[index];
    const earlier = before.realServers[index];
    if (!now || !earlier || now === earlier) return [];
    if (earlier.inService !== now.inService) return [`${name} ${wordOf(now)}${describeCause(now)}`];
    if (earlier.weight !== now.weight) return [`${name} weight ${earlier.weight} -> ${now.weight}`];
    return policy !== 'manage' && earlier.claimed !== now.claimed ? [`${name} ${wordOf(now)}`] : [];
  });
}

function describeCause({ health, checkers }: CommittedServer): string {
  const cause = health === 'down' ? checkers.find(checker => checker.verdict === 'down')?.cause : null;
  return cause ? ` (${cause.reason})` : '';
}
