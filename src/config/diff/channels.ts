import type { ChannelPlan } from '../../model/alert.ts';
import { isSecret } from '../../model/secret.ts';
import { type Change, matchByName, nothing } from './change.ts';
import { findDifferences, showSeconds, showValue } from './values.ts';

const base = { ...nothing, takesEffect: 'reload' } as const;

/** What changes in the channels of alerts: which come and go, and what differs in those that stay. */
export function diffChannels(before: readonly ChannelPlan[], after: readonly ChannelPlan[]): readonly Change[] {
  return matchByName(before, after, ({ id }) => id).flatMap(([old, now]): readonly Change[] => {
    if (old && now) return diffChannel(old, now);
    if (now) {
      const effect = 'is told of what changes from then on';
      return [{ ...base, change: 'added', what: now.id, from: null, to: `about ${now.about}`, effect }];
    }
    if (!old) return [];
    const effect = 'what it is still owed is given up';
    return [{ ...base, change: 'removed', what: old.id, from: `about ${old.about}`, to: null, effect }];
  });
}

function diffChannel(before: ChannelPlan, after: ChannelPlan): readonly Change[] {
  const [old, now] = [rowsOf(before), rowsOf(after)];
  // A login is made of several things, and is one to whoever reads this.
  const names = new Set(findDifferences(old, now).map(({ path }) => path.split('.')[0] ?? ''));
  return [...names].map(name => ({
    ...base,
    change: 'changed',
    what: `${after.id} ${name}`,
    from: showRow(old[name]),
    to: showRow(now[name]),
    effect: 'from the next message on',
  }));
}

function showRow(value: unknown): string | null {
  return typeof value === 'object' && !isSecret(value) ? null : showValue(value);
}

/** By keyword, as far as a plan still has them. */
function rowsOf({ about, timeout, ca, spec }: ChannelPlan): Readonly<Record<string, unknown>> {
  const own = Object.entries(spec as object).map(([name, value]) => [
    name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
    value,
  ]);
  return { about, timeout: showSeconds(timeout), ca, ...Object.fromEntries(own) };
}
