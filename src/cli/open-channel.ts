import type { OpenChannel } from '../delivery/channels.ts';
import type { AlertChannel, ChannelPlan } from '../model/alert.ts';
import type { Post } from '../model/ports.ts';
import type { Clock } from '../model/time.ts';

export interface OpenChannelModules {
  readonly channels: readonly AlertChannel[];
  readonly clock: Clock;
  /** null: nothing may be sent (a dry run). */
  readonly createPost: ((options: Pick<ChannelPlan, 'timeout' | 'ca'>) => Post) | null;
}

/** Joins a channel of the configuration with the code that speaks to it. */
export function openChannel(plan: ChannelPlan, { channels, clock, createPost }: OpenChannelModules): OpenChannel {
  const channel = channels.find(({ keyword }) => keyword === plan.keyword);
  if (!channel) throw new Error(`there is no channel ${plan.keyword}`);
  const post = createPost?.(plan);
  return {
    groups: channel.groups,
    largest: channel.largest,
    ...(channel.repeats && { repeats: channel.repeats }),
    send: post ? (message, signal) => channel.send(message, plan.spec, { post, now: clock.wall(), signal }) : null,
  };
}
