import { type ConvertContext, findOwn, findSetting, readNumber, type Timed } from './context.ts';
import type { CheckScope } from './method.ts';
import { type Output, say } from './output.ts';

/** keepalived takes no more for connect_timeout and misc_timeout. */
const longestTimeout = 4294;

/** Failures that are forgiven: one less than failurecount; ldirectord looks again at its usual interval. */
export function writeRetries({ section, interval }: CheckScope, context: ConvertContext): readonly Output[] {
  const count = readNumber([findSetting(section, 'failurecount', context)], 1);
  const retry = Math.min(count.value - 1, 4_294_967_295);
  if (retry === 0) return [say('retry 0', ...count.from)];
  return [say(`retry ${retry}`, ...count.from), say(`delay_before_retry ${interval.value}`, ...interval.from)];
}

/** ldirectord.in:ld_setup: the two limits stand in for one another. */
export function readTimeout({ section, method }: CheckScope, { file }: ConvertContext): Timed {
  const own = ['checktimeout', 'negotiatetimeout'].map(name => findOwn(section.settings, name));
  const global = ['checktimeout', 'negotiatetimeout'].map(name => findOwn(file.globals, name));
  return method.negotiates
    ? readNumber([...own.toReversed(), ...global.toReversed()], 30)
    : readNumber([...own, ...global], 5);
}

export function clampTimeout({ value, from }: Timed, { notes }: ConvertContext): number {
  if (value <= longestTimeout) return value;
  for (const line of from) {
    notes.add(
      'warning',
      line,
      `The timeout is ${longestTimeout} seconds, the most that keepalived takes.`,
      'Write a shorter one.',
    );
  }
  return longestTimeout;
}
