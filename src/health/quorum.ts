import type { VirtualServer } from '../model/server.ts';

export type QuorumState = 'unknown' | 'up' | 'down';
type Rule = Pick<VirtualServer, 'quorum' | 'hysteresis'>;

/**
 * The quorum after the weights have changed. `alive`: weights of the real servers in service, summed up. `possible`:
 * the same with those that may be in service for all we know; only while that is not decided can the answer be
 * `unknown`, and a quorum that was there is not lost over it.
 */
export function nextQuorum(rule: Rule, before: QuorumState, alive: number, possible: number): QuorumState {
  switch (before) {
    case 'up':
      return isQuorumLost(rule, possible) ? 'down' : 'up';
    case 'down':
      return isQuorumGained(rule, alive) ? 'up' : 'down';
    case 'unknown':
      if (isQuorumGained(rule, alive)) return 'up';
      return isQuorumGained(rule, possible) ? 'unknown' : 'down';
  }
}

/** keepalived `ipwrapper.c:update_quorum_state`: lost at 0 whatever the hysteresis. */
export function isQuorumLost(rule: Rule, weight: number): boolean {
  return weight === 0 || weight < rule.quorum - rule.hysteresis;
}

/** keepalived's words for the change: `Gained quorum Q+H=T <= W`. */
export function describeQuorum(rule: Rule, before: QuorumState, after: 'up' | 'down', weight: number): string {
  const { quorum, hysteresis } = rule;
  if (after === 'up' || before === 'unknown') {
    const threshold = quorum + hysteresis;
    const what = before === 'unknown' ? `Starting with quorum ${after}` : 'Gained quorum';
    return `${what} ${quorum}+${hysteresis}=${threshold} ${compare(threshold, weight)} ${weight}`;
  }
  const threshold = quorum - hysteresis;
  return `Lost quorum ${quorum}-${hysteresis}=${threshold} ${threshold === weight ? '=' : compare(threshold, weight)} ${weight}`;
}

/**
 * keepalived's words for the change in a mail: one template for all, also where it says what is not so
 * (`ipwrapper.c:update_quorum_state`): a loss reads `Lost quorum Q+H=T <= W`, where T is Q - H.
 */
export function mailQuorum(rule: Rule, before: QuorumState, after: 'up' | 'down', weight: number): string {
  const { quorum, hysteresis } = rule;
  const what =
    before === 'unknown' ? `Starting with quorum ${after}` : after === 'up' ? 'Gained quorum' : 'Lost quorum';
  const threshold = before === 'up' ? quorum - hysteresis : quorum + hysteresis;
  return `${what} ${quorum}+${hysteresis}=${threshold} <= ${weight}`;
}

/** Nothing alive is never a quorum, even where the file asks for none: it would be lost again at once. */
function isQuorumGained(rule: Rule, weight: number): boolean {
  return weight > 0 && weight >= rule.quorum + rule.hysteresis;
}

function compare(threshold: number, weight: number): string {
  return threshold > weight ? '>' : '<=';
}
