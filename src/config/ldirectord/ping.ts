import { type ConvertContext, findSetting, readNumber } from './context.ts';
import type { CheckScope } from './method.ts';
import { block, type Output, say } from './output.ts';
import { clampTimeout, readTimeout } from './timing.ts';

const mostRetries = 4_294_967_295;

/**
 * One answer of checkcount is enough (ldirectord.in:check_ping): what is not answered is asked again so often, and in such
 * steps, that a server is out after the same time.
 */
export function writePing(scope: CheckScope, context: ConvertContext): Output {
  const { section, interval, method } = scope;
  const timeout = readTimeout(scope, context);
  const count = readNumber([findSetting(section, 'checkcount', context)], 1);
  const failures = readNumber([findSetting(section, 'failurecount', context)], 1);
  const retry = Math.min(failures.value * count.value - 1, mostRetries);
  const pauses = (failures.value - 1) * interval.value;
  const step = retry === 0 ? null : Number((pauses / retry).toFixed(3));
  const from = [...failures.from, ...count.from];
  return block(
    'PING_CHECK',
    [
      say(`connect_timeout ${clampTimeout(timeout, context)}`, ...timeout.from),
      say(`retry ${retry}`, ...from),
      ...(step === null ? [] : [say(`delay_before_retry ${step}`, ...from, ...interval.from)]),
    ],
    ...method.from,
  );
}
