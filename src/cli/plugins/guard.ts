import type { Checker, CheckResult, Report } from '../../model/check.ts';
import type { Param, Params, ParamType, ReadWords, Values } from '../../model/params.ts';
import type { ConnectOptions } from '../../model/ports.ts';
import type { Ms } from '../../model/time.ts';
import { attempt, guardContext } from './guard-context.ts';
import { findResultFault } from './result-shape.ts';

/** What a check may take besides what it says: our own loop may be late, too. */
const grace: Ms = 10_000;

/**
 * A plug-in's checker with its bugs kept apart from us. What it throws while a configuration is read is a fault of the
 * configuration; what it throws in a check, in a callback too, and what it gives that is no result, rejects the check.
 */
export function guardChecker(checker: Checker, path: string): Checker {
  const { keyword, doc, defaultRetry, defaultDelayBeforeRetry, pace, mail } = checker;
  const spell = (fault: unknown): string => `${keyword} of the plug-in ${path}: ${messageOf(fault)}`;
  /** What went wrong in `watch`, by the signal of the check, which tells it. */
  const unwatched = new WeakMap<AbortSignal, unknown>();
  return {
    keyword,
    ours: true,
    doc,
    params: guardParams(checker.params),
    defaultRetry,
    defaultDelayBeforeRetry,
    ...(checker.immediate && { immediate: true as const }),
    pace,
    mail,
    plan(values, target, report) {
      try {
        const specs: unknown = checker.plan(values, target, report);
        if (!Array.isArray(specs)) throw new Error('plan gave no list');
        for (const spec of specs) judgeSpec(checker, spec);
        return specs;
      } catch (fault) {
        reportBug(spell(fault), values, report);
        return [];
      }
    },
    check: (spec, context) =>
      new Promise((resolve, reject) => {
        if (unwatched.has(context.signal)) throw unwatched.get(context.signal);
        const { clock } = context;
        const overdue = new AbortController();
        const limit = checker.longest(spec) + grace;
        const cancel = clock.at(clock.now() + limit, () => {
          reject(new Error(spell(`check did not settle within ${limit / 1000} s, longer than longest says`)));
          overdue.abort();
        });
        const signal = AbortSignal.any([context.signal, overdue.signal]);
        const guarded = guardContext({ ...context, signal }, reject);
        const checking = async (): Promise<CheckResult> => judgeResult(await checker.check(spec, guarded), spell);
        checking().then(resolve, reject).finally(cancel);
      }),
    ...(checker.watch !== undefined && {
      watch(spec, context, wake) {
        const fail = (fault: unknown): void => {
          unwatched.set(context.signal, fault);
          wake();
        };
        attempt(() => checker.watch?.(spec, guardContext(context, fail), wake), fail);
      },
    }),
    ...(checker.solitary !== undefined && { solitary: checker.solitary }),
    ...(checker.peer !== undefined && { peer: spec => findPeer(checker, spec) }),
    longest: spec => checker.longest(spec),
  };
}

/** A plug-in that does not know its peer has none: that only costs speed. */
function findPeer(checker: Checker, spec: unknown): ConnectOptions | null {
  try {
    const peer: unknown = checker.peer?.(spec);
    const { address, port } = (peer ?? {}) as Partial<ConnectOptions>;
    return typeof address === 'string' && typeof port === 'number' ? (peer as ConnectOptions) : null;
  } catch {
    return null;
  }
}

function reportBug(message: string, values: Values, report: Report): void {
  report('error', 'plugin-bug', message, values.span, 'Mend the plug-in, and restart checkalived.');
}

/** The spec is hashed and kept as JSON, and the time is used to judge the schedule. */
function judgeSpec(checker: Checker, spec: unknown): void {
  if (JSON.stringify(spec) === undefined) throw new Error('a spec of plan is no plain data');
  const longest: unknown = checker.longest(spec);
  if (typeof longest !== 'number' || !Number.isFinite(longest) || longest < 0)
    throw new Error(`longest gave ${String(longest)}, no milliseconds`);
}

function judgeResult(result: CheckResult, spell: (fault: unknown) => string): CheckResult {
  const fault = findResultFault(result);
  if (fault !== null) throw new Error(spell(fault));
  return result;
}

function guardParams(params: Params): Params {
  return params.map((param): Param => ({ ...param, type: guardType(param.type) }));
}

function guardType(type: ParamType): ParamType {
  switch (type.kind) {
    case 'custom':
      return { ...type, read: guardRead(type.read) };
    case 'list':
      return type.entry === undefined ? type : { ...type, entry: { ...type.entry, read: guardRead(type.entry.read) } };
    case 'block':
      return { ...type, params: guardParams(type.params) };
    default:
      return type;
  }
}

function guardRead(read: ReadWords): ReadWords {
  return (words, tell) => {
    try {
      return read(words, tell);
    } catch (fault) {
      return tell('bad-value', words[0], `The plug-in cannot read this: ${messageOf(fault)}.`, 'Mend the plug-in.');
    }
  };
}

function messageOf(fault: unknown): string {
  const [message = ''] = (fault instanceof Error ? fault.message : String(fault)).split('\n');
  return message;
}
