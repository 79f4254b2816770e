// The rules once more, written as plainly as they are said and without a look at how src/health does it.
import type { CheckerState } from '../../../src/health/checker-state.ts';
import type { Committed, VsState } from '../../../src/health/state.ts';
import type { WeightWish } from '../../../src/model/check.ts';
import type { HealthSettings } from '../../../src/model/health.ts';
import type { DesiredService } from '../../../src/model/ipvs.ts';
import type { RealServer, ServiceKey, SorryServer } from '../../../src/model/server.ts';

type Policy = HealthSettings['policy'];

/** Service → destination → weight. */
export type SlowTable = Record<string, Record<string, number>>;

export function slowHealth(checkers: readonly CheckerState[]): 'up' | 'down' | 'unknown' {
  const verdicts = checkers.map(({ verdict }) => verdict);
  if (verdicts.includes('down')) return 'down';
  return verdicts.includes('unknown') ? 'unknown' : 'up';
}

export function slowInService(checkers: readonly CheckerState[]): boolean {
  return checkers.every(({ verdict, assumed }) => verdict === 'up' || (verdict === 'unknown' && assumed === 'up'));
}

export function slowWeight(configured: number, checkers: readonly CheckerState[]): number {
  const asked = checkers.flatMap(({ weight }) => (weight === null ? [] : [slowWish(weight, configured)]));
  const sum = asked.reduce((total, weight) => total + weight, configured * (1 - asked.length));
  if (sum < 0) return 0;
  return Math.min(sum, 65_535);
}

/** The weight that one checker alone would give. */
function slowWish(wish: WeightWish, configured: number): number {
  if (typeof wish === 'number') return wish;
  if ('delta' in wish) return configured + wish.delta;
  return Math.ceil((configured * wish.percent) / 100);
}

/** Weight in service; `claimed` = those that have had a verdict. */
function slowAlive(view: Committed, claimed?: ReadonlySet<string>): number {
  let sum = 0;
  for (const [index, server] of view.plan.realServers.entries()) {
    const checkers = view.realServers[index]?.checkers ?? [];
    if (slowInService(checkers) && (!claimed || claimed.has(server.id))) sum += slowWeight(server.weight, checkers);
  }
  return sum;
}

/** The quorum that must follow `before` in this view. */
export function slowQuorum(
  policy: Policy,
  before: Committed['quorum'],
  view: Committed,
  claimed: ReadonlySet<string>,
): string {
  const { quorum, hysteresis } = view.plan;
  const alive = slowAlive(view);
  let perhaps = alive;
  if (policy === 'weights') {
    for (const [index, server] of view.plan.realServers.entries()) {
      const checkers = view.realServers[index]?.checkers ?? [];
      if (!slowInService(checkers) && !claimed.has(server.id)) perhaps += slowWeight(server.weight, checkers);
    }
  }
  const gains = (weight: number) => weight !== 0 && weight >= quorum + hysteresis;
  if (before !== 'up' && gains(alive)) return 'up';
  if (before === 'up' && perhaps !== 0 && perhaps >= quorum - hysteresis) return 'up';
  if (before === 'unknown' && gains(perhaps)) return 'unknown';
  return 'down';
}

/** The table for this view by what the checkers say. */
export function slowTable(
  policy: Policy,
  view: Committed,
  { claimed, stoodIn }: { readonly claimed: ReadonlySet<string>; readonly stoodIn: boolean },
): SlowTable {
  const table: SlowTable = {};
  const { plan } = view;
  const isSorry = plan.sorryServer !== null && view.quorum === 'down';
  for (const key of plan.services) {
    const wishes: [string, number][] = [];
    for (const [index, server] of plan.realServers.entries()) {
      const checkers = view.realServers[index]?.checkers ?? [];
      const weight = slowWeight(server.weight, checkers);
      const serves = slowInService(checkers) && !isSorry;
      if (policy === 'manage' && serves) wishes.push([name(server, key), weight]);
      if (policy === 'manage' && !serves && server.inhibitOnFailure) wishes.push([name(server, key), 0]);
      if (policy === 'weights' && claimed.has(server.id)) wishes.push([name(server, key), serves ? weight : 0]);
    }
    if (plan.sorryServer) {
      const endpoint = name(plan.sorryServer, key);
      const isAlsoReal = plan.realServers.some(server => name(server, key) === endpoint);
      const unchecked = view.plan.realServers
        .filter(({ checks }) => stoodIn && checks.length === 0)
        .map(({ id }) => id);
      const proven = slowAlive(view, new Set([...claimed, ...unchecked]));
      const isProven = proven > 0 && proven >= plan.quorum - plan.hysteresis;
      if (isSorry) wishes.push([endpoint, 1]);
      else if (policy === 'manage' && plan.sorryServer.inhibit) wishes.push([endpoint, 0]);
      else if (policy === 'weights' && view.quorum === 'up' && isProven && !isAlsoReal) wishes.push([endpoint, 0]);
    }
    const destinations: Record<string, number> = {};
    for (const [endpoint, weight] of wishes) destinations[endpoint] = Math.max(weight, destinations[endpoint] ?? 0);
    if (policy === 'manage' || wishes.length > 0) table[JSON.stringify(key)] = destinations;
  }
  return table;
}

/** A table in the same form, to compare. Services that are to be absent are left out. */
export function toSlowTable(policy: Policy, table: readonly DesiredService[]): SlowTable {
  const present = table.filter(
    ({ absent, destinations }) => !absent && (policy === 'manage' || destinations.length > 0),
  );
  return Object.fromEntries(
    present.map(({ service, destinations }) => [
      JSON.stringify(service.key),
      Object.fromEntries(destinations.map(({ address, port, weight }) => [`${address} ${port}`, weight])),
    ]),
  );
}

/** Who has had a verdict by now, and whether the sorry server stood in: looks at each view that was committed. */
export class Claims {
  ids = new Set<string>();
  stoodIn = false;

  see(view: Committed): void {
    const here = new Set<string>();
    for (const [index, server] of view.plan.realServers.entries()) {
      const committed = view.realServers[index];
      if (view.phase === 'new' || !committed) continue;
      const isJudged = committed.checkers.length > 0 && slowHealth(committed.checkers) !== 'unknown';
      if (this.ids.has(server.id) || isJudged) here.add(server.id);
    }
    this.ids = here;
    if (view.plan.sorryServer !== null && view.quorum === 'down') this.stoodIn = true;
  }

  /** After a restart only what was remembered with a verdict counts. */
  restart(state: VsState): void {
    const judged = state.committed.realServers.filter(
      ({ health, checkers }) => health === 'down' || (health === 'up' && checkers.length > 0),
    );
    this.ids = new Set(judged.map(({ id }) => id));
    this.stoodIn = state.committed.sorryClaimed;
  }
}

function name({ address, port, forwarding }: RealServer | SorryServer, key: ServiceKey): string {
  const servicePort = key.kind === 'fwmark' ? 0 : key.port;
  return `${address} ${forwarding.kind === 'DR' || port === 0 ? servicePort : port}`;
}
