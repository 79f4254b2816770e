import type { Checker, CheckPlan } from '../model/check.ts';
import { formatEndpoint } from '../model/endpoint.ts';
import type { RealServer, VirtualServer } from '../model/server.ts';
import { probeKeyOf, sharedTraits, textOfTrait } from './probe-key.ts';

/** A check with the real server that it is of. */
export interface PlannedCheck {
  readonly virtualServer: VirtualServer;
  readonly realServer: RealServer;
  readonly plan: CheckPlan;
}

/** What the checks of a configuration cost in probes, and why they are not fewer. */
export interface ProbePlan {
  readonly checks: number;
  readonly probes: number;
  /** Runs of checks a second while all pass, by their intervals; those on a calendar are left out. */
  readonly checksPerSecond: number;
  readonly probesPerSecond: number;
  /** Checks of one kind of one peer that are several probes. */
  readonly apart: readonly {
    readonly type: string;
    readonly peer: string;
    readonly checks: number;
    readonly probes: number;
    /** Keywords, or parts of what is asked, in which they differ. */
    readonly differ: readonly string[];
  }[];
  /** Kinds of checks that are never shared. */
  readonly solitary: readonly { readonly type: string; readonly checks: number; readonly because: string }[];
}

/** Works out how checks are merged to probes, as the agent does it. */
export function planProbes(checks: readonly PlannedCheck[], checkers: readonly Checker[]): ProbePlan {
  const byKeyword = new Map(checkers.map(checker => [checker.keyword, checker]));
  const probes = new Map(checks.map(({ plan }) => [probeKeyOf(plan, byKeyword.get(plan.type)), plan]));
  return {
    checks: checks.length,
    probes: probes.size,
    checksPerSecond: rateOf(checks.map(({ plan }) => plan)),
    probesPerSecond: rateOf([...probes.values()]),
    apart: findApart(checks, byKeyword),
    solitary: findSolitary(checks, byKeyword),
  };
}

function rateOf(plans: readonly CheckPlan[]): number {
  const rates = plans.map(({ schedule }) => (schedule.kind === 'interval' ? 1000 / schedule.every : 0));
  return rates.reduce((sum, rate) => sum + rate, 0);
}

function findApart(checks: readonly PlannedCheck[], checkers: ReadonlyMap<string, Checker>): ProbePlan['apart'] {
  const groups = new Map<string, { type: string; peer: string; plans: CheckPlan[] }>();
  for (const { realServer, plan } of checks) {
    const checker = checkers.get(plan.type);
    if (checker === undefined || checker.solitary !== undefined) continue;
    const { address, port } = checker.peer?.(plan.spec) ?? realServer;
    const peer = formatEndpoint(address, port);
    const key = `${plan.type} ${peer}`;
    const group = groups.get(key) ?? { type: plan.type, peer, plans: [] };
    groups.set(key, group);
    group.plans.push(plan);
  }
  return [...groups.values()].flatMap(({ type, peer, plans }) => {
    const probes = new Set(plans.map(plan => probeKeyOf(plan, checkers.get(type))));
    return probes.size === 1
      ? []
      : [{ type, peer, checks: plans.length, probes: probes.size, differ: findDifferences(plans) }];
  });
}

function findDifferences(plans: readonly CheckPlan[]): string[] {
  return Object.entries(sharedTraits).flatMap(([name, trait]) => {
    const values = plans.map(trait);
    if (!differ(values)) return [];
    return name === 'spec' ? findParts(values) : [name];
  });
}

/** Of what is asked the parts that differ, by the names that the checker gives them. */
function findParts(specs: readonly unknown[]): string[] {
  const parts = new Set(specs.flatMap(spec => Object.keys(spec ?? {})));
  return [...parts].filter(part => differ(specs.map(spec => (spec as Record<string, unknown> | null)?.[part])));
}

function differ(values: readonly unknown[]): boolean {
  return new Set(values.map(textOfTrait)).size > 1;
}

function findSolitary(checks: readonly PlannedCheck[], checkers: ReadonlyMap<string, Checker>): ProbePlan['solitary'] {
  const counts = new Map<Checker, number>();
  for (const { plan } of checks) {
    const checker = checkers.get(plan.type);
    if (checker?.solitary !== undefined) counts.set(checker, (counts.get(checker) ?? 0) + 1);
  }
  return [...counts].map(([{ keyword, solitary = '' }, count]) => ({
    type: keyword,
    checks: count,
    because: solitary,
  }));
}
