import type { Effect } from '../model/effect.ts';

export type ScriptEffect = Extract<Effect, { type: 'script' }>;

/**
 * What a notify script finds in its environment besides the agent's own; its arguments are those of the file and no
 * others, as with keepalived.
 * @param time when it happened, RFC 3339
 */
export function scriptEnvironment(effect: ScriptEffect, time: string): Readonly<Record<string, string>> {
  return {
    CHECKALIVED_EVENT: effect.event,
    CHECKALIVED_VIRTUAL_SERVER: effect.virtualServer,
    // Empty for an event of the virtual server itself.
    CHECKALIVED_REAL_SERVER: effect.realServer ?? '',
    CHECKALIVED_STATE: effect.state,
    CHECKALIVED_WEIGHT: String(effect.weight),
    CHECKALIVED_REASON: effect.reason,
    CHECKALIVED_TIME: time,
  };
}
