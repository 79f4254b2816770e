import type { WeightWish } from '../model/check.ts';
import { maxWeight, type RealServer } from '../model/server.ts';
import { type CheckerState, createChecker } from './checker-state.ts';

type Health = 'unknown' | 'up' | 'down';

/** What the checks of one real server say, in the order of its plan. */
export interface RealServerState {
  readonly checkers: readonly CheckerState[];
  /** What to take it for as long as a fault in the file keeps a check from running. */
  readonly assumed: 'up' | 'down';
}

/** What follows from the checks for the real server as a whole. */
export interface Standing {
  /** What we know: `unknown` until every check has given a verdict, unless one of them says down. */
  readonly health: Health;
  /** Whether it is to get traffic: up, or unknown and assumed up. keepalived's `alive`. */
  readonly inService: boolean;
  /** Effective weight, 0..65535. */
  readonly weight: number;
}

/** All checks must be up; a real server without checks is up. keepalived `ipwrapper.c:set_checker_state`. */
export function judgeRealServer(plan: RealServer, state: RealServerState): Standing {
  const weight = effectiveWeight(plan.weight, state.checkers);
  let known = plan.unchecked === null;
  let assumed = known ? 'up' : state.assumed;
  for (const checker of state.checkers) {
    if (checker.verdict === 'down') return { health: 'down', inService: false, weight };
    if (checker.verdict === 'up') continue;
    known = false;
    if (checker.assumed === 'down') assumed = 'down';
  }
  return { health: known ? 'up' : 'unknown', inService: assumed === 'up', weight };
}

/** A real server before its first check: in service, unless alpha. */
export function createRealServer(plan: RealServer): RealServerState {
  return {
    checkers: plan.checks.map(check => createChecker(check.alpha ? 'down' : 'up')),
    assumed: 'up',
  };
}

/**
 * What was already known of a real server (before a reload or a restart) carried over to its plan of now. A check that
 * was not there must not bring back a server that is down, nor take one out that is up: keepalived counts an edited
 * checker as up at once (`ipwrapper.c:migrate_checkers`).
 */
export function adoptRealServer(
  plan: RealServer,
  known: {
    readonly standing: Pick<Standing, 'health' | 'inService'>;
    readonly assumed: RealServerState['assumed'];
    readonly checker: (id: string) => CheckerState | undefined;
  },
): RealServerState {
  const { health, inService } = known.standing;
  const checkers = plan.checks.map(check => {
    const checker = known.checker(check.id);
    if (checker) return checker;
    const fresh = createChecker(check.alpha && !inService ? 'down' : 'up');
    if (health !== 'down') return fresh;
    return { ...fresh, verdict: 'down' as const, cause: { reason: 'config' as const, detail: 'new check' } };
  });
  if (inService) return { checkers, assumed: 'up' };
  return { checkers, assumed: health === 'down' ? 'down' : known.assumed };
}

/** The up or down that scripts, FIFOs and mails speak of. */
export function wordOf(standing: Pick<Standing, 'inService'>): 'UP' | 'DOWN' {
  return standing.inService ? 'UP' : 'DOWN';
}

/** Configured weight plus what each dynamic checker adds to it; summed up anew each time, never accumulated. */
function effectiveWeight(configured: number, checkers: readonly CheckerState[]): number {
  let weight = configured;
  for (const checker of checkers) {
    if (checker.weight !== null) weight += deltaOf(checker.weight, configured);
  }
  return Math.min(Math.max(weight, 0), maxWeight);
}

function deltaOf(wish: WeightWish, configured: number): number {
  if (typeof wish === 'number') return wish - configured;
  if ('delta' in wish) return wish.delta;
  // As HAProxy does, a part that is not 0 does not drain: rounded up.
  return Math.ceil((configured * wish.percent) / 100) - configured;
}
