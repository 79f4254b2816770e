import type { Alert, ChannelPlan } from '../model/alert.ts';
import { cut, type OwedMessage } from './form-alerts.ts';
import type { Draft } from './queue.ts';

/** Messages that say once more what is down, as far as the channel is about it. */
export function formRepetition(
  outages: Iterable<Alert>,
  { about }: Pick<ChannelPlan, 'about'>,
  largest: number,
): readonly Draft<OwedMessage>[] {
  const concerned = [...outages].filter(({ kind }) => about === 'all' || kind === about);
  return cut(concerned, largest).map(alerts => ({
    members: [],
    time: alerts[0]?.time ?? 0,
    title: `${alerts.length} outages`,
    message: { id: '', read: () => alerts },
  }));
}
