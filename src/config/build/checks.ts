import type { Checker, CheckPlan, CheckTarget, Report, Schedule } from '../../model/check.ts';
import { joinText } from '../../model/endpoint.ts';
import { checkerId, type RsId } from '../../model/ids.ts';
import type { Values } from '../../model/params.ts';
import type { Ms } from '../../model/time.ts';
import type { ConfigNode } from '../text/node.ts';
import { readValues } from '../values/values.ts';
import type { BuildContext } from './context.ts';
import { hashText } from './hash.ts';
import type { ServerScope } from './real-server.ts';

const defaultDelayLoop = 60_000;
const defaultConnectTimeout = 5000;

/** What checkers report because we cannot do it, or see further: keepalived is content with it. */
const ownLimits: ReadonlySet<string> = new Set([
  'bad-path',
  'bad-pattern',
  'old-protocol',
  'regex-alone',
  'regex-offsets',
  'bind-port-alone',
  'group-without-expect',
  'ca-alone',
  'repeated-header',
  'sni-alone',
  'tls-twice',
  'host-schedule',
  'no-check-port',
  'dns-name',
]);

interface Address {
  readonly id: RsId;
  readonly address: string;
  /** To check; 0 = none is known. */
  readonly port: number;
}

/** The checks of a real server, everything inherited: checker before real_server before virtual_server before default. */
export function buildChecks(
  node: ConfigNode,
  address: Address,
  real: Values,
  scope: ServerScope,
  context: BuildContext,
): readonly CheckPlan[] {
  const ids = new Map<string, number>();
  const plans = node.nodes.flatMap(child => {
    const checker = context.checkers.get(child.param.name);
    if (checker === undefined) {
      reportUnsupported(child, scope, context);
      return [];
    }
    const params = context.tables.checkers.get(checker.keyword) ?? [];
    const own = readValues(child, params, context.diagnostics, () => true);
    const levels: Levels = [checker.immediate ? null : own, real, scope.values];
    const connects = params.some(param => param.name === 'connect_timeout');
    const target = makeTarget(address, levels, connects, scope, context);
    const specs = plan(checker, own, target, child, context);
    if (context.ownValueReaders.has(child)) return [];
    return specs.map((spec): CheckPlan => {
      const hash = hashText(JSON.stringify(spec) ?? '');
      const id = joinText(scope.id, '>', address.id, '>', checker.keyword, ':', hash);
      const count = (ids.get(id) ?? 0) + 1;
      ids.set(id, count);
      const unique = checkerId(count === 1 ? id : `${id}#${count}`);
      return makePlan({ id: unique, spec, span: child.keyword.span }, checker, levels, context);
    });
  });
  // A copy is as short as the list; what grew may hold much more.
  return plans.slice();
}

/** Checker (null: it takes none of the common keywords), real server, virtual server: the innermost wins. */
type Levels = readonly [own: Values | null, real: Values, virtual: Values];

function plan(
  checker: Checker,
  values: Values,
  target: CheckTarget,
  node: ConfigNode,
  { diagnostics }: BuildContext,
): readonly unknown[] {
  const errors = diagnostics.errors().length;
  const report: Report = (severity, code, message, { file, line, column, length }, hint = '') =>
    diagnostics.add({ severity, code, message, hint, file, line, column, length, keepalived: judges(checker, code) });
  const specs = checker.plan(values, target, report);
  if (specs.length === 0 && diagnostics.errors().length === errors) {
    const message = `${checker.keyword} lacks what it needs: the real server is left unchecked.`;
    const advice = `Give it its mandatory keywords: ${mandatory(checker)}.`;
    diagnostics.report('unusable-checker', node.keyword.span, message, advice);
  }
  return specs;
}

/** Whether keepalived complains of it too. */
function judges({ ours }: Checker, code: string): boolean {
  return ours !== true && !ownLimits.has(code);
}

function mandatory(checker: Checker): string {
  const names = checker.params.filter(param => param.required === true).map(param => param.name);
  return names.length === 0 ? 'see its reference' : names.join(', ');
}

/** `connects`: the checker has a connect_timeout of its own. */
function makeTarget(
  { address, port }: Address,
  levels: Levels,
  connects: boolean,
  { named }: ServerScope,
  { globals, patterns, ssl, trackFiles }: BuildContext,
): CheckTarget {
  const [, real, virtual] = levels;
  return {
    address,
    port,
    virtualhost: real.get<string>('virtualhost') ?? virtual.get<string>('virtualhost') ?? null,
    connectTimeout: innermost<number>(connects ? levels : [real, virtual], 'connect_timeout') ?? defaultConnectTimeout,
    delayLoop: innermost<number>(levels, 'delay_loop') ?? defaultDelayLoop,
    heloName: globals.smtpHeloName,
    scriptUser: globals.scriptUser,
    ssl,
    patterns,
    trackFile: name => (named.trackFiles.has(name) ? trackFiles.get(name) : undefined),
  };
}

/** Written out as one literal: of tens of thousands of plans each would else have a shape of its own. */
function makePlan(
  { id, spec, span }: Pick<CheckPlan, 'id' | 'spec' | 'span'>,
  checker: Checker,
  levels: Levels,
  context: BuildContext,
): CheckPlan {
  const [own, real, virtual] = levels;
  const delayLoop = innermost<number>(levels, 'delay_loop') ?? defaultDelayLoop;
  const ownRetry = own?.get<number>('retry') ?? own?.get<number>('nb_get_retry');
  const alpha = own?.get<boolean>('alpha') ?? real.get<boolean>('alpha') ?? virtual.has('alpha');
  return {
    id,
    type: checker.keyword,
    schedule: resolveSchedule(levels, delayLoop, context),
    warmup: innermost<number>(levels, 'warmup') ?? delayLoop,
    retry: own ? (ownRetry ?? innermost<number>([real, virtual], 'retry') ?? checker.defaultRetry) : 0,
    delayBeforeRetry: innermost<number>(levels, 'delay_before_retry') ?? defaultDelay(checker, delayLoop),
    rise: own ? (innermost<number>(levels, 'rise') ?? 1) : 1,
    alpha: own !== null && alpha,
    logAllFailures: own?.get<boolean>('log_all_failures') === true || context.logAllFailures,
    mail: checker.mail,
    pace: checker.pace,
    watch: checker.peer !== undefined && own?.get<boolean>('watch') === true,
    spec,
    span,
  };
}

function defaultDelay({ defaultDelayBeforeRetry: delay }: Checker, delayLoop: number): number {
  return delay === 'delay_loop' ? delayLoop : delay;
}

/** The innermost level that says when to check wins; of both on one level the calendar. */
function resolveSchedule(levels: Levels, delayLoop: number, context: BuildContext): Schedule {
  for (const level of levels) {
    if (level === null) continue;
    const expression = level.get<string>('schedule');
    if (expression !== undefined) return { kind: 'cron', expression };
    if (level.has('delay_loop')) break;
  }
  return intervalOf(delayLoop, context);
}

/** Checks of the same interval share one object. */
function intervalOf(every: Ms, { intervals }: BuildContext): Schedule {
  const known = intervals.get(every) ?? { kind: 'interval', every };
  intervals.set(every, known);
  return known;
}

function innermost<T>(levels: readonly (Values | null)[], name: string): T | undefined {
  for (const level of levels) {
    if (level?.has(name)) return level.get<T>(name);
  }
  return undefined;
}

/** Judges the block as keepalived does, and says that it is not carried out. */
function reportUnsupported(node: ConfigNode, { named }: ServerScope, { diagnostics, tables }: BuildContext): void {
  const checker = tables.refused.get(node.param.name);
  if (checker === undefined) return;
  const { span } = node.keyword;
  const values = readValues(node, checker.params, diagnostics, () => true);
  for (const fault of checker.judge(values, named)) {
    const advice = 'Correct the block, or remove it.';
    diagnostics.report('unusable-checker', span, `${checker.keyword} cannot be used: ${fault}.`, advice);
  }
  const { message, advice } = checker.refusal;
  diagnostics.report('unsupported-checker', span, message, advice);
}
